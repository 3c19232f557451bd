/*
 * Growing output: bytes are appended, the owner takes them as one span.
 * No memory: see base/memory.h.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/span.h"

struct out {
	char *at; /* zeroed: empty output */
	size_t len, size;
};

void out_number(struct out *out, uint64_t n);

static inline struct span
out_view(const struct out *out)
{
	return (struct span){ out->len ? out->at : "", out->len };
}

static inline void
out_clear(struct out *out)
{
	out->len = 0;
}

/* Makes room for `len` more bytes. */
void out_grow(struct out *out, size_t len);

/* Room for `len` more bytes, at the end; the caller adds to out->len itself. */
static inline char *
out_room(struct out *out, size_t len)
{
	if (out->size - out->len < len)
		out_grow(out, len);
	return out->at + out->len;
}

static inline void
out_span(struct out *out, struct span s)
{
	if (s.len == 0)
		return;
	memcpy(out_room(out, s.len), s.at, s.len);
	out->len += s.len;
}

static inline void
out_str(struct out *out, const char *s)
{
	out_span(out, (struct span){ s, strlen(s) });
}

static inline void
out_char(struct out *out, char c)
{
	*out_room(out, 1) = c;
	out->len++;
}

void out_deinit(struct out *out);

#endif
