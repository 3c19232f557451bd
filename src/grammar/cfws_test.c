#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/cfws.h"

static struct arena arena;

static void
assert_span(const char *name, struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("%s: \"%.*s\" is not \"%s\"", name, (int)s.len, s.at ? s.at : "", want);
}

static void
blanks_and_comments_are_skipped_and_the_first_comment_told(void **state)
{
	static const struct {
		const char *name, *in, *comment, *left; /* comment NULL: there is none */
	} rows[] = {
		{ "nothing there", "x", NULL, "x" },
		{ "blanks and folds", " \t\r\n \n\tx", NULL, "x" },
		{ "a line end without a blank behind it stays", " \r\nx", NULL, "\r\nx" },
		{ "one comment", " (a b) x", "a b", "x" },
		{ "two comments", "(a)(b)x", "a", "x" },
		{ "a comment in a comment", "(a (b (c)) d)x", "a (b (c)) d", "x" },
		{ "escaped parentheses", "(\\(\\)\\\\)x", "()\\", "x" },
		{ "a folded comment", "(a\r\n\tb)x", "a b", "x" },
		{ "an empty comment", "()x", "", "x" },
		{ "UTF-8", "(日本)x", "日本", "x" },
		{ "a quote means nothing in a comment", "(\")\"x", "\"", "\"x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].in), comment = { NULL, 0 };

		if (!cfws_skip(&s, &comment) || (comment.at != NULL) != (rows[i].comment != NULL))
			fail_msg("%s", rows[i].name);
		assert_span(rows[i].name, s, rows[i].left);
		if (comment.at != NULL)
			assert_span(rows[i].name, cfws_plain(&arena, comment), rows[i].comment);
	}
}

static void
an_unsound_comment_is_pointed_at(void **state)
{
	static const struct {
		const char *name, *in, *left;
	} rows[] = {
		{ "not closed", " (a", "(a" },
		{ "an inner one not closed", "(a (b)", "(a (b)" },
		{ "the second not closed", "(a) (b", "(b" },
		{ "closed by an escaped one", "(a\\)", "(a\\)" },
		{ "a backslash last", "(a\\", "(a\\" },
		{ "a bare CR", "(a\rb)", "(a\rb)" },
		{ "a line that is no fold", "(a\nb)", "(a\nb)" },
		{ "an escaped line end", "(\\\n )", "(\\\n )" },
		{ "a control character", "(\x1b[2J)", "(\x1b[2J)" },
		{ "a C1 control", "(\xc2\x85)", "(\xc2\x85)" },
		{ "a line separator", "(\xe2\x80\xa8)", "(\xe2\x80\xa8)" },
		{ "Latin-1", "(\xe9)", "(\xe9)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].in);

		if (cfws_skip(&s, NULL))
			fail_msg("%s", rows[i].name);
		assert_span(rows[i].name, s, rows[i].left);
	}
}

static void
a_quoted_string_says_what_stands_between_its_quotes(void **state)
{
	static const struct {
		const char *name, *in, *text, *left; /* text NULL: it is none */
	} rows[] = {
		{ "plain", "\"a b\"x", "a b", "x" },
		{ "empty", "\"\"", "", "" },
		{ "escaped", "\"\\\"\\\\\\a\"", "\"\\a", "" },
		{ "folded", "\"a\r\n b\tc\"", "a b c", "" },
		{ "a comment's signs mean nothing", "\"(;\"", "(;", "" },
		{ "UTF-8", "\"例え\"", "例え", "" },
		{ "not closed", "\"a", NULL, "\"a" },
		{ "closed by an escaped one", "\"a\\\"", NULL, "\"a\\\"" },
		{ "a line that is no fold", "\"a\r\nb\"", NULL, "\"a\r\nb\"" },
		{ "no quote", "a", NULL, "a" },
		{ "nothing", "", NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].in), text = { NULL, 0 };

		if (cfws_take_quoted(&arena, &s, &text) != (rows[i].text != NULL))
			fail_msg("%s", rows[i].name);
		assert_span(rows[i].name, s, rows[i].left);
		if (rows[i].text != NULL)
			assert_span(rows[i].name, text, rows[i].text);
	}
}

static void
a_nul_is_a_control_character(void **state)
{
	struct span s = { "(a\0)", 4 };

	(void)state;
	assert_false(cfws_skip(&s, NULL));
	s = (struct span){ "\"\\\0\"", 4 };
	assert_false(cfws_take_quoted(&arena, &s, &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_and_comments_are_skipped_and_the_first_comment_told),
		cmocka_unit_test(an_unsound_comment_is_pointed_at),
		cmocka_unit_test(a_quoted_string_says_what_stands_between_its_quotes),
		cmocka_unit_test(a_nul_is_a_control_character),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
