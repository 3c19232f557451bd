#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "grammar/html.h"

static const struct {
	const char *name, *html, *want;
} cases[] = {
	{ "blocks end lines", "<p>a</p><p>b<br>c</p>", "a\nb\nc\n" },
	{ "blanks run together", "a \n\t b", "a b" },
	{ "inline tags vanish", "a<b>b</b>c", "abc" },
	{ "entities", "&lt;a&#64;example.jp&gt;&nbsp;&#x5b9b;", "<a@example.jp> 宛" },
	{ "unknown entities are text", "a &foo; & b", "a &foo; & b" },
	{ "scripts and styles vanish", "<style>p{}</style>a<script>if (a</b) x</script>b", "ab" },
	{ "comments vanish", "a<!-- <p> -->b", "ab" },
	{ "an attribute may hold >", "<a title=\"x>y\" href='>'>b</a>", "b" },
	{ "cells part", "<tr><td>a</td><td>b</td></tr>", "a b\n" },
	{ "less than is text", "1 < 2", "1 < 2" },
	{ "an address left bare is text", "to <a@example.jp>", "to <a@example.jp>" },
	{ "cut in a tag", "a<b", "a" },
	{ "cut in a script", "a<script>b", "a" },
	{ "empty", "", "" },
};

static void
html_becomes_text(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span got = html_to_text(&arena, span_of(cases[i].html));

		if (!span_equal(got, span_of(cases[i].want)))
			fail_msg("%s: got \"%.*s\"", cases[i].name, (int)got.len, got.at);
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(html_becomes_text) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
