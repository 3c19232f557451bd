/*
 * Canonicalization. RFC 6376 section 3.4
 *
 * The body is a stream: every way of cutting it into pieces gives the same
 * canonical bytes. They come out as runs, most of them borrowed from the
 * piece that was put in.
 */
#ifndef AUTH_CANONICAL_H
#define AUTH_CANONICAL_H

#include "base/out.h"
#include "record/dkim_signature.h"

struct canonical_body {
	enum canonicalization way;
	void (*put)(void *context, struct span bytes); /* gets the canonical bytes */
	void *context;
	uint64_t limit; /* l=: so many bytes are handed on; UINT64_MAX: all */
	uint64_t size; /* of the canonical body so far, handed on or not */
	uint64_t line_ends; /* read, not handed on yet: they may be the last */
	bool blank; /* relaxed: WSP read, not handed on yet */
	bool cr; /* the last byte was CR, and may begin a line end */
};

void canonical_body_init(struct canonical_body *c, enum canonicalization way, uint64_t limit,
    void (*put)(void *context, struct span bytes), void *context);
void canonical_body_add(struct canonical_body *c, struct span piece);
void canonical_body_end(struct canonical_body *c);

/* Appends one header field as it is hashed, its line end included; what lies in
   `hole` is left out first (empty: nothing). */
void canonical_header(struct out *out, enum canonicalization way, struct span field, struct span hole);

#endif
