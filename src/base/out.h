/*
 * Growing output: bytes are appended, the owner takes them as one span.
 * Aborts with a message when there is no memory.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/span.h"

struct out {
	char *at;	/* zeroed: empty output */
	size_t len, size;
};

void out_span(struct out *out, struct span s);
void out_str(struct out *out, const char *s);
void out_char(struct out *out, char c);
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

/* Room for `len` more bytes, at the end; the caller adds to out->len itself. */
char *out_room(struct out *out, size_t len);
void out_deinit(struct out *out);

#endif
