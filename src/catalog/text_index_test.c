#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalog/text_index.h"

static const struct {
	const char *name, *text, *reply;
	bool found;
	const char *hole; /* what the first hole holds */
} cases[] = {
	{ "case and blanks do not matter", "User  Unknown", "sorry, user unknown here", true, NULL },
	{ "line ends are blanks", "mailbox\n full", "the mailbox full of mail", true, NULL },
	{ "a text begins at a word's edge", "full", "mindfull", false, NULL },
	{ "a text ends at a word's edge", "full", "it is fully used", false, NULL },
	{ "punctuation is an edge", "full", "(full)", true, NULL },
	{ "a hole is one run of non-blanks", "domain [{domain}] has", "the domain [example.jp] has an", true,
	    "example.jp" },
	{ "a hole may be empty", "check for [{domain}] failed", "check for [] failed", true, "" },
	{ "a hole holds no blank", "from {domain} is not", "from a b is not", false, NULL },
	{ "a hole in front reaches back to a blank", "{recipient}: user unknown", "say <a@b.jp>: user unknown", true,
	    "<a@b.jp>" },
	{ "a hole at the end reaches to a blank", "with the ip: {ip}", "with the ip: 192.0.2.25 now", true,
	    "192.0.2.25" },
	{ "words on both sides of a hole", "spf [{domain}] with ip: [{ip}] = did not pass",
	    "spf [a.jp] with ip: [192.0.2.1] = did not pass", true, "a.jp" },
	{ "Japanese is found within a run", "存在しません", "宛先が存在しません。", true, NULL },
	{ "a slug is found within a URL", "p=NoSuchUser", "https://support.google.com/mail/?p=nosuchuser x", true,
	    NULL },
	{ "an escaped brace is a brace", "size \\{x", "the size {x", true, NULL },
	{ "the reply ends early", "the quick brown fox", "the quick brown", false, NULL },
};

static void
texts_are_found_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = { 0 };
		struct text_index index = { 0 };
		struct text_hit hits[TEXT_HITS_MAX];
		const char *what = "";
		size_t n;

		if (!text_index_add(&index, &arena, span_of(cases[i].text), TEXT_USE_TEXT, 0, &what))
			fail_msg("%s: %s", cases[i].name, what);
		text_index_file(&index, &arena);
		n = text_index_find(&index, text_fold(&arena, span_of(cases[i].reply)), hits);
		if ((n == 1) != cases[i].found)
			fail_msg("%s: found %zu times", cases[i].name, n);
		if (cases[i].hole != NULL && !span_equal(hits[0].holes[0], span_of(cases[i].hole)))
			fail_msg(
			    "%s: hole holds '%.*s'", cases[i].name, (int)hits[0].holes[0].len, hits[0].holes[0].at);
		arena_deinit(&arena);
	}
}

static void
unsound_texts_are_refused(void **state)
{
	static const char *const bad[] = { "{domain", "{nonsense} is", "{ip}. end of it", "{ip}", "[{ip}]", "...",
		"x{domain}", "{spf_mechanism} is missing" };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct text_index index = { 0 };
		const char *what = NULL;

		if (text_index_add(&index, &arena, span_of(bad[i]), TEXT_USE_TEXT, 0, &what))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(what);
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_found_as_the_table_says),
		cmocka_unit_test(unsound_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
