#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "render/problem.h"

static void
every_problem_has_its_code_and_its_words_in_both_languages(void **state)
{
	(void)state;
	for (enum problem p = PROBLEM_NONE + 1; p < PROBLEMS; p++) {
		const char *code = problem_code(p), *en = problem_words(p, LANG_EN), *ja = problem_words(p, LANG_JA);

		if (code == NULL || en == NULL || ja == NULL || en[0] == '\0')
			fail_msg("problem %d has no row", p);
		if (!span_is_ascii(span_of(en)) || span_is_ascii(span_of(ja)))
			fail_msg("%s: not in its language: %s, %s", code, en, ja);
	}
}

static void
codes_have_one_form_and_stand_once(void **state)
{
	(void)state;
	for (enum problem p = PROBLEM_NONE + 1; p < PROBLEMS; p++) {
		const char *code = problem_code(p);

		if (strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(code) || strchr(code, '.') == NULL)
			fail_msg("not a code: %s", code);
		for (enum problem q = PROBLEM_NONE + 1; q < p; q++)
			if (strcmp(code, problem_code(q)) == 0)
				fail_msg("twice: %s", code);
	}
}

static void
json_has_the_code_and_the_words_or_null_twice(void **state)
{
	struct out out = { 0 };

	(void)state;
	problem_write_json(&out, "why", PROBLEM_NONE);
	assert_true(span_equal(out_view(&out), span_of(",\"why\":null,\"why_words\":null")));
	out_clear(&out);
	problem_write_json(&out, "problem", PROBLEM_KEY_NONE);
	assert_true(span_equal(out_view(&out),
	    span_of(
		",\"problem\":\"key.none\",\"problem_words\":{\"ja\":\"公開鍵が DNS にありません\",\"en\":\"there is no key\"}")));
	out_deinit(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_problem_has_its_code_and_its_words_in_both_languages),
		cmocka_unit_test(codes_have_one_form_and_stand_once),
		cmocka_unit_test(json_has_the_code_and_the_words_or_null_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
