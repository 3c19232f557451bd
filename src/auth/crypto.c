#include "auth/crypto.h"

#include "base/memory.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

enum { ED25519_SIZE = 32, EXPONENT_SIZE_MAX = 8, SIGNATURE_SIZE_MAX = CRYPTO_RSA_BITS_MAX / 8 };

struct crypto_key {
	enum dkim_key_kind kind;
	unsigned bits;
	struct span bytes; /* what it was read from; ours */
	EVP_PKEY *key;
	EVP_PKEY_CTX *verify; /* RSA: made ready once */
};

struct crypto {
	EVP_MD *sha256;
	EVP_MD_CTX *hash, *peek, *verify;
	struct crypto_key keys[CRYPTO_KEYS_MAX];
	unsigned next; /* the slot to be overwritten */
};

struct crypto_private {
	EVP_PKEY *key;
};

/* OpenSSL fails here only for want of memory, or when it is broken. */
static void
must(bool ok)
{
	if (!ok)
		memory_fail(0);
}

struct crypto *
crypto_create(void)
{
	struct crypto *c = calloc(1, sizeof(*c));

	must(c != NULL);
	c->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	c->hash = EVP_MD_CTX_new();
	c->peek = EVP_MD_CTX_new();
	c->verify = EVP_MD_CTX_new();
	must(c->sha256 && c->hash && c->peek && c->verify);
	return c;
}

static void
forget(struct crypto_key *key)
{
	EVP_PKEY_CTX_free(key->verify);
	EVP_PKEY_free(key->key);
	free((char *)key->bytes.at);
	*key = (struct crypto_key){ .key = NULL };
}

void
crypto_free(struct crypto *c)
{
	for (size_t i = 0; i < CRYPTO_KEYS_MAX; i++)
		forget(&c->keys[i]);
	EVP_MD_CTX_free(c->hash);
	EVP_MD_CTX_free(c->peek);
	EVP_MD_CTX_free(c->verify);
	EVP_MD_free(c->sha256);
	free(c);
}

void
crypto_hash_begin(struct crypto *c)
{
	must(EVP_DigestInit_ex2(c->hash, c->sha256, NULL) == 1);
}

void
crypto_hash_add(struct crypto *c, struct span bytes)
{
	must(EVP_DigestUpdate(c->hash, bytes.at, bytes.len) == 1);
}

struct crypto_hash
crypto_hash_end(struct crypto *c)
{
	struct crypto_hash hash;

	must(EVP_DigestFinal_ex(c->hash, hash.bytes, NULL) == 1);
	return hash;
}

struct crypto_hash
crypto_hash_peek(struct crypto *c, struct span more)
{
	struct crypto_hash hash;

	must(EVP_MD_CTX_copy_ex(c->peek, c->hash) == 1);
	must(EVP_DigestUpdate(c->peek, more.at, more.len) == 1);
	must(EVP_DigestFinal_ex(c->peek, hash.bytes, NULL) == 1);
	return hash;
}

/*
 * One value of DER, definite lengths alone. X.690 section 8.1
 *
 *	30 82 01 22 … : tag, length in one byte or behind 0x81 or 0x82, contents
 */
static bool
take_der(struct span *s, uint8_t tag, struct span *contents)
{
	size_t len, head = 2;

	if (s->len < 2 || (uint8_t)s->at[0] != tag)
		return false;
	len = (uint8_t)s->at[1];
	if (len >= 0x80) {
		size_t n = len & 0x7f;

		if (n == 0 || n > 3 || s->len < 2 + n)
			return false;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | (uint8_t)s->at[2 + i];
		head += n;
	}
	if (s->len - head < len)
		return false;
	*contents = (struct span){ s->at + head, len };
	*s = span_skip(*s, head + len);
	return true;
}

