#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/dkim_signature.h"

#define SOUND "v=1; a=rsa-sha256; d=example.jp; s=mail; h=from:to; bh=YQ==; b=YQ=="

static const struct {
	const char *what, *value, *problem; /* NULL: sound */
} cases[] = {
	{ "all that is needed", SOUND, NULL },
	{ "i= below d=", SOUND "; i=taro@news.example.jp", NULL },
	{ "i= that only ends alike", SOUND "; i=@notexample.jp", "i= is not of the domain d=" },
	{ "an unknown tag", SOUND "; zz=1", NULL },
	{ "q= with another beside dns/txt", SOUND "; q=x/y:dns/txt", NULL },
	{ "q= without it", SOUND "; q=x/y", "q= is not dns/txt" },
	{ "x= before t=", SOUND "; t=20; x=10", "it expires before it was made" },
	{ "l= of 76 digits", SOUND "; l=1111111111111111111111111111111111111111111111111111111111111111111111111111",
	    NULL },
	{ "l= of 77 digits", SOUND "; l=11111111111111111111111111111111111111111111111111111111111111111111111111111",
	    "not a length" },
	{ "c= that does not exist", SOUND "; c=strict/simple", "an unknown canonicalization" },
	{ "From not signed", "v=1; a=rsa-sha256; d=example.jp; s=mail; h=to; bh=YQ==; b=YQ==", "From: is not signed" },
	{ "d= with a bracket", "v=1; a=rsa-sha256; d=a.net(.b.jp; s=mail; h=from; bh=YQ==; b=YQ==", "not a domain" },
	{ "b= that is no base64", "v=1; a=rsa-sha256; d=example.jp; s=mail; h=from; bh=YQ==; b=Y!", "not base64" },
};

static void
signatures_are_judged_by_their_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dkim_signature s;
		const bool sound = dkim_signature_parse(DKIM_SIGNATURE, span_of(cases[i].value), &s);

		if (sound != (cases[i].problem == NULL) || (!sound && strcmp(s.problem, cases[i].problem) != 0))
			fail_msg("%s: %s", cases[i].what, s.problem ? s.problem : "sound");
	}
}

static void
canonicalization_has_its_defaults(void **state)
{
	struct dkim_signature s;

	(void)state;
	assert_true(dkim_signature_parse(DKIM_SIGNATURE, span_of(SOUND), &s));
	assert_true(s.header == CANONICALIZATION_SIMPLE && s.body == CANONICALIZATION_SIMPLE);
	assert_true(dkim_signature_parse(DKIM_SIGNATURE, span_of(SOUND "; c=relaxed"), &s));
	assert_true(s.header == CANONICALIZATION_RELAXED && s.body == CANONICALIZATION_SIMPLE);
}

static void
a_seal_signs_nothing_of_its_own_choice(void **state)
{
	struct dkim_signature s;

	(void)state;
	assert_true(
	    dkim_signature_parse(ARC_SEAL, span_of("i=1; a=rsa-sha256; cv=none; d=example.jp; s=mail; b=YQ=="), &s));
	assert_int_equal(s.instance, 1);
	assert_false(dkim_signature_parse(
	    ARC_SEAL, span_of("i=1; a=rsa-sha256; cv=none; d=example.jp; s=mail; b=YQ==; h=from"), &s));
	assert_false(
	    dkim_signature_parse(ARC_SEAL, span_of("i=51; a=rsa-sha256; cv=none; d=example.jp; s=mail; b=YQ=="), &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_judged_by_their_form),
		cmocka_unit_test(canonicalization_has_its_defaults),
		cmocka_unit_test(a_seal_signs_nothing_of_its_own_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
