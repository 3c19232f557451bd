#include "receiver/forecast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct span example = SPAN_INIT("example.jp");

static struct authentication *
fake(struct arena *arena, enum dmarc_result dmarc, enum dmarc_policy policy)
{
	struct authentication *a = arena_take_items(arena, 1, sizeof(*a));

	a->dmarc.author_domain = a->dmarc.view.policy_domain = example;
	a->dmarc.view.result = dmarc;
	a->dmarc.view.applied = a->dmarc.view.policy = policy;
	return a;
}

struct row {
	const char *what;
	enum dmarc_result dmarc;
	enum dmarc_policy policy;
	bool has_spf;
	enum spf_result spf;
	struct forecast_unknown unknown;
	bool bulk;
	size_t n;
	enum forecast_when when[2];
	const char *rule[2]; /* NULL: taken */
};

static const struct row rows[] = {
	{ "all is known, and refused", DMARC_FAIL, DMARC_POLICY_REJECT, true, SPF_FAIL, { false, false }, false, 1,
	    { FORECAST_WHATEVER }, { "google.dmarc-policy" } },
	{ "the host is not known: SPF decides", DMARC_UNKNOWN, DMARC_POLICY_REJECT, false, 0, { false, false }, false,
	    2, { FORECAST_SPF_PASSES_NOT, FORECAST_SPF_PASSES }, { "google.dmarc-policy", NULL } },
	{ "… and asks for nothing", DMARC_UNKNOWN, DMARC_POLICY_NONE, false, 0, { false, false }, false, 2,
	    { FORECAST_SPF_PASSES_NOT, FORECAST_SPF_PASSES }, { "google.unauthenticated", NULL } },
	{ "… but whatever SPF says is not aligned", DMARC_FAIL, DMARC_POLICY_REJECT, false, 0, { false, false }, false,
	    1, { FORECAST_WHATEVER }, { "google.dmarc-policy" } },
	{ "… and passes for nobody", DMARC_UNKNOWN, DMARC_POLICY_NONE, false, 0, { false, true }, false, 1,
	    { FORECAST_WHATEVER }, { "google.unauthenticated" } },
	{ "no message: it may be signed", DMARC_FAIL, DMARC_POLICY_REJECT, true, SPF_SOFTFAIL, { true, false }, false,
	    2, { FORECAST_UNSIGNED, FORECAST_SIGNED }, { "google.dmarc-policy", NULL } },
	{ "no message, and SPF passes", DMARC_PASS, DMARC_POLICY_REJECT, true, SPF_PASS, { true, false }, false, 1,
	    { FORECAST_WHATEVER }, { NULL } },
	{ "neither message nor host", DMARC_UNKNOWN, DMARC_POLICY_REJECT, false, 0, { true, false }, false, 2,
	    { FORECAST_NEITHER, FORECAST_EITHER }, { "google.dmarc-policy", NULL } },
	{ "… and SPF passes for nobody", DMARC_UNKNOWN, DMARC_POLICY_REJECT, false, 0, { true, true }, false, 2,
	    { FORECAST_UNSIGNED, FORECAST_SIGNED }, { "google.dmarc-policy", NULL } },
	{ "… bulk senders need both", DMARC_UNKNOWN, DMARC_POLICY_NONE, false, 0, { true, false }, true, 2,
	    { FORECAST_NEITHER, FORECAST_BOTH }, { "google.unauthenticated", NULL } },
};

static void
foretells_by_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct arena arena = { 0 };
		struct rfc5322_form form = { .n = 0 };
		struct authentication_query mail = { .has_ip = false };
		struct authentication *a = fake(&arena, r->dmarc, r->policy);
		struct forecast f;

		a->has_spf = r->has_spf;
		a->spf.result = r->spf;
		a->dmarc.view.spf_aligned = r->spf == SPF_PASS && r->has_spf;
		forecast_make(&arena,
		    &(struct receiver_facts){ .policy = policy_built_in(r->bulk ? "google-bulk" : "google"),
			.query = &mail,
			.found = a,
			.form = &form },
		    &r->unknown, &f);
		if (f.n != r->n)
			fail_msg("%s: %zu cases", r->what, f.n);
		for (size_t k = 0; k < f.n; k++) {
			const struct receiver_answer *answer = &f.cases[k].answer;
			const struct span rule = answer->n ? answer->replies[0].rule : (struct span){ "", 0 },
					  wanted = span_of(r->rule[k] != NULL ? r->rule[k] : "");

			if (f.cases[k].when != r->when[k] || !span_equal(rule, wanted))
				fail_msg("%s: case %zu: when %u, '%.*s'", r->what, k, f.cases[k].when, (int)rule.len,
				    rule.at);
		}
		arena_deinit(&arena);
	}
}

static void
what_is_not_known_is_not_refused(void **state)
{
	struct arena arena = { 0 };
	struct rfc5322_form form = { .n = 0 };
	struct authentication_query mail = { .has_ip = false };
	const struct forecast_unknown nothing = { false, false };
	struct forecast f;

	(void)state;
	forecast_make(&arena,
	    &(struct receiver_facts){ .policy = policy_built_in("google"),
		.query = &mail,
		.found = fake(&arena, DMARC_UNKNOWN, DMARC_POLICY_REJECT),
		.form = &form },
	    &nothing, &f);
	assert_true(forecast_is_undecided(&f) && !forecast_is_refused(&f));
	f.n = 0;
	assert_true(!forecast_is_undecided(&f) && !forecast_is_refused(&f));
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(foretells_by_cases),
		cmocka_unit_test(what_is_not_known_is_not_refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
