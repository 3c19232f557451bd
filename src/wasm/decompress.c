/*
 * In a browser nothing is unpacked here: the page does that (DecompressionStream) before it hands the bytes in.
 */
#include "intake/decompress.h"

enum decompress_format
decompress_format_of(struct span first_bytes)
{
	(void)first_bytes;
	return DECOMPRESS_NONE;
}

bool
decompress_start(struct decompressor *d, int fd, struct span already_read)
{
	(void)d;
	(void)fd;
	(void)already_read;
	return false;
}

const char *
decompress_finish(struct decompressor *d, uint64_t *at)
{
	(void)d;
	*at = 0;
	return "packed";
}
