#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "grammar/enhanced_status.h"

struct row {
	const char *name, *in;
	bool want;
	struct enhanced_status status;
	const char *rest;
};

static void
fail_row(const struct row *row)
{
	fail_msg("row: %s", row->name);
}

static void
a_status_is_taken_off_the_front(void **state)
{
	static const struct row rows[] = {
		{ "with a blank behind", "5.7.26 blocked", true, { 5, 7, 26 }, "blocked" },
		{ "alone", "4.2.2", true, { 4, 2, 2 }, "" },
		{ "only one blank is taken", "5.1.1  x", true, { 5, 1, 1 }, " x" },
		{ "a colon behind is kept", "5.7.1: no", true, { 5, 7, 1 }, ": no" },
		{ "a full stop is no word", "5.7.1. no", true, { 5, 7, 1 }, ". no" },
		{ "more of a word", "5.7.26.example is", false, { 0 }, "5.7.26.example is" },
		{ "an IP address", "5.7.26.1", false, { 0 }, "5.7.26.1" },
		{ "class 3 is none", "3.1.1 x", false, { 0 }, "3.1.1 x" },
		{ "cut short", "5.7.", false, { 0 }, "5.7." },
		{ "four digits", "5.7.2600", false, { 0 }, "5.7.2600" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].in);
		struct enhanced_status n = { 0 };

		if (enhanced_status_take(&s, &n) != rows[i].want || !enhanced_status_equal(n, rows[i].status) ||
		    !span_equal(s, span_of(rows[i].rest)))
			fail_row(&rows[i]);
	}
}

static void
a_status_is_found_as_a_word(void **state)
{
	static const struct row rows[] = {
		{ "qmail's", "no mailbox here. (#5.1.1)", true, { 5, 1, 1 }, NULL },
		{ "in brackets", "[5.2.2] full", true, { 5, 2, 2 }, NULL },
		{ "with a hash", "sorry #4.4.1", true, { 4, 4, 1 }, NULL },
		{ "behind a code", "x: 550-5.7.26 no", true, { 5, 7, 26 }, NULL },
		{ "dsn=", "dsn=5.1.1, status", true, { 5, 1, 1 }, NULL },
		{ "behind an address", "from 192.0.2.5 5.7.1 no", true, { 5, 7, 1 }, NULL },
		{ "an IP address", "from 5.7.26.9 and 192.5.1.1", false, { 0 }, NULL },
		{ "a version", "Exim 4.94.2, version 4.5.1", false, { 0 }, NULL },
		{ "a path", "https://example.jp/5.7.1", false, { 0 }, NULL },
		{ "a host", "mx-5.1.1.example.jp", false, { 0 }, NULL },
		{ "nothing", "", false, { 0 }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct enhanced_status n = { 0 };

		if (enhanced_status_find(span_of(rows[i].in), &n) != rows[i].want ||
		    !enhanced_status_equal(n, rows[i].status))
			fail_row(&rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_is_taken_off_the_front),
		cmocka_unit_test(a_status_is_found_as_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
