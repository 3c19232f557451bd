/*
 * What the signatures need of cryptography, on OpenSSL: digests fetched once,
 * public keys built from their numbers and kept. One a thread.
 *
 * No memory, or an OpenSSL that fails: see base/memory.h.
 */
#ifndef AUTH_CRYPTO_H
#define AUTH_CRYPTO_H

#include "base/arena.h"
#include "record/dkim_key.h"

enum {
	CRYPTO_KEYS_MAX = 64, /* kept; the oldest goes */
	CRYPTO_RSA_BITS_MAX = 8192,
	CRYPTO_HASH_SIZE = 32
};

struct crypto;

struct crypto *crypto_create(void);
void crypto_free(struct crypto *c);

struct crypto_hash {
	uint8_t bytes[CRYPTO_HASH_SIZE]; /* SHA-256. FIPS 180-4 */
};

/* One hash at a time: begin, add, end. */
void crypto_hash_begin(struct crypto *c);
void crypto_hash_add(struct crypto *c, struct span bytes);
struct crypto_hash crypto_hash_end(struct crypto *c);

/* The hash of what was added so far, and of `more` behind it; adding goes on without it. */
struct crypto_hash crypto_hash_peek(struct crypto *c, struct span more);

struct crypto_key;

/*
 * A public key from a key record's p=: SubjectPublicKeyInfo or RSAPublicKey
 * in DER (RFC 6376 section 3.6.1, RFC 8017 appendix A.1.1), or the 32 bytes
 * of an Ed25519 key (RFC 8463 section 4.2). It lives until the next call.
 * NULL: it is none; `problem` says why.
 */
const struct crypto_key *crypto_read_key(
    struct crypto *c, enum dkim_key_kind kind, struct span bytes, enum problem *problem);

unsigned crypto_key_bits(const struct crypto_key *key);

/* RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), or PureEdDSA of the hash (RFC 8463 section 3). */
bool crypto_verify(
    struct crypto *c, const struct crypto_key *key, const struct crypto_hash *hash, struct span signature);

/* What an RSA signature was made of. False: this key did not make it. */
bool crypto_recover(struct crypto *c, const struct crypto_key *key, struct span signature, struct crypto_hash *hash);

struct crypto_private;

/* A private key in PEM; NULL: it is none that can sign. Freed by the caller. */
struct crypto_private *crypto_read_private(struct span pem);
struct crypto_private *crypto_make_private(enum dkim_key_kind kind, unsigned bits);
void crypto_free_private(struct crypto_private *key);

enum dkim_key_kind crypto_private_kind(const struct crypto_private *key);

struct span crypto_sign(struct arena *arena, struct crypto_private *key, const struct crypto_hash *hash);

/* As PEM (PKCS #8), and the bytes for a record's p=. */
struct span crypto_write_private(struct arena *arena, struct crypto_private *key);
struct span crypto_public_bytes(struct arena *arena, struct crypto_private *key);

/* The same from a public key in PEM; an empty span: it is none. */
struct span crypto_read_public(struct arena *arena, struct span pem);

struct span crypto_base64(struct arena *arena, struct span bytes);

#endif
