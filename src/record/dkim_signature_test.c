#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "record/dkim_signature.h"

#define SOUND "v=1; a=rsa-sha256; d=example.jp; s=mail; h=from:to; bh=YQ==; b=YQ=="

static const struct {
	const char *what, *value;
	enum problem problem;
} cases[] = {
	{ "all that is needed", SOUND, PROBLEM_NONE },
	{ "i= below d=", SOUND "; i=taro@news.example.jp", PROBLEM_NONE },
	{ "i= that only ends alike", SOUND "; i=@notexample.jp", PROBLEM_SIGNATURE_IDENTITY },
	{ "i= quoted-printable", SOUND "; i=x@example=2Ejp", PROBLEM_NONE },
	{ "i= quoted-printable throughout", SOUND "; i==78=40=65xample.jp", PROBLEM_NONE },
	{ "i= with a quoted local part", SOUND "; i=\"a@b\"@example.jp", PROBLEM_NONE },
	{ "i= with both", SOUND "; i==22a=20@=20b=22@news.example.jp", PROBLEM_NONE },
	{ "i= folded", SOUND "; i=taro@\r\n example.jp", PROBLEM_NONE },
	{ "i= of another domain behind d=", SOUND "; i=x@example.jp@attacker.example", PROBLEM_SIGNATURE_IDENTITY },
	{ "i= that hides its @", SOUND "; i=x=40example.org", PROBLEM_SIGNATURE_IDENTITY },
	{ "i= with an open quote", SOUND "; i=\"a@example.jp", PROBLEM_SIGNATURE_IDENTITY },
	{ "i= with two @ that ends alike", SOUND "; i=a@b@example.jp", PROBLEM_SIGNATURE_IDENTITY },
	{ "i= without @", SOUND "; i=example.jp", PROBLEM_SIGNATURE_IDENTITY },
	{ "d= in UTF-8", "v=1; a=rsa-sha256; d=例え.jp; s=mail; h=from; bh=YQ==; b=YQ==; i=@例え.jp", PROBLEM_NONE },
	{ "an unknown tag", SOUND "; zz=1", PROBLEM_NONE },
	{ "q= with another beside dns/txt", SOUND "; q=x/y:dns/txt", PROBLEM_NONE },
	{ "q= without it", SOUND "; q=x/y", PROBLEM_SIGNATURE_QUERY },
	{ "x= before t=", SOUND "; t=20; x=10", PROBLEM_SIGNATURE_EXPIRES_BEFORE },
	{ "l= of 76 digits", SOUND "; l=1111111111111111111111111111111111111111111111111111111111111111111111111111",
	    PROBLEM_NONE },
	{ "l= of 77 digits", SOUND "; l=11111111111111111111111111111111111111111111111111111111111111111111111111111",
	    PROBLEM_SIGNATURE_LENGTH },
	{ "c= that does not exist", SOUND "; c=strict/simple", PROBLEM_SIGNATURE_CANONICALIZATION },
	{ "From not signed",
	    "v=1; a=rsa-sha256; d=example.jp; s=mail; h=to; bh=YQ==; b=YQ==", PROBLEM_SIGNATURE_NO_FROM },
	{ "d= with a bracket",
	    "v=1; a=rsa-sha256; d=a.net(.b.jp; s=mail; h=from; bh=YQ==; b=YQ==", PROBLEM_SIGNATURE_DOMAIN },
	{ "b= that is no base64", "v=1; a=rsa-sha256; d=example.jp; s=mail; h=from; bh=YQ==; b=Y!",
	    PROBLEM_SIGNATURE_BASE64 },
};

static void
signatures_are_judged_by_their_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dkim_signature s;
		const bool sound = dkim_signature_parse(DKIM_SIGNATURE, span_of(cases[i].value), &s);

		if (sound != (cases[i].problem == PROBLEM_NONE) || s.problem != cases[i].problem)
			fail_msg("%s: problem %d", cases[i].what, s.problem);
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
