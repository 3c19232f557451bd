#include "render/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/rfc5322_form.h"

static void
every_kind_has_words_in_both_languages(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < FORM_KINDS; kind++)
		for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
			const char *token = form_token((enum form_kind)kind);

			assert_ptr_not_equal(form_words(token, (enum lang)lang), token);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_kind_has_words_in_both_languages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
