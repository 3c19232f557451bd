/*
 * A DKIM key record. RFC 6376 section 3.6.1, RFC 8463
 *
 *	v=DKIM1; k=rsa; t=s; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A…
 *
 * Everything but `key` is borrowed from the text.
 */
#ifndef RECORD_DKIM_KEY_H
#define RECORD_DKIM_KEY_H

#include "grammar/tag_list.h"

enum dkim_key_kind { DKIM_KEY_RSA, DKIM_KEY_ED25519, DKIM_KEY_UNKNOWN };

struct dkim_key {
	enum dkim_key_kind kind; /* k= */
	struct span kind_name;
	struct span key; /* p=, decoded: DER for RSA, 32 bytes for Ed25519; empty: revoked */
	struct span hashes; /* h=; empty: any */
	bool testing; /* t=y */
	bool strict; /* t=s: i= is of d= itself */
	bool for_mail; /* s= says "*" or "email" */
	enum problem problem; /* PROBLEM_NONE: sound */
	struct span problem_at;
};

/* False: unsound. The decoded key lives in the arena. */
bool dkim_key_parse(struct arena *arena, struct span text, struct dkim_key *key);

/* Whether the text means to be a key at all: a record beside it (SPF, a verification) does not. */
bool dkim_key_is(struct span text);

/* Whether h= allows sha256 (or sha1). */
bool dkim_key_allows(const struct dkim_key *key, const char *hash);

#endif