/* A positive INTEGER without its leading zeros. */
static bool
take_positive(struct span *s, struct span *number)
{
	if (!take_der(s, 0x02, number) || number->len == 0 || (uint8_t)number->at[0] >= 0x80)
		return false;
	while (number->len > 0 && number->at[0] == '\0')
		*number = span_skip(*number, 1);
	return number->len > 0;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }. RFC 8017 appendix A.1.1 */
static bool
take_rsa(struct span s, struct span *n, struct span *e)
{
	struct span numbers;

	return take_der(&s, 0x30, &numbers) && take_positive(&numbers, n) && take_positive(&numbers, e);
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OID, … }, BIT STRING }. RFC 5280 section 4.1 */
static bool
take_info(struct span s, struct span *oid, struct span *key)
{
	struct span info, algorithm;

	if (!take_der(&s, 0x30, &info) || !take_der(&info, 0x30, &algorithm) || !take_der(&algorithm, 0x06, oid) ||
	    !take_der(&info, 0x03, key) || key->len < 2 || key->at[0] != '\0')
		return false;
	*key = span_skip(*key, 1);
	return true;
}

static const struct span rsa_oid = SPAN_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"); /* 1.2.840.113549.1.1.1 */
static const struct span ed25519_oid = SPAN_INIT("\x2b\x65\x70"); /* 1.3.101.112 */

static BIGNUM *
number_of(struct span s)
{
	BIGNUM *n = BN_bin2bn((const unsigned char *)s.at, (int)s.len, NULL);

	must(n != NULL);
	return n;
}

static EVP_PKEY *
build_rsa(struct span modulus, struct span exponent)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *n = number_of(modulus), *e = number_of(exponent);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	must(builder && context);
	must(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1);
	must(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1);
	params = OSSL_PARAM_BLD_to_param(builder);
	must(params != NULL);
	if (EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	BN_free(n);
	BN_free(e);
	return key;
}

/* A length that DER tells, but that is not all there. */
static bool
is_cut(struct span s)
{
	size_t n;

	if (s.len < 4 || s.at[0] != 0x30 || ((uint8_t)s.at[1] != 0x82 && (uint8_t)s.at[1] != 0x81))
		return false;
	n = (uint8_t)s.at[1] == 0x82 ? (size_t)((uint8_t)s.at[2] << 8 | (uint8_t)s.at[3]) + 4
				     : (size_t)(uint8_t)s.at[2] + 3;
	return n > s.len;
}

static enum problem
read_rsa(struct span bytes, struct crypto_key *key)
{
	struct span oid, inner = bytes, n, e;

	if (bytes.len == ED25519_SIZE)
		return PROBLEM_KEY_ED25519_AS_RSA;
	if (is_cut(bytes))
		return PROBLEM_KEY_CUT;
	if (take_info(bytes, &oid, &inner) && !span_equal(oid, rsa_oid))
		return PROBLEM_KEY_NOT_AS_SAID;
	if (!take_rsa(inner, &n, &e))
		return PROBLEM_KEY_DAMAGED;
	if (n.len > CRYPTO_RSA_BITS_MAX / 8 || e.len > EXPONENT_SIZE_MAX || (n.at[n.len - 1] & 1) == 0 ||
	    (e.at[e.len - 1] & 1) == 0 || n.len < 32)
		return PROBLEM_KEY_NUMBERS;
	key->key = build_rsa(n, e);
	if (key->key == NULL)
		return PROBLEM_KEY_NUMBERS;
	key->bits = (unsigned)EVP_PKEY_get_bits(key->key);
	return PROBLEM_NONE;
}

/* RSASSA-PKCS1-v1_5 with SHA-256; once ready, a context verifies any number of signatures. */
static EVP_PKEY_CTX *
make_ready(const struct crypto *c, EVP_PKEY *key, int (*begin)(EVP_PKEY_CTX *context))
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	must(context != NULL && begin(context) == 1);
	must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
	must(EVP_PKEY_CTX_set_signature_md(context, c->sha256) == 1);
	return context;
}

