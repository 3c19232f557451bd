#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "catalog/builtin.h"
#include "catalog/laws.h"
#include "catalog/match.h"

#define CAUSE \
	"Cause: x.y\nTitle-en: t\nTitle-ja: t\nWhy-en: w\nWhy-ja: w\nPermanence: permanent\n" \
	"Acts: sender\nRetry: no\nSuppress: never\nRemedy-en: r\nRemedy-ja: r\n\n"
#define RULE(name, more) "Rule: " name "\n" more "Cause: x.y\nSource: s\nChecked: 2026-11-23\nSample: 550 blue moon\n\n"

static const struct {
	const char *name, *text, *what;
	unsigned line;
} unsound[] = {
	{ "a rule without its cause", "Rule: a.b\nText: blue moon\nSource: s\nChecked: 2026-11-23\nSample: x\n",
	    "a rule lacks its Cause", 1 },
	{ "a rule without a sample", CAUSE "Rule: a.b\nText: blue\nCause: x.y\nSource: s\nChecked: 2026-11-23\n",
	    "a rule lacks a Sample", 13 },
	{ "a cause that does not exist", "Rule: a.b\nCause: no.such\n", "no such cause", 2 },
	{ "a cause in one language", "Cause: x.y\nTitle-en: t\n", "a cause lacks Title-ja", 1 },
	{ "a fact that does not exist", CAUSE RULE("a.b", "Text: blue {moon}\n"),
	    "a hole has a name that is no fact a reply can hold", 14 },
	{ "a field that does not exist", CAUSE RULE("a.b", "Text: blue moon\nColour: red\n"),
	    "a rule has no such field", 15 },
	{ "two rules of one name", CAUSE RULE("a.b", "Text: blue moon\n") RULE("a.b", "Text: moon\n"),
	    "a rule of this name stands already", 20 },
	{ "a stem beside a text", CAUSE RULE("a.b", "Text: blue\nStem: moon\n"), "Stem goes with Near, Text with With",
	    13 },
	{ "two notices of one name", "Notice: m\nSubject: lost mail\n\nNotice: m\nSubject: mail lost\n",
	    "a notice of this name stands already", 4 },
	{ "a notice with a field that does not exist", "Notice: m\nBody: lost mail\n", "a notice has no such field",
	    2 },
	{ "a notice known by too little", "Notice: m\nSubject: no\n", "a notice is known by three bytes at least", 2 },
	{ "a notice known by what is never so written", "Notice: m\nSubject: Lost mail\n",
	    "words of a notice are written in lower case", 2 },
	{ "a line that is no field", CAUSE "Rule: a.b\n???\n", "neither a field nor its continuation", 14 },
	{ "a Confirm that nothing answers", "Cause: x.y\nConfirm: mx\n",
	    "Confirm is spf, ptr, dkim, dmarc, dmarc-policy or dmarc-record, not", 2 },
	{ "a Reply without its codes", CAUSE RULE("a.b", "Text: blue moon\nReply:\n The moon is blue.\n"),
	    "a Reply is its codes, as 550 5.7.26, then its words", 15 },
	{ "a Reply whose codes disagree", CAUSE RULE("a.b", "Text: blue moon\nReply: 550 4.7.1\n The moon is blue.\n"),
	    "a Reply is its codes, as 550 5.7.26, then its words", 15 },
	{ "a retry without its time", "Cause: x.y\nRetry: sometimes\n", "a value that this field does not take", 2 },
};

static void
unsound_catalogues_are_refused_with_their_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++) {
		struct arena arena = { 0 };
		struct catalog_faults faults = { .n = 0 };
		const struct catalog_source source = { "test.rule", span_of(unsound[i].text) };
		bool told = false;

		assert_null(catalog_load(&arena, &source, 1, &faults));
		for (size_t k = 0; k < faults.n; k++)
			told = told ||
			    (strcmp(faults.at[k].what, unsound[i].what) == 0 && faults.at[k].line == unsound[i].line);
		if (!told)
			fail_msg("%s: told %s at line %u", unsound[i].name, faults.at[0].what, faults.at[0].line);
		arena_deinit(&arena);
	}
}

