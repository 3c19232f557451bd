#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "message/header.h"

static const struct {
	const char *name, *value, *want;
} values[] = {
	{ "plain", "Undelivered mail", "Undelivered mail" },
	{ "folded", "a\r\n  b\n\tc", "a b c" },
	{ "B, ISO-2022-JP", "=?ISO-2022-JP?B?GyRCMXckPyQ7JHMbKEI=?=", NULL },
	{ "B, UTF-8", "=?utf-8?B?5a6b5YWI?=", "宛先" },
	{ "Q", "=?utf-8?q?=E5=AE=9B_to?=", "宛 to" },
	{ "Q that begins with an equals sign and ends in one", "=?utf-8?Q?=?=", "=" },
	{ "neighbours are joined", "=?utf-8?B?5a6b?=\r\n =?utf-8?B?5YWI?= x", "宛先 x" },
	{ "a character split between neighbours", "=?utf-8?Q?=E5=AE?= =?utf-8?Q?=9B?=", "宛" },
	{ "text between", "=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c" },
	{ "a language", "=?us-ascii*en?Q?a?=", "a" },
	{ "an unknown encoding stays", "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
	{ "a word without an end stays", "=?utf-8?Q?a", "=?utf-8?Q?a" },
	{ "raw Shift_JIS", "\x83\x81\x81\x5b\x83\x8b\x82\xcd", "メールは" },
	{ "empty", "", "" },
};

static void
values_are_decoded(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct span got = header_decode(&arena, span_of(values[i].value));

		if (values[i].want != NULL && !span_equal(got, span_of(values[i].want)))
			fail_msg("%s: got \"%.*s\"", values[i].name, (int)got.len, got.at);
	}
	arena_deinit(&arena);
}

static const char section_text[] = "From x@example.jp Mon Nov 23 10:00:00 2026\r\n"
				   "Subject: a\r\n b\r\n"
				   "garbage\r\n"
				   " more garbage\r\n"
				   "To : y@example.jp\r\n"
				   "Empty:\r\n"
				   "\r\n"
				   "Body: not a field\r\n";

static void
fields_come_one_by_one(void **state)
{
	static const char *const want[][2] = { { "Subject", "a\r\n b" }, { "To", "y@example.jp" }, { "Empty", "" } };
	struct span s = span_of(section_text);
	struct header_field f;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(header_take_field(&s, &f));
		assert_true(span_equal(f.name, span_of(want[i][0])));
		assert_true(span_equal(f.value, span_of(want[i][1])));
	}
	assert_false(header_take_field(&s, &f));
	assert_memory_equal(s.at, "\r\nBody", 6);
}

static void
a_field_is_found_by_name(void **state)
{
	struct span s = span_of(section_text);

	(void)state;
	assert_true(span_equal(header_find(s, "to"), span_of("y@example.jp")));
	assert_non_null(header_find(s, "empty").at);
	assert_null(header_find(s, "subj").at);
	assert_null(header_find(s, "body").at);
}

static void
an_empty_line_splits(void **state)
{
	static const struct {
		const char *message, *header, *body;
		bool want;
	} rows[] = {
		{ "A: b\r\n\r\nc", "A: b\r\n", "c", true },
		{ "A: b\n\nc", "A: b\n", "c", true },
		{ "A: b\r\r\n\r\r\nc", "A: b\r\r\n", "c", true },
		{ "\nc", "", "c", true },
		{ "A: b\n", "A: b\n", "", false },
		{ "", "", "", false },
	};
	struct span header, body;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(header_split(span_of(rows[i].message), &header, &body), rows[i].want);
		assert_true(span_equal(header, span_of(rows[i].header)));
		assert_true(span_equal(body, span_of(rows[i].body)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_decoded),
		cmocka_unit_test(fields_come_one_by_one),
		cmocka_unit_test(a_field_is_found_by_name),
		cmocka_unit_test(an_empty_line_splits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
