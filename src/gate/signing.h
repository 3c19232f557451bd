/*
 * The key table: which keys sign for which author's domain. A domain without
 * a row of its own is signed by the nearest one above it that has one.
 *
 *	# domain      selector  private key, PEM
 *	example.jp    mail      /etc/todoku/keys/example.jp.pem
 *	example.jp    ed        /etc/todoku/keys/example.jp.ed25519.pem
 */
#ifndef GATE_SIGNING_H
#define GATE_SIGNING_H

#include "auth/crypto.h"

enum { SIGNING_KEYS_MAX = 65536, SIGNING_KEYS_A_DOMAIN_MAX = 8 };

struct signing_key {
	struct span domain, selector; /* as the DNS has them */
	struct crypto_private *key;
	unsigned line; /* of the table: keys of a domain sign in this order */
};

struct signing_table {
	struct signing_key *keys; /* by domain */
	size_t n;
};

/* Fetches a key's PEM; false: it cannot be read. */
typedef bool signing_fetch(void *context, struct arena *arena, struct span path, struct span *pem);

struct signing_fault {
	unsigned line; /* from 1 */
	const char *what;
	struct span at; /* the word it is said of; may be empty */
};

/* Names are in the arena or the text. False: `fault` says why, and nothing is left to free. */
bool signing_table_read(struct arena *arena, struct span text, signing_fetch *fetch, void *context,
    struct signing_table *table, struct signing_fault *fault);

/* The keys only. */
void signing_table_free(struct signing_table *table);

/* The keys for an author's domain, as written in From:; returns how many, the first of them in `keys`. */
size_t signing_find(
    struct arena *arena, const struct signing_table *table, struct span domain, const struct signing_key **keys);

#endif