static enum problem
read_ed25519(struct span bytes, struct crypto_key *key)
{
	struct span oid, inner;

	if (take_info(bytes, &oid, &inner) && span_equal(oid, ed25519_oid))
		bytes = inner;
	if (bytes.len != ED25519_SIZE)
		return bytes.len > 64 ? PROBLEM_KEY_RSA_AS_ED25519 : PROBLEM_KEY_SIZE;
	key->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)bytes.at, bytes.len);
	key->bits = 256;
	return key->key ? PROBLEM_NONE : PROBLEM_KEY_DAMAGED;
}

static const struct crypto_key *
find(const struct crypto *c, enum dkim_key_kind kind, struct span bytes)
{
	for (size_t i = 0; i < CRYPTO_KEYS_MAX; i++)
		if (c->keys[i].key != NULL && c->keys[i].kind == kind && span_equal(c->keys[i].bytes, bytes))
			return &c->keys[i];
	return NULL;
}

/* A copy on the heap, for forget() to free. */
static struct span
own(struct span bytes)
{
	char *copy = malloc(bytes.len + 1);

	must(copy != NULL);
	memcpy(copy, bytes.at, bytes.len);
	return (struct span){ copy, bytes.len };
}

const struct crypto_key *
crypto_read_key(struct crypto *c, enum dkim_key_kind kind, struct span bytes, enum problem *problem)
{
	struct crypto_key key = { .kind = kind };
	const struct crypto_key *known = find(c, kind, bytes);

	*problem = PROBLEM_NONE;
	if (known != NULL)
		return known;
	*problem = kind == DKIM_KEY_RSA ? read_rsa(bytes, &key)
	    : kind == DKIM_KEY_ED25519  ? read_ed25519(bytes, &key)
					: PROBLEM_KEY_KIND;
	if (*problem != PROBLEM_NONE) {
		forget(&key);
		return NULL;
	}
	if (kind == DKIM_KEY_RSA)
		key.verify = make_ready(c, key.key, EVP_PKEY_verify_init);
	key.bytes = own(bytes);
	forget(&c->keys[c->next]);
	c->keys[c->next] = key;
	known = &c->keys[c->next];
	c->next = (c->next + 1) % CRYPTO_KEYS_MAX;
	return known;
}

unsigned
crypto_key_bits(const struct crypto_key *key)
{
	return key->bits;
}

bool
crypto_verify(struct crypto *c, const struct crypto_key *key, const struct crypto_hash *hash, struct span signature)
{
	const unsigned char *sig = (const unsigned char *)signature.at;

	if (key->kind == DKIM_KEY_RSA)
		return EVP_PKEY_verify(key->verify, sig, signature.len, hash->bytes, CRYPTO_HASH_SIZE) == 1;
	return EVP_MD_CTX_reset(c->verify) == 1 &&
	    EVP_DigestVerifyInit_ex(c->verify, NULL, NULL, NULL, NULL, key->key, NULL) == 1 &&
	    EVP_DigestVerify(c->verify, sig, signature.len, hash->bytes, CRYPTO_HASH_SIZE) == 1;
}

bool
crypto_recover(struct crypto *c, const struct crypto_key *key, struct span signature, struct crypto_hash *hash)
{
	unsigned char out[SIGNATURE_SIZE_MAX];
	size_t len = sizeof(out);
	EVP_PKEY_CTX *context;
	bool good;

	if (key->kind != DKIM_KEY_RSA)
		return false;
	context = make_ready(c, key->key, EVP_PKEY_verify_recover_init);
	good = EVP_PKEY_verify_recover(context, out, &len, (const unsigned char *)signature.at, signature.len) == 1 &&
	    len == CRYPTO_HASH_SIZE;
	EVP_PKEY_CTX_free(context);
	if (good)
		memcpy(hash->bytes, out, CRYPTO_HASH_SIZE);
	return good;
}

