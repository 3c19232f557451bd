/*
 * Signing a message. RFC 6376 section 5
 */
#ifndef AUTH_DKIM_SIGN_H
#define AUTH_DKIM_SIGN_H

#include "auth/dkim.h"

struct dkim_signing {
	struct crypto_private *key;
	struct span domain, selector;
	struct span identity; /* i=; empty: left out */
	struct span headers; /* h=, colons between; empty: what the message has of those worth signing, and once more
	                        those that must not be added */
	enum canonicalization header, body;
	uint64_t now; /* t= */
	uint64_t seconds; /* until x=; 0: it never expires */
	bool copy; /* z= */
};

/* The header field to stand before the message, its line end included. */
struct span dkim_sign(struct dkim_message *m, const struct dkim_signing *signing);

/* An h=, as it is made where none is given. */
struct span dkim_usual_headers(const struct dkim_message *m);

/* The text of the key's TXT record. RFC 6376 section 3.6.1 */
struct span dkim_key_record(struct arena *arena, struct crypto_private *key);

#endif
