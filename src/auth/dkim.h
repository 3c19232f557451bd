/*
 * DKIM. RFC 6376, RFC 8301 (no SHA-1, no key under 1024 bit), RFC 8463
 * (Ed25519), RFC 8616 (UTF-8). A pure function of the message, the clock
 * handed in and the DNS answers.
 *
 * A message is its bytes as SMTP carries them: lines end in CRLF, dots are
 * not doubled.
 */
#ifndef AUTH_DKIM_H
#define AUTH_DKIM_H

#include "auth/crypto.h"
#include "base/out.h"
#include "dns/answers.h"
#include "record/dkim_signature.h"

enum dkim_result { /* RFC 8601 section 2.7.1 */
	DKIM_NONE,
	DKIM_PASS,
	DKIM_FAIL,
	DKIM_POLICY, /* signed, but not in a way that counts */
	DKIM_NEUTRAL, /* the signature is unsound */
	DKIM_TEMPERROR,
	DKIM_PERMERROR,
	DKIM_NEEDS_ANSWERS
};

enum {
	DKIM_SIGNATURES_MAX = 16, /* evaluated; more are counted only */
	DKIM_FIELDS_MAX = 8192, /* of the header: those further down are not signed */
	DKIM_KEY_RECORDS_MAX = 4, /* at one name, tried in turn */
	DKIM_RSA_BITS_LEAST = 1024
};

struct dkim_field {
	struct span name, whole;
	uint32_t hash; /* of the name in lower case */
	uint16_t above; /* the next field above of the same name: index + 1; 0: none */
};

struct dkim_body_hash {
	enum canonicalization way;
	uint64_t limit, size; /* size: of the canonical body, however long the limit */
	struct crypto_hash hash;
};

/* A message made ready for any number of signatures. */
struct dkim_message {
	struct arena *arena;
	struct crypto *crypto;
	struct span bytes, header, body;
	struct dkim_field *fields;
	size_t n_fields;
	uint16_t *lowest; /* by hash: the lowest field of a name, index + 1 */
	size_t n_lowest; /* a power of two, at least twice the fields */
	struct dkim_body_hash hashes[DKIM_SIGNATURES_MAX]; /* one for each way and length asked for */
	size_t n_hashes;
};

struct dkim_check { /* one signature */
	enum dkim_result result;
	enum problem problem;
	struct span problem_at;
	struct span field; /* the whole header field */
	struct dkim_signature signature;
	struct span key_name; /* mail._domainkey.example.jp */
	struct span key_text; /* the TXT record used; empty: none */
	bool key_secure; /* its answer was validated by DNSSEC */
	struct dkim_key key;
	unsigned key_bits; /* 0: not known */
	bool body_hash_matches, header_matches; /* as far as they were looked at */
	bool weak; /* it verifies, but with a key under 1024 bit or an old hash */
	uint64_t body_size; /* canonical; more than signature.length: a part is not signed */
};

struct dkim_evaluation {
	enum dkim_result result; /* the best of all */
	struct dkim_check checks[DKIM_SIGNATURES_MAX];
	size_t n;
	size_t n_found; /* signatures in the message; more than n: the rest was left alone */
};

void dkim_message_init(struct dkim_message *m, struct arena *arena, struct crypto *crypto, struct span bytes);

/* All signatures; DKIM_NEEDS_ANSWERS: put in what is wanted and ask again. `now`: seconds since 1970. */
void dkim_verify(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct dkim_evaluation *e);

/* One signature of any kind: `field` is whole, check->signature is parsed. Used by ARC, too. */
void dkim_check_signature(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct dkim_check *check);

/* The key at s._domainkey.d for check->signature, and whether `data` carries its signature. */
void dkim_check_data(
    struct dkim_message *m, const struct crypto_hash *data, struct dns_answers *answers, struct dkim_check *check);

/* The hash of the body, computed once for each way and length. */
const struct dkim_body_hash *dkim_hash_body(struct dkim_message *m, enum canonicalization way, uint64_t limit);

/* What may have been otherwise when the message was signed. */
struct dkim_change {
	struct span field; /* one of the message's, whole */
	struct span before; /* what stood in its place, whole; empty: nothing */
};

/* Appends the signed header fields as they are hashed, the signature's own field last. RFC 6376 section 3.7 */
void dkim_put_headers(const struct dkim_message *m, const struct dkim_signature *s, struct span field,
    const struct dkim_change *changes, size_t n_changes, struct out *out);

/* Of all the data in one go. */
struct crypto_hash dkim_hash(struct dkim_message *m, struct span data);

/* "pass". RFC 8601 section 2.7.1 */
const char *dkim_result_name(enum dkim_result result);

#endif