static void
a_tie_between_two_rules_is_a_fault(void **state)
{
	struct arena arena = { 0 };
	struct catalog_faults faults = { .n = 0 };
	struct catalog_counts counts;
	const struct catalog_source source = { "test.rule",
		span_of(CAUSE RULE("a.b", "Text: blue moon\n") RULE("a.c", "Text: blue moon\n")) };
	const struct catalog *c = catalog_load(&arena, &source, 1, &faults);

	(void)state;
	assert_non_null(c);
	assert_false(catalog_laws_check(&arena, c, &faults, &counts));
	assert_true(faults.n > 0);
	arena_deinit(&arena);
}

static void
the_builtin_catalogue_keeps_every_law(void **state)
{
	struct arena arena = { 0 };
	struct catalog_faults faults = { .n = 0 };
	struct catalog_counts counts;
	const struct catalog *c = &catalog_builtin;

	(void)state;
	if (!catalog_laws_check(&arena, c, &faults, &counts))
		for (size_t i = 0; i < faults.n && i < 20; i++)
			print_error("%s:%u: %s: %.*s\n", faults.at[i].file, faults.at[i].line, faults.at[i].what,
			    (int)faults.at[i].detail.len, faults.at[i].detail.at);
	assert_int_equal(faults.n, 0);
	assert_true(counts.rules > 300);
	arena_deinit(&arena);
}

#define STEMS \
	"Rule: a.stem\nStem: moon\nNear: blue\nCause: x.y\nSource: s\nChecked: 2026-11-23\nSample: 550 blue moon\n\n"
#define BY_STATUS(status, yields) \
	"Rule: a.status\nStatus: " status "\n" yields \
	"Cause: x.y\nSource: s\nChecked: 2026-11-23\nSample: 550 " status " x\n\n"

static void
a_stem_decides_where_its_near_word_stands_and_nothing_else_says_more(void **state)
{
	static const struct {
		const char *rules, *reply, *wins;
	} rows[] = {
		{ STEMS, "a blue, full moon", "a.stem" },
		{ STEMS, "the moon is blue", "a.stem" },
		{ STEMS, "a moon and again a moon, far away from it all, and at last a blue moon", "a.stem" },
		{ STEMS, "the moon", NULL },
		{ STEMS, "bluemoon", NULL },
		{ STEMS, "a moon that is, as we have known from our childhood on, never blue", NULL },
		{ STEMS BY_STATUS("5.7.1", "Yields: yes\n"), "blue moon", "a.stem" },
		{ STEMS BY_STATUS("5.7.1", ""), "blue moon", "a.status" },
		{ STEMS RULE("a.text", "Text: full\n"), "a blue, full moon", "a.text" },
		{ STEMS RULE("a.text", "Text: full\nVague: yes\n"), "a blue, full moon", "a.stem" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct catalog_faults faults = { .n = 0 };
		const char *text[] = { CAUSE, rows[i].rules };
		const struct catalog_source sources[] = { { "a", span_of(text[0]) }, { "b", span_of(text[1]) } };
		const struct catalog *c = catalog_load(&arena, sources, 2, &faults);
		const struct catalog_query q = { .code = 550, .status = { 5, 7, 1 } };
		struct catalog_scan scan;
		struct catalog_match by_codes, m;

		assert_non_null(c);
		catalog_scan(c, span_of(rows[i].reply), &scan);
		m = catalog_choose(c, &scan, &q, &by_codes);
		if (rows[i].wins == NULL)
			assert_null(m.rule);
		else
			assert_true(m.rule != NULL && span_equal(m.rule->name, span_of(rows[i].wins)));
		arena_deinit(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unsound_catalogues_are_refused_with_their_line),
		cmocka_unit_test(a_tie_between_two_rules_is_a_fault),
		cmocka_unit_test(a_stem_decides_where_its_near_word_stands_and_nothing_else_says_more),
		cmocka_unit_test(the_builtin_catalogue_keeps_every_law),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
