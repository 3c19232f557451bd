#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "catalog/builtin.h"
#include "catalog/load.h"
#include "diagnose/candidates.h"

static const struct row {
	const char *name, *provider, *first;
	uint16_t code;
	struct enhanced_status status;
} rows[] = {
	{ "552 is most often a full mailbox", NULL, "recipient.full", 552, { 0 } },
	{ "at Gmail, too", "google", "recipient.full", 552, { 0 } },
	{ "and 452", "google", "recipient.full", 452, { 0 } },
	{ "550 is most often an unknown address", NULL, "recipient.unknown", 550, { 0 } },
	{ "a status says more than its code", NULL, "content.size", 552, { 5, 3, 4 } },
	{ "5.7.26", NULL, "auth.none", 0, { 5, 7, 26 } },
	{ "4.7.27 is SPF's, rarely the null MX of RFC 7505", NULL, "auth.spf", 421, { 4, 7, 27 } },
	{ "a login refused", NULL, "submission.credentials", 535, { 0 } },
	{ "nobody knows this code", NULL, "", 577, { 0 } },
};

static void
the_commonest_cause_stands_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct provider *p = rows[i].provider
		    ? catalog_find_provider(&catalog_builtin, span_of(rows[i].provider))
		    : NULL;
		struct candidate c[CANDIDATES_MAX];
		size_t n = candidates_find(&catalog_builtin, rows[i].code, rows[i].status, p, c);

		if (!span_equal(n ? c[0].cause->name : span_of(""), span_of(rows[i].first)))
			fail_msg("row: %s", rows[i].name);
	}
}

static void
each_candidate_names_the_words_that_tell_it_apart(void **state)
{
	struct candidate c[CANDIDATES_MAX];
	size_t n = candidates_find(&catalog_builtin, 552, (struct enhanced_status){ 0 }, NULL, c);

	(void)state;
	assert_true(n > 1);
	for (size_t i = 0; i < n; i++)
		assert_true(c[i].rule != NULL && c[i].rule->cause == c[i].cause && c[i].text.len > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_commonest_cause_stands_first),
		cmocka_unit_test(each_candidate_names_the_words_that_tell_it_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
