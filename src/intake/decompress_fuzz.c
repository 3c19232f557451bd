/* Packed bytes of any kind: it ends, in bounded memory, and a fault is said with its place. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/decompress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { READ_MAX = 4 << 20, PIECE = 64 * 1024 };

/* The first byte says how much of the rest has been read already. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char piece[PIECE];
	const size_t already = size > 0 ? data[0] * (size - 1) / 255 : 0;
	const struct span packed = { (const char *)data + 1, size > 0 ? size - 1 : 0 };
	const int fd = size > 0 ? memfd_create("packed", MFD_CLOEXEC) : -1;
	struct decompressor d;
	uint64_t at = 0;
	size_t total = 0;
	ssize_t n;

	if (fd < 0 || decompress_format_of(packed) == DECOMPRESS_NONE ||
	    write(fd, packed.at + already, packed.len - already) < 0 || lseek(fd, 0, SEEK_SET) != 0) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	if (!decompress_start(&d, fd, span_first(packed, already)))
		abort();
	while (total < READ_MAX && (n = read(d.out, piece, sizeof(piece))) > 0)
		total += (size_t)n;
	if (decompress_finish(&d, &at) != NULL && at > packed.len)
		abort();
	close(fd);
	return 0;
}
