#include "receiver/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/builtin.h"
#include "catalog/rule_reply.h"

/* Every reply that a built-in policy may give is in the catalogue, with its words, and is of the class it is given as. */
static void
every_rule_of_a_policy_has_words(void **state)
{
	const struct policies *all = policies_built_in();

	(void)state;
	assert_int_equal(all->n, 3);
	for (size_t p = 0; p < all->n; p++)
		for (size_t i = 0; i < all->all[p].n; i++) {
			const struct policy_row *row = &all->all[p].rows[i];
			const struct rule *rule = catalog_find_rule(&catalog_builtin, row->rule);
			struct rule_reply reply;

			if (rule == NULL || !rule_reply_find(rule, row->temporary, &reply))
				fail_msg("%s: %.*s has no reply", concern_token(row->concern), (int)row->rule.len,
				    row->rule.at);
			if (row->temporary && reply.code / 100 != 4)
				fail_msg("%s is temporary, its reply is not", concern_token(row->concern));
		}
}

static void
one_like_another_changes_only_what_it_says(void **state)
{
	const struct policy *google = policy_built_in("google"), *bulk = policy_built_in("google-bulk");

	(void)state;
	assert_true(bulk->rsa_only && !policy_asks_both(google) && policy_asks_both(bulk));
	assert_int_equal(bulk->n, google->n + 4);
	assert_true(policy_on(google, CONCERN_NO_TLS)->temporary && !policy_on(bulk, CONCERN_NO_TLS)->temporary);
	assert_true(bulk->rows[0].concern == google->rows[0].concern);
	assert_null(policy_on(policy_built_in("standard"), CONCERN_UNAUTHENTICATED));
}

static void
an_operators_policy_replaces_and_accepts(void **state)
{
	static struct policies own;
	struct policy_fault fault;

	(void)state;
	own = *policies_built_in();
	assert_true(
	    policies_read(&own, span_of("Policy: mine\nLike: google\nOn: ptr accept\nOn: form-of-nothing accept\n"),
		&fault) == false);
	assert_int_equal(fault.line, 4);
	assert_true(policies_read(&own, span_of("Policy: mine\nLike: google\nOn: ptr accept\n"), &fault));
	assert_null(policy_on(policies_find(&own, span_of("mine")), CONCERN_PTR));
	assert_non_null(policy_on(policies_find(&own, span_of("mine")), CONCERN_PTR_IPV6));
}

static void
what_is_unsound_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *at;
	} rows[] = {
		{ "Says-en: a\n", 1, "" },
		{ "Policy: a\nLike: nobody\n", 2, "nobody" },
		{ "Policy: a\nOn: spf-fail\n", 2, "spf-fail" },
		{ "Policy: a\nOn: spf-fail google.spf-hard-fail perhaps\n", 2, "perhaps" },
		{ "Policy: a\nBulk: b\n", 2, "b" },
		{ "Policy: a\nSignatures: some\n", 2, "some" },
		{ "\nPolicy: a\nColour: red\n", 3, "Colour" },
		{ "Policy: a\nno field\n", 2, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct policies none;
		struct policy_fault fault;

		none.n = 0;
		assert_false(policies_read(&none, span_of(rows[i].text), &fault));
		if (fault.line != rows[i].line || !span_equal(fault.at, span_of(rows[i].at)))
			fail_msg("%s: line %u, %s: %.*s", rows[i].text, fault.line, fault.what, (int)fault.at.len,
			    fault.at.at);
	}
}

static void
files_are_blocked_by_their_ending(void **state)
{
	const struct policy *p = policy_built_in("google");

	(void)state;
	assert_true(policy_blocks_file(p, span_of("setup.EXE")) && policy_blocks_file(p, span_of("a.pdf.js")));
	assert_false(policy_blocks_file(p, span_of("exe")) || policy_blocks_file(p, span_of("a.jsx")) ||
	    policy_blocks_file(p, span_of(".")) || policy_blocks_file(p, span_of("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_rule_of_a_policy_has_words),
		cmocka_unit_test(one_like_another_changes_only_what_it_says),
		cmocka_unit_test(an_operators_policy_replaces_and_accepts),
		cmocka_unit_test(what_is_unsound_is_told_with_its_line),
		cmocka_unit_test(files_are_blocked_by_their_ending) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
