/*
 * gzip, xz and zstd, unpacked as a stream by a thread of its own: what reads
 * goes on reading a file descriptor. Memory is bounded, whatever the file says.
 */
#ifndef INTAKE_DECOMPRESS_H
#define INTAKE_DECOMPRESS_H

#include <pthread.h>

#include "base/span.h"

enum decompress_format { DECOMPRESS_NONE, DECOMPRESS_GZIP, DECOMPRESS_XZ, DECOMPRESS_ZSTD };

enum { DECOMPRESS_MEMORY_MAX = 128 << 20 }; /* of a decoder's window */

struct decompressor {
	int out; /* read the unpacked bytes here; closed by decompress_finish() */
	/* the rest is its own */
	int in, to;
	enum decompress_format format;
	char *first; /* what had been read already */
	size_t first_len, first_used;
	uint64_t taken; /* bytes of the packed file */
	const char *fault;
	pthread_t thread;
};

enum decompress_format decompress_format_of(struct span first_bytes);

/* Begins with the bytes already read of `fd` and goes on reading it; `fd` stays the caller's. False: no memory. */
bool decompress_start(struct decompressor *d, int fd, struct span already_read);

/* Also where not all was read. NULL, or what is wrong with the file, and `*at` the byte of it near to that. */
const char *decompress_finish(struct decompressor *d, uint64_t *at);

#endif
