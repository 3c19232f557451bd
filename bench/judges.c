/*
 * The judges on one core, and the floor of OpenSSL alone: judges FOLDER [FIGURE], which
 * holds 5k.eml, 100k.eml, 90.eml (ninety signatures) and zone. Prints "NAME
 * RATE" lines, a second's worth each; bench/run.py holds them against the
 * peers'.
 */
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "auth/authentication.h"
#include "bench/rate.h"
#include "dns/zone.h"

struct bench {
	struct arena scratch, keep;
	struct crypto *crypto;
	struct public_suffixes *suffixes;
	struct zone zone;
	struct dns_answers answers;
	struct span message;
	struct spf_query spf;
	enum spf_result wanted;
	struct dkim_evaluation *dkim;
};

static bool
verify(void *context)
{
	struct bench *b = context;
	struct dkim_message m;

	arena_reset(&b->scratch);
	dkim_message_init(&m, &b->scratch, b->crypto, b->message);
	dkim_verify(&m, 1764000000, &b->answers, b->dkim);
	return b->dkim->result == DKIM_PASS;
}

static bool
evaluate_spf(void *context)
{
	struct bench *b = context;
	struct spf_evaluation e;

	arena_reset(&b->scratch);
	spf_evaluate(&b->scratch, &b->spf, &b->answers, &e);
	return e.result == b->wanted;
}

static bool
evaluate_dmarc(void *context)
{
	static const struct dmarc_identifier ids[] = { { DMARC_BY_SPF, DMARC_AUTHENTICATED,
							   SPAN_INIT("mail.example.com") },
		{ DMARC_BY_DKIM, DMARC_AUTHENTICATED, SPAN_INIT("example.com") } };
	struct bench *b = context;
	struct authors authors = { .all = { { .domain = SPAN_INIT("news.example.com") } }, .n = 1, .n_fields = 1 };
	const struct dmarc_query q = { &authors, ids, 2, b->suffixes };
	struct dmarc_evaluation *e = arena_take(&b->keep, 0);

	arena_reset(&b->scratch);
	e = arena_take(&b->scratch, sizeof(*e));
	dmarc_evaluate(&b->scratch, &q, &b->answers, e);
	return e->view.result == DMARC_PASS;
}

/* Everything that will be asked, answered beforehand. */
static void
settle(struct bench *b, bool (*once)(void *context))
{
	for (int i = 0; i < 64; i++) {
		if (once(b) && b->answers.n_wanted == 0)
			return;
		zone_answer(&b->zone, &b->answers);
	}
}

struct floor {
	struct span message;
	EVP_MD *sha256;
	EVP_MD_CTX *hash;
	EVP_PKEY *key;
	EVP_PKEY_CTX *verify;
	unsigned char signature[512];
	size_t signature_len;
};

/* SHA-256 of the bytes, and one RSA verification with a parsed key. */
static bool
floor_once(void *context)
{
	static const unsigned char digest[32] = { 1 };
	struct floor *f = context;
	unsigned char out[32];

	return EVP_DigestInit_ex2(f->hash, f->sha256, NULL) == 1 &&
	    EVP_DigestUpdate(f->hash, f->message.at, f->message.len) == 1 &&
	    EVP_DigestFinal_ex(f->hash, out, NULL) == 1 &&
	    EVP_PKEY_verify(f->verify, f->signature, f->signature_len, digest, 32) == 1;
}

static void
open_floor(struct floor *f)
{
	static const unsigned char digest[32] = { 1 };
	EVP_PKEY_CTX *sign;

	f->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	f->hash = EVP_MD_CTX_new();
	f->key = EVP_RSA_gen(2048);
	sign = EVP_PKEY_CTX_new(f->key, NULL);
	f->verify = EVP_PKEY_CTX_new(f->key, NULL);
	f->signature_len = sizeof(f->signature);
	if (EVP_PKEY_sign_init(sign) != 1 || EVP_PKEY_CTX_set_rsa_padding(sign, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(sign, EVP_sha256()) != 1 ||
	    EVP_PKEY_sign(sign, f->signature, &f->signature_len, digest, 32) != 1 ||
	    EVP_PKEY_verify_init(f->verify) != 1 || EVP_PKEY_CTX_set_rsa_padding(f->verify, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(f->verify, EVP_sha256()) != 1)
		exit(1);
	EVP_PKEY_CTX_free(sign);
}

static void
measure_dkim(struct bench *b, const char *folder)
{
	static const char *const names[] = { "5k", "100k", "90" };
	struct floor floor = { .signature_len = 0 };
	char file[32], figure[32];

	open_floor(&floor);
	for (size_t i = 0; i < 3; i++) {
		snprintf(file, sizeof(file), "%s.eml", names[i]);
		b->message.at = rate_read(folder, file, &b->message.len);
		floor.message = b->message;
		settle(b, verify);
		snprintf(figure, sizeof(figure), "dkim-%s", names[i]);
		rate_print(figure, verify, b);
		snprintf(figure, sizeof(figure), "floor-%s", names[i]);
		rate_print(figure, floor_once, &floor);
	}
}

static void
measure_spf(struct bench *b)
{
	static const struct {
		const char *figure, *mail_from;
		uint8_t ip[4];
		enum spf_result wanted;
	} queries[] = { { "spf-ip4", "a@ip4.example.com", { 203, 0, 113, 9 }, SPF_FAIL },
		{ "spf-include", "a@include.example.com", { 192, 0, 2, 77 }, SPF_PASS },
		{ "spf-mx", "a@mx.example.com", { 198, 51, 100, 2 }, SPF_PASS } };

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		b->spf = (struct spf_query){ .helo = span_of("mail.example.com"),
			.mail_from = span_of(queries[i].mail_from),
			.receiver = span_of("mx.example.org") };
		memcpy(b->spf.ip.bytes, queries[i].ip, 4);
		b->wanted = queries[i].wanted;
		settle(b, evaluate_spf);
		rate_print(queries[i].figure, evaluate_spf, b);
	}
}

int
main(int argc, char **argv)
{
	static struct bench b;
	struct zone_fault fault;
	struct span text;

	if (argc < 2)
		return 64;
	rate_only = argv[2];
	text.at = rate_read(argv[1], "zone", &text.len);
	if (!zone_parse(&b.keep, text, &b.zone, &fault)) {
		fprintf(stderr, "bench: zone:%u: %s\n", fault.line, fault.what);
		return 1;
	}
	b.crypto = crypto_create();
	b.suffixes = public_suffixes_builtin();
	b.dkim = arena_take(&b.keep, sizeof(*b.dkim));
	dns_answers_init(&b.answers, &b.keep);
	measure_dkim(&b, argv[1]);
	measure_spf(&b);
	settle(&b, evaluate_dmarc);
	rate_print("dmarc", evaluate_dmarc, &b);
	return 0;
}
