#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

#define SPAN(s) \
	{ \
		(s), sizeof(s) - 1 \
	}

static const struct {
	const char *name;
	struct span in;
	bool sound;
	uint32_t code;
	size_t taken;
	unsigned width;
} cases[] = {
	{ "ASCII", SPAN("a"), true, 'a', 1, 1 },
	{ "Latin", SPAN("\xc3\xa9"), true, 0xe9, 2, 1 },
	{ "kana", SPAN("あ"), true, 0x3042, 3, 2 },
	{ "full-width letter", SPAN("\xef\xbc\xa1"), true, 0xff21, 3, 2 },
	{ "half-width kana", SPAN("\xef\xbd\xb1"), true, 0xff71, 3, 1 },
	{ "ideographic blank", SPAN("\xe3\x80\x80"), true, 0x3000, 3, 2 },
	{ "emoji", SPAN("\xf0\x9f\x93\xa7"), true, 0x1f4e7, 4, 2 },
	{ "combining acute", SPAN("\xcc\x81"), true, 0x301, 2, 0 },
	{ "voiced sound mark", SPAN("\xe3\x82\x99"), true, 0x3099, 3, 0 },
	{ "plane 2 ideograph", SPAN("\xf0\xa0\xae\xb7"), true, 0x20bb7, 4, 2 },
	{ "last code point", SPAN("\xf4\x8f\xbf\xbf"), true, 0x10ffff, 4, 1 },
	{ "beyond the last", SPAN("\xf4\x90\x80\x80"), false, 0xf4, 1, 1 },
	{ "overlong slash", SPAN("\xc0\xaf"), false, 0xc0, 1, 1 },
	{ "overlong in three", SPAN("\xe0\x80\xaf"), false, 0xe0, 1, 1 },
	{ "surrogate", SPAN("\xed\xa0\x80"), false, 0xed, 1, 1 },
	{ "cut short", SPAN("\xe3\x81"), false, 0xe3, 1, 1 },
	{ "lone continuation", SPAN("\x80"), false, 0x80, 1, 1 },
	{ "broken inside",
	    SPAN("\xe3"
		 "a\x81"),
	    false, 0xe3, 1, 1 },
};

static void
characters_are_taken_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span in = cases[i].in;
		uint32_t code;
		bool sound = utf8_take(&in, &code);

		if (sound != cases[i].sound || code != cases[i].code || cases[i].in.len - in.len != cases[i].taken ||
		    utf8_width(code) != cases[i].width)
			fail_msg("row: %s", cases[i].name);
	}
}

static void
every_code_point_survives_put_and_take(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		struct span s = { bytes, utf8_put(c, bytes) };
		uint32_t back;
		bool surrogate = c >= 0xd800 && c <= 0xdfff;

		if (!utf8_take(&s, &back) || s.len != 0 || back != (surrogate ? 0xfffd : c))
			fail_msg("U+%04X", c);
	}
}

static void
a_cut_never_splits_a_character(void **state)
{
	static const size_t want[] = { 0, 1, 1, 1, 4, 5, 5 };

	(void)state;
	for (size_t n = 0; n < sizeof(want) / sizeof(want[0]); n++)
		assert_int_equal(utf8_first(span_of("aあbé"), n).len, want[n]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_taken_as_the_table_says),
		cmocka_unit_test(every_code_point_survives_put_and_take),
		cmocka_unit_test(a_cut_never_splits_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
