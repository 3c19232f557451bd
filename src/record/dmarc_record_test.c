#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "record/dmarc_record.h"

static const struct {
	const char *what, *text;
	bool is;
	enum dmarc_policy p;
	enum problem problem;
} cases[] = {
	{ "a policy", "v=DMARC1; p=reject", true, DMARC_POLICY_REJECT, PROBLEM_NONE },
	{ "blanks around the signs", " v = DMARC1 ; p = quarantine ;", true, DMARC_POLICY_QUARANTINE, PROBLEM_NONE },
	{ "no policy", "v=DMARC1; rua=mailto:a@b.jp", true, DMARC_POLICY_ABSENT, PROBLEM_NO_P },
	{ "a policy that does not exist", "v=DMARC1; p=refuse", true, DMARC_POLICY_UNSOUND,
	    PROBLEM_DMARC_POLICY_VALUE },
	{ "unknown tags", "v=DMARC1; zz=1; p=none", true, DMARC_POLICY_NONE, PROBLEM_NONE },
	{ "p twice: the first", "v=DMARC1; p=none; p=reject", true, DMARC_POLICY_NONE, PROBLEM_TAG_TWICE },
	{ "no URI in rua", "v=DMARC1; p=none; rua=a@b.jp", true, DMARC_POLICY_NONE, PROBLEM_DMARC_URI },
	{ "the version in lower case", "v=dmarc1; p=none", false, DMARC_POLICY_ABSENT, PROBLEM_NONE },
	{ "the version second", "p=none; v=DMARC1", false, DMARC_POLICY_ABSENT, PROBLEM_NONE },
	{ "another record", "v=spf1 -all", false, DMARC_POLICY_ABSENT, PROBLEM_NONE },
};

static void
records_are_read_leniently_behind_their_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dmarc_record r;
		const bool is = dmarc_record_parse(span_of(cases[i].text), &r);

		if (is != cases[i].is || (is && r.p != cases[i].p) || (is && r.problem != cases[i].problem))
			fail_msg("%s: problem %d", cases[i].what, is ? (int)r.problem : -1);
	}
}

static void
report_addresses_are_taken_without_their_sizes(void **state)
{
	struct span rest = span_of("mailto:a@b.jp!10m , https://c.jp/d"), uri;

	(void)state;
	assert_true(dmarc_take_uri(&rest, &uri) && span_equal(uri, span_of("mailto:a@b.jp")));
	assert_true(dmarc_take_uri(&rest, &uri) && span_equal(uri, span_of("https://c.jp/d")));
	assert_false(dmarc_take_uri(&rest, &uri));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_leniently_behind_their_version),
		cmocka_unit_test(report_addresses_are_taken_without_their_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
