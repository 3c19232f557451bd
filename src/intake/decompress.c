#include "intake/decompress.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PIECE = 256 * 1024, GZIP_WINDOW = 15 + 16, ZSTD_WINDOW_LOG_MAX = 27 };

static const char damaged[] = "damaged: it does not unpack from here on";
static const char cut[] = "cut short: the end of the packed data is missing";

/* Buffers of one run. */
struct run {
	struct decompressor *d;
	uint8_t in[PIECE], out[PIECE];
	size_t n_in;
	bool ended, refused; /* refused: nobody reads any more */
};

enum decompress_format
decompress_format_of(struct span s)
{
	if (s.len >= 3 && memcmp(s.at, "\x1f\x8b\x08", 3) == 0)
		return DECOMPRESS_GZIP;
	if (s.len >= 6 &&
	    memcmp(s.at,
		"\xfd"
		"7zXZ\0",
		6) == 0)
		return DECOMPRESS_XZ;
	if (s.len >= 4 && memcmp(s.at, "\x28\xb5\x2f\xfd", 4) == 0)
		return DECOMPRESS_ZSTD;
	if (s.len >= 4 && (s.at[0] & 0xf0) == 0x50 && memcmp(s.at + 1, "\x2a\x4d\x18", 3) == 0)
		return DECOMPRESS_ZSTD; /* a skippable frame in front. RFC 8878 section 3.1.2 */
	return DECOMPRESS_NONE;
}

/* The next packed bytes into `in`; false at their end. */
static bool
fill(struct run *r)
{
	struct decompressor *d = r->d;
	const size_t left = d->first_len - d->first_used;
	ssize_t n;

	if (r->ended)
		return false;
	if (left > 0) {
		r->n_in = left < PIECE ? left : PIECE;
		memcpy(r->in, d->first + d->first_used, r->n_in);
		d->first_used += r->n_in;
	} else {
		do
			n = read(d->in, r->in, PIECE);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			d->fault = strerror(errno);
		r->n_in = n > 0 ? (size_t)n : 0;
		r->ended = n <= 0;
	}
	d->taken += r->n_in;
	return r->n_in > 0;
}

static void
put(struct run *r, size_t n)
{
	for (size_t done = 0; done < n && !r->refused;) {
		ssize_t sent = send(r->d->to, r->out + done, n - done, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			r->refused = true;
		else if (sent > 0)
			done += (size_t)sent;
	}
}

/* Zeros that pad the last member to a block's end, as tapes do. */
static void
skip_padding(z_stream *z)
{
	while (z->avail_in > 0 && *z->next_in == 0) {
		z->next_in++;
		z->avail_in--;
	}
}

/* One member behind the other, as `cat a.gz b.gz` makes them. RFC 1952 section 2.2 */
static void
unpack_gzip(struct run *r)
{
	z_stream z = { 0 };
	int status = inflateInit2(&z, GZIP_WINDOW);
	bool within = true; /* a member; false: between two */

	while (status == Z_OK && !r->refused && fill(r)) {
		z.next_in = r->in;
		z.avail_in = (uInt)r->n_in;
		if (!within)
			skip_padding(&z);
		while (status == Z_OK && z.avail_in > 0 && !r->refused) {
			z.next_out = r->out;
			z.avail_out = PIECE;
			status = inflate(&z, Z_NO_FLUSH);
			within = true;
			put(r, PIECE - z.avail_out);
			if (status == Z_STREAM_END) {
				within = false;
				status = inflateReset(&z);
				skip_padding(&z);
			} else if (status == Z_BUF_ERROR) {
				status = Z_OK;
			}
		}
	}
	if (status != Z_OK)
		r->d->fault = damaged;
	else if (within && !r->refused && r->d->fault == NULL)
		r->d->fault = cut;
	inflateEnd(&z);
}

static void
unpack_xz(struct run *r)
{
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_ret status = lzma_stream_decoder(&z, DECOMPRESS_MEMORY_MAX, LZMA_CONCATENATED);

	while (status == LZMA_OK && !r->refused) {
		const bool more = z.avail_in > 0 || fill(r);

		if (more && z.avail_in == 0) {
			z.next_in = r->in;
			z.avail_in = r->n_in;
		}
		z.next_out = r->out;
		z.avail_out = PIECE;
		status = lzma_code(&z, more ? LZMA_RUN : LZMA_FINISH);
		put(r, PIECE - z.avail_out);
		if (!more && status == LZMA_OK && z.avail_out == PIECE)
			status = LZMA_BUF_ERROR;
	}
	if (status == LZMA_BUF_ERROR)
		r->d->fault = cut;
	else if (status == LZMA_MEMLIMIT_ERROR)
		r->d->fault = "packed so that unpacking it takes more than 128 MB of memory";
	else if (status != LZMA_STREAM_END && status != LZMA_OK)
		r->d->fault = damaged;
	lzma_end(&z);
}

static void
unpack_zstd(struct run *r)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	size_t status = 1;

	if (z == NULL)
		abort();
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
	while (!ZSTD_isError(status) && !r->refused && fill(r)) {
		ZSTD_inBuffer in = { r->in, r->n_in, 0 };
		bool more = true;

		while (more && !ZSTD_isError(status) && !r->refused) {
			ZSTD_outBuffer out = { r->out, PIECE, 0 };

			status = ZSTD_decompressStream(z, &out, &in);
			put(r, out.pos);
			more = in.pos < in.size || out.pos == PIECE;
		}
	}
	if (ZSTD_isError(status))
		r->d->fault = damaged;
	else if (status != 0 && !r->refused && r->d->fault == NULL)
		r->d->fault = cut;
	ZSTD_freeDStream(z);
}

static void *
unpack(void *argument)
{
	struct decompressor *d = argument;
	struct run *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->d = d;
	switch (d->format) {
	case DECOMPRESS_GZIP: unpack_gzip(r); break;
	case DECOMPRESS_XZ: unpack_xz(r); break;
	case DECOMPRESS_ZSTD: unpack_zstd(r); break;
	case DECOMPRESS_NONE: break;
	}
	free(r);
	close(d->to);
	return NULL;
}

bool
decompress_start(struct decompressor *d, int fd, struct span already_read)
{
	int ends[2];

	*d = (struct decompressor){ .in = fd,
		.format = decompress_format_of(already_read),
		.first = malloc(already_read.len + 1),
		.first_len = already_read.len };
	if (d->first == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		free(d->first);
		return false;
	}
	memcpy(d->first, already_read.at, already_read.len);
	d->out = ends[0];
	d->to = ends[1];
	if (pthread_create(&d->thread, NULL, unpack, d) == 0)
		return true;
	close(d->out);
	close(d->to);
	free(d->first);
	return false;
}

const char *
decompress_finish(struct decompressor *d, uint64_t *at)
{
	close(d->out);
	pthread_join(d->thread, NULL);
	free(d->first);
	*at = d->taken;
	return d->fault;
}
