#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "render/terminal.h"

#define SPAN(s) \
	{ \
		(s), sizeof(s) - 1 \
	}

static const struct {
	const char *name;
	struct span in;
	const char *want;
} escapes[] = {
	{ "plain words", SPAN("550 no such user"), "550 no such user" },
	{ "Japanese", SPAN("宛先不明"), "宛先不明" },
	{ "escape sequence", SPAN("\x1b[2J"), "\\x1b[2J" },
	{ "NUL and bell", SPAN("a\0b\a"), "a\\x00b\\x07" },
	{ "line ends", SPAN("a\r\nb"), "a\\x0d\\x0ab" },
	{ "tab", SPAN("a\tb"), "a b" },
	{ "DEL", SPAN("\x7f"), "\\x7f" },
	{ "C1 as a byte",
	    SPAN("\x9b"
		 "31m"),
	    "\xef\xbf\xbd"
	    "31m" },
	{ "C1 as a character",
	    SPAN("\xc2\x9b"
		 "31m"),
	    "\\x9b31m" },
	{ "bidi override",
	    SPAN("\xe2\x80\xae"
		 "jp"),
	    "\\u202ejp" },
	{ "bidi isolate", SPAN("\xe2\x81\xa6"), "\\u2066" },
	{ "zero-width blank", SPAN("a\xe2\x80\x8b"), "a\\u200b" },
	{ "line separator", SPAN("\xe2\x80\xa8"), "\\u2028" },
	{ "cut character", SPAN("\xe3\x81"), "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "tag character", SPAN("\xf3\xa0\x81\x81"), "\\ue0041" },
};

static void
hostile_bytes_are_made_visible(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		struct out out = { 0 };

		terminal_escape(&out, escapes[i].in);
		if (!span_equal(out_view(&out), span_of(escapes[i].want)))
			fail_msg("row: %s", escapes[i].name);
		assert_int_equal(terminal_width(escapes[i].in), terminal_width(out_view(&out)));
		out_deinit(&out);
	}
}

static void
no_byte_reaches_the_terminal_as_a_control(void **state)
{
	(void)state;
	for (unsigned b = 0; b < 256; b++) {
		const char byte = (char)b;
		struct out out = { 0 };

		terminal_escape(&out, (struct span){ &byte, 1 });
		for (struct span s = out_view(&out); s.len > 0;) {
			uint32_t code;

			if (!utf8_take(&s, &code) || code < 0x20 || (code >= 0x7f && code < 0xa0))
				fail_msg("byte: %02x", b);
		}
		out_deinit(&out);
	}
}

static const struct {
	const char *name;
	unsigned width, indent;
	const char *in, *want;
} paragraphs[] = {
	{ "English breaks at blanks", 22, 2, "the quick brown fox jumps", "the quick brown fox\n  jumps\n" },
	{ "a word that just fits stays", 20, 0, "aaaa bbbb cccc dddde f", "aaaa bbbb cccc dddde\nf\n" },
	{ "a URL is left whole", 20, 0, "see https://mail.example.jp/a/long/path now",
	    "see\nhttps://mail.example.jp/a/long/path\nnow\n" },
	{ "a phrase is kept together", 20, 0, "送信元サーバーが許可されていません",
	    "送信元サーバーが\n許可されていません\n" },
	{ "no stop begins a line", 20, 0, "送信側受信側障害中止。障害", "送信側受信側障害中\n止。障害\n" },
	{ "no closing bracket begins a line", 20, 0, "受信側は「届きません」と", "受信側は「届きませ\nん」と\n" },
	{ "no opening bracket ends a line", 20, 0, "このメールは届かぬ「はい」", "このメールは届かぬ\n「はい」\n" },
	{ "no word in katakana is split", 20, 0, "送信側受信側障害サーバー", "送信側受信側障害\nサーバー\n" },
	{ "but for one that is longer than a line", 20, 0, "アイウエオカキクケコサシスセソ",
	    "アイウエオカキクケコ\nサシスセソ\n" },
	{ "no kana or two and the stop are left over", 20, 0, "受信側に届かないのです。",
	    "受信側に届かない\nのです。\n" },
	{ "nor before a closing bracket", 20, 0, "(受信側に届かないのです)", "(受信側に届かない\nのです)\n" },
	{ "no wide character is split", 21, 0, "ああああああああああああああ", "ああああああああああ\nああああ\n" },
	{ "a word within Japanese stays whole", 20, 0, "次の値を v=DMARC1;p=none に変更",
	    "次の値を\nv=DMARC1;p=none に\n変更\n" },
	{ "line ends are kept", 0, 2, "a\r\nb\nc", "a\n  b\n  c\n" },
	{ "no width, no breaks", 0, 0, "one two three four five six", "one two three four five six\n" },
	{ "nothing is one empty line", 80, 4, "", "\n" },
	{ "escapes count as drawn", 20, 0, "aaaa \x1b\x1b\x1b\x1b bbbb", "aaaa\n\\x1b\\x1b\\x1b\\x1b\nbbbb\n" },
};

static void
paragraphs_are_broken_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paragraphs) / sizeof(paragraphs[0]); i++) {
		const struct terminal t = { false, paragraphs[i].width };
		struct out out = { 0 };

		terminal_paragraph(&t, &out, span_of(paragraphs[i].in), paragraphs[i].indent);
		if (!span_equal(out_view(&out), span_of(paragraphs[i].want)))
			fail_msg("row: %s, got:\n%.*s", paragraphs[i].name, (int)out.len, out.at);
		out_deinit(&out);
	}
}

static void
styles_are_written_only_with_colour(void **state)
{
	const struct terminal plain = { false, 80 }, coloured = { true, 80 };
	struct out out = { 0 };

	(void)state;
	terminal_style(&plain, &out, STYLE_MARK);
	assert_int_equal(out.len, 0);
	terminal_style(&coloured, &out, STYLE_PLAIN);
	assert_true(span_equal(out_view(&out), span_of("\x1b[0m")));
	out_deinit(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_bytes_are_made_visible),
		cmocka_unit_test(no_byte_reaches_the_terminal_as_a_control),
		cmocka_unit_test(paragraphs_are_broken_as_the_table_says),
		cmocka_unit_test(styles_are_written_only_with_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
