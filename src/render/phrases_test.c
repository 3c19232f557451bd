#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/terminal.h"
#include "render/phrases.h"

static void
every_word_is_there_in_every_language(void **state)
{
	(void)state;
	for (int word = 0; word < PHRASE_COUNT; word++)
		for (int lang = 0; lang < LANG_COUNT; lang++)
			if (phrase_say((enum phrase)word, (enum lang)lang) == NULL)
				fail_msg("word %d, language %d", word, lang);
}

static void
labels_fit_their_column(void **state)
{
	(void)state;
	for (int word = PHRASE_CAUSE; word <= PHRASE_EXAMPLE; word++)
		for (int lang = 0; lang < LANG_COUNT; lang++)
			assert_in_range(terminal_width(span_of(phrase_say((enum phrase)word, (enum lang)lang))), 1, 12);
}

static void
durations_are_told_in_the_largest_exact_unit(void **state)
{
	static const struct {
		uint32_t seconds;
		const char *en, *ja;
	} rows[] = { { 900, "15 minutes", "15 分" }, { 3600, "1 hour", "1 時間" }, { 5400, "90 minutes", "90 分" },
		{ 432000, "5 days", "5 日" }, { 1, "1 second", "1 秒" }, { 61, "61 seconds", "61 秒" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			struct out out = { 0 };

			phrase_put_duration(&out, rows[i].seconds, (enum lang)lang);
			if (!span_equal(out_view(&out), span_of(lang == LANG_JA ? rows[i].ja : rows[i].en)))
				fail_msg("row: %s", rows[i].en);
			out_deinit(&out);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_there_in_every_language),
		cmocka_unit_test(labels_fit_their_column),
		cmocka_unit_test(durations_are_told_in_the_largest_exact_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
