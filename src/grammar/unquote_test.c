#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/unquote.h"

static void
what_was_put_around_a_text_goes(void **state)
{
	static const struct {
		const char *name, *shown, *text;
	} rows[] = {
		{ "quoted", "> <a@b.jp>:\n> 550 no\n", "<a@b.jp>:\n550 no\n" },
		{ "twice", ">> a\n> > b\n>>\n", "a\nb\n\n" },
		{ "a transcript in it", "> >>> RCPT To:<a@b.jp>\n> <<< 550 no\n",
		    ">>> RCPT To:<a@b.jp>\n<<< 550 no\n" },
		{ "a transcript alone", ">>> RCPT To:<a@b.jp>\n<<< 550 no\n", ">>> RCPT To:<a@b.jp>\n<<< 550 no\n" },
		{ "curl's session", "> MAIL FROM:<a@b.jp>\n< 550 no\n> QUIT\n",
		    "> MAIL FROM:<a@b.jp>\n< 550 no\n> QUIT\n" },
		{ "a table", "| a@b.jp | 550 no |\n", "a@b.jp | 550 no \n" },
		{ "prose around", "hello\n> 550 a\n> b\n> c\nthanks, bye, and more\nand more\n",
		    "hello\n550 a\nb\nc\nthanks, bye, and more\nand more\n" },
		{ "escaped", "&lt;a@b.jp&gt;: 550 domain&#39;s policy", "<a@b.jp>: 550 domain's policy" },
		{ "a lone ampersand", "550 a & b &amp;", "550 a & b &amp;" },
		{ "a link", "[a@b.jp](mailto:a@b.jp): 550 no", "a@b.jp: 550 no" },
		{ "Outlook's link", "<a@b.jp<mailto:a@b.jp>>: 550 no", "<a@b.jp>: 550 no" },
		{ "other brackets", "550 [192.0.2.1](no) mailto:", "550 [192.0.2.1](no) mailto:" },
		{ "code", "to `a@b.jp`: `550 no`", "to a@b.jp: 550 no" },
		{ "the server's backquotes", "554 User `arn:aws` is `RCPT TO'", "554 User `arn:aws` is `RCPT TO'" },
		{ "smart quotes", "domain\xe2\x80\x99s \xe2\x80\x9cno\xe2\x80\x9d\xc2\xa0.", "domain's \"no\" ." },
		{ "nothing", "", "" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span text = unquote(&arena, span_of(rows[i].shown));

		if (!span_equal(text, span_of(rows[i].text)))
			fail_msg("%s: %.*s", rows[i].name, (int)text.len, text.at);
	}
	arena_deinit(&arena);
}

static void
blanks_go_as_far_as_they_are_there(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_true(span_equal(unindent(&arena, span_of("    a\n      b\n  c\nd\n"), 4), span_of("a\n  b\nc\nd\n")));
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_put_around_a_text_goes),
		cmocka_unit_test(blanks_go_as_far_as_they_are_there) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
