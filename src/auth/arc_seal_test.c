#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "auth/arc_seal.h"
#include "auth/dkim_sign.h"

#define MESSAGE \
	"From: taro@example.jp\r\nTo: hanako@example.com\r\nSubject: order\r\nDKIM-Signature: v=1; a=x\r\n\r\n" \
	"Thank you.\r\n"

enum { NOW = 1764000000 };

struct bench {
	struct arena arena;
	struct crypto *crypto;
	struct crypto_private *key;
	struct dns_answers answers;
};

static void
open_bench(struct bench *b, enum dkim_key_kind kind)
{
	struct dns_record record;

	*b = (struct bench){ .crypto = crypto_create(), .key = crypto_make_private(kind, 2048) };
	dns_answers_init(&b->answers, &b->arena);
	record = (struct dns_record){ .data = dkim_key_record(&b->arena, b->key) };
	dns_answers_put(&b->answers,
	    &(struct dns_answer){ .name = span_of("arc._domainkey.mx.example.org"),
		.type = DNS_TXT,
		.result = DNS_ANSWERED,
		.records = &record,
		.n_records = 1 });
}

static void
close_bench(struct bench *b)
{
	crypto_free_private(b->key);
	crypto_free(b->crypto);
	arena_deinit(&b->arena);
}

static struct arc_evaluation *
validate(struct bench *b, struct span bytes, struct dkim_message *m)
{
	struct arc_evaluation *e = arena_take(&b->arena, sizeof(*e));

	dkim_message_init(m, &b->arena, b->crypto, bytes);
	arc_validate(m, NOW, &b->answers, e);
	return e;
}

/* One more set on top; at == NULL: it was not sealed. */
static struct span
seal(struct bench *b, struct span bytes)
{
	const struct arc_sealing sealing = { .key = b->key,
		.domain = span_of("mx.example.org"),
		.selector = span_of("arc"),
		.results = span_of("mx.example.org;\n\tspf=pass smtp.mailfrom=taro@example.jp;\n\tarc=none"),
		.now = NOW };
	struct out out = { 0 };
	struct dkim_message m;
	struct arc_seal set;
	struct span sealed;

	if (!arc_seal(&m, validate(b, bytes, &m), &sealing, &set))
		return (struct span){ NULL, 0 };
	out_span(&out, set.seal);
	out_span(&out, set.signature);
	out_span(&out, set.results);
	out_span(&out, bytes);
	sealed = arena_copy(&b->arena, out_view(&out));
	out_deinit(&out);
	return sealed;
}

static void
a_chain_of_our_seals_passes(void **state)
{
	static const enum dkim_key_kind kinds[] = { DKIM_KEY_RSA, DKIM_KEY_ED25519 };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct span bytes = span_of(MESSAGE);
		struct dkim_message m;
		struct bench b;

		open_bench(&b, kinds[k]);
		for (unsigned hops = 1; hops <= 4; hops++) {
			const struct arc_evaluation *e;

			bytes = seal(&b, bytes);
			e = validate(&b, bytes, &m);
			assert_int_equal(e->result, ARC_PASS);
			assert_int_equal(e->n, hops);
		}
		close_bench(&b);
	}
}

/* The same bytes with one of them otherwise. */
static struct span
changed(struct bench *b, struct span bytes, const char *what)
{
	struct span copy = arena_copy(&b->arena, bytes);
	char *at = memmem(copy.at, copy.len, what, strlen(what));

	assert_non_null(at);
	at[0] ^= 1;
	return copy;
}

static void
what_was_changed_on_the_way_fails_and_is_told_once(void **state)
{
	static const char *const places[] = { "Thank you", "order", "spf=pass" };
	struct dkim_message m;
	struct bench b;

	(void)state;
	open_bench(&b, DKIM_KEY_RSA);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct span bytes = changed(&b, seal(&b, span_of(MESSAGE)), places[i]);
		const struct arc_evaluation *e;

		assert_int_equal(validate(&b, bytes, &m)->result, ARC_FAIL);
		bytes = seal(&b, bytes);
		assert_non_null(bytes.at);
		e = validate(&b, bytes, &m);
		assert_int_equal(e->result, ARC_FAIL);
		assert_int_equal(e->n, 2);
		assert_true(span_equal(e->sets[1].seal.signature.chain, span_of("fail")));
		assert_null(seal(&b, bytes).at); /* a chain marked as failed stays as it is */
	}
	close_bench(&b);
}

static void
what_cannot_be_validated_now_is_not_sealed(void **state)
{
	struct dkim_message m;
	struct span bytes;
	struct bench b;

	(void)state;
	open_bench(&b, DKIM_KEY_RSA);
	bytes = seal(&b, span_of(MESSAGE));
	dns_answers_put(&b.answers,
	    &(struct dns_answer){
		.name = span_of("arc._domainkey.mx.example.org"), .type = DNS_TXT, .result = DNS_FAILED });
	assert_int_equal(validate(&b, bytes, &m)->result, ARC_TEMPERROR);
	assert_null(seal(&b, bytes).at);
	close_bench(&b);
}

static void
a_chain_that_cannot_be_read_gets_an_instance_of_its_own(void **state)
{
	struct dkim_message m;
	struct span bytes;
	struct bench b;

	(void)state;
	open_bench(&b, DKIM_KEY_RSA);
	bytes = seal(&b, span_of("ARC-Seal: i=x\r\nARC-Seal: i=1; nonsense\r\nARC-Seal: i=2; nonsense\r\n" MESSAGE));
	assert_non_null(bytes.at);
	assert_true(span_starts(bytes, "ARC-Seal: i=4; a=rsa-sha256; cv=fail;"));
	assert_int_equal(validate(&b, bytes, &m)->result, ARC_FAIL);
	close_bench(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_of_our_seals_passes),
		cmocka_unit_test(what_was_changed_on_the_way_fails_and_is_told_once),
		cmocka_unit_test(what_cannot_be_validated_now_is_not_sealed),
		cmocka_unit_test(a_chain_that_cannot_be_read_gets_an_instance_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