static struct crypto_private *
private_of(EVP_PKEY *key)
{
	struct crypto_private *p;

	if (key == NULL)
		return NULL;
	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA && EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
		EVP_PKEY_free(key);
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	must(p != NULL);
	p->key = key;
	return p;
}

/* Nobody is asked for a password. */
static int
no_password(char *to, int size, int for_writing, void *context)
{
	(void)to;
	(void)size;
	(void)for_writing;
	(void)context;
	return -1;
}

struct crypto_private *
crypto_read_private(struct span pem)
{
	BIO *bio = pem.len < INT32_MAX ? BIO_new_mem_buf(pem.at, (int)pem.len) : NULL;
	EVP_PKEY *key;

	if (bio == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	return private_of(key);
}

struct crypto_private *
crypto_make_private(enum dkim_key_kind kind, unsigned bits)
{
	return private_of(kind == DKIM_KEY_RSA ? EVP_RSA_gen(bits) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

void
crypto_free_private(struct crypto_private *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	free(key);
}

enum dkim_key_kind
crypto_private_kind(const struct crypto_private *key)
{
	return EVP_PKEY_get_base_id(key->key) == EVP_PKEY_RSA ? DKIM_KEY_RSA : DKIM_KEY_ED25519;
}

struct span
crypto_sign(struct arena *arena, struct crypto_private *key, const struct crypto_hash *hash)
{
	unsigned char *to = arena_take(arena, SIGNATURE_SIZE_MAX);
	size_t len = SIGNATURE_SIZE_MAX;

	if (crypto_private_kind(key) == DKIM_KEY_RSA) {
		EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);

		must(context != NULL && EVP_PKEY_sign_init(context) == 1);
		must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
		must(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1);
		must(EVP_PKEY_sign(context, to, &len, hash->bytes, CRYPTO_HASH_SIZE) == 1);
		EVP_PKEY_CTX_free(context);
	} else {
		EVP_MD_CTX *context = EVP_MD_CTX_new();

		must(context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) == 1);
		must(EVP_DigestSign(context, to, &len, hash->bytes, CRYPTO_HASH_SIZE) == 1);
		EVP_MD_CTX_free(context);
	}
	return (struct span){ (const char *)to, len };
}

struct span
crypto_write_private(struct arena *arena, struct crypto_private *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct span pem;
	char *at;

	must(bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key->key, NULL, NULL, 0, NULL, NULL) == 1);
	pem.len = (size_t)BIO_get_mem_data(bio, &at);
	pem.at = at;
	pem = arena_copy(arena, pem);
	BIO_free(bio);
	return pem;
}

static struct span
public_bytes(struct arena *arena, EVP_PKEY *key)
{
	unsigned char *der = NULL, *raw = arena_take(arena, ED25519_SIZE);
	size_t len = ED25519_SIZE;
	int n;
	struct span copy;

	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
		must(EVP_PKEY_get_raw_public_key(key, raw, &len) == 1);
		return (struct span){ (const char *)raw, len };
	}
	n = i2d_PUBKEY(key, &der);
	must(n > 0);
	copy = arena_copy(arena, (struct span){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	return copy;
}

struct span
crypto_public_bytes(struct arena *arena, struct crypto_private *key)
{
	return public_bytes(arena, key->key);
}

struct span
crypto_read_public(struct arena *arena, struct span pem)
{
	BIO *bio = pem.len < INT32_MAX ? BIO_new_mem_buf(pem.at, (int)pem.len) : NULL;
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL) : NULL;
	struct span bytes = { "", 0 };

	BIO_free(bio);
	if (key != NULL)
		bytes = public_bytes(arena, key);
	EVP_PKEY_free(key);
	return bytes;
}

struct span
crypto_base64(struct arena *arena, struct span bytes)
{
	unsigned char *to = arena_take(arena, bytes.len / 3 * 4 + 8);
	const int n = EVP_EncodeBlock(to, (const unsigned char *)bytes.at, (int)bytes.len);

	return (struct span){ (const char *)to, (size_t)n };
}
