#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "grammar/charset.h"

static const struct {
	const char *name, *label, *bytes, *want;
} cases[] = {
	{ "ASCII stays", "iso-2022-jp", "no such user", "no such user" },
	{ "UTF-8 stays, whatever the label", "shift_jis", "\xe5\xae\x9b\xe5\x85\x88", "宛先" },
	{ "colours of a terminal stay", "", "\x1b[31mred", "\x1b[31mred" },
	{ "ISO-2022-JP", "ISO-2022-JP", "\x1b$B08@h\x1b(B ok", "宛先 ok" },
	{ "ISO-2022-JP without a label", "", "\x1b$B08@h\x1b(B ok", "宛先 ok" },
	{ "ISO-2022-JP labelled otherwise", "us-ascii", "\x1b$@08@h\x1b(J ok", "宛先 ok" },
	{ "circled digit and (kabu)", "iso-2022-jp", "\x1b$B-!-j\x1b(B", "①㈱" },
	{ "half-width kana by escape", "iso-2022-jp", "\x1b(I6E\x1b(B.", "ｶﾅ." },
	{ "half-width kana by shift", "iso-2022-jp",
	    "\x0e"
	    "6E\x0f.",
	    "ｶﾅ." },
	{ "a line begins in ASCII", "iso-2022-jp", "\x1b$B08\nok", "宛\nok" },
	{ "half a character at the end", "iso-2022-jp", "\x1b$B08@", "宛\xef\xbf\xbd" },
	{ "escapes beside UTF-8", "", "\xe5\xae\x9b \x1b$B@h\x1b(B", "宛 先" },
	{ "Shift_JIS", "Shift_JIS", "\x88\xb6\x90\xe6", "宛先" },
	{ "Shift_JIS, a vendor's row", "x-sjis", "\x87\x40\x87\x8a", "①㈱" },
	{ "Shift_JIS without a label", "", "\x83\x81\x81\x5b\x83\x8b\x82\xcd\x94\x7a\x91\x97", "メールは配送" },
	{ "Shift_JIS labelled Latin", "iso-8859-1", "\x83\x81\x81\x5b\x83\x8b\x82\xcd\x94\x7a\x91\x97",
	    "メールは配送" },
	{ "EUC-JP", "euc-jp", "\xb0\xb8\xc0\xe8", "宛先" },
	{ "EUC-JP without a label", "unknown-8bit", "\xa5\xe1\xa1\xbc\xa5\xeb", "メール" },
	{ "EUC-JP labelled Shift_JIS", "shift_jis", "\xb0\xb8\xc0\xe8\xa4\xcf\xfd", NULL },
	{ "Latin", "iso-8859-1", "d\xe9j\xe0 vu", "déjà vu" },
	{ "Latin without a label", "", "d\xe9j\xe0 vu", "déjà vu" },
	{ "the underscore of a label", "ISO8859_15", "\xa4", "€" },
	{ "Cyrillic", "koi8-r", "\xd0\xcf\xde\xd4\xc1", "почта" },
	{ "Cyrillic, Windows", "windows-1251", "\xef\xee\xf7\xf2\xe0", "почта" },
	{ "Chinese", "gb2312", "\xd3\xca\xcf\xe4", "邮箱" },
	{ "Chinese, traditional", "big5", "\xab\x48\xbd\x63", "信箱" },
	{ "Korean", "ks_c_5601-1987", "\xb8\xde\xc0\xcf", "메일" },
	{ "UTF-7", "utf-7", "+W5tRSA-", "宛先" },
	{ "UTF-8 cut in a character", "utf-8", "\xe5\xae\x9b\xe5\x85\x88\xe5\xae", "宛先\xef\xbf\xbd" },
	{ "one bad byte in UTF-8", "", "\xe5\xae\x9b\xff\xe5\x85\x88\xe5\x85\x88\xe5\x85\x88", "宛\xef\xbf\xbd先先先" },
	{ "a name that iconv must not see", "../x//IGNORE", "\xe9", "é" },
};

static void
text_becomes_utf8(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span got = charset_to_utf8(&arena, span_of(cases[i].bytes), span_of(cases[i].label));

		if (charset_utf8_len(got) != got.len || (cases[i].want && !span_equal(got, span_of(cases[i].want))))
			fail_msg("%s: got \"%.*s\"", cases[i].name, (int)got.len, got.at);
	}
	arena_deinit(&arena);
}

static void
valid_utf8_is_borrowed(void **state)
{
	struct arena arena = { 0 };
	struct span s = span_of("宛先"), got = charset_to_utf8(&arena, s, span_of("sjis"));

	(void)state;
	assert_ptr_equal(got.at, s.at);
	assert_null(arena.blocks);
}

static void
utf8_is_checked_as_the_rfc_says(void **state)
{
	static const struct {
		const char *bytes;
		size_t want;
	} rows[] = {
		{ "a\xc0\x80", 1 },
		{ "\xed\xa0\x80", 0 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "\xe0\x80\x80", 0 },
		{ "\xc3", 0 },
		{ "abcdefghi\xc3\xa9j", 12 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(charset_utf8_len(span_of(rows[i].bytes)), rows[i].want);
}

static void
every_two_bytes_become_utf8_under_every_label(void **state)
{
	static const char *const labels[] = { "", "sjis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr", "utf-7",
		"utf-16", "utf-16le", "iso-2022-kr", "iso-8859-6", "cp1255" };
	struct arena arena = { 0 };

	(void)state;
	for (size_t l = 0; l < sizeof(labels) / sizeof(labels[0]); l++)
		for (unsigned i = 0; i < 65536; i++) {
			char bytes[5] = { (char)(i >> 8), (char)i, 'a', (char)i, (char)(i >> 8) };
			struct span got = charset_to_utf8(&arena, (struct span){ bytes, 5 }, span_of(labels[l]));

			if (charset_utf8_len(got) != got.len)
				fail_msg("%s: %04x", labels[l], i);
			arena_reset(&arena);
		}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_utf8),
		cmocka_unit_test(valid_utf8_is_borrowed),
		cmocka_unit_test(utf8_is_checked_as_the_rfc_says),
		cmocka_unit_test(every_two_bytes_become_utf8_under_every_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
