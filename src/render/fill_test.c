#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalog/builtin.h"
#include "render/fake_verdict.h"
#include "render/fill.h"
#include "render/fill_laws.h"

static const struct {
	const char *name;
	enum lang lang;
	bool known; /* whether the facts are */
	const char *template, *want;
} cases[] = {
	{ "facts", LANG_EN, true, "Add {spf_mechanism} to {domain}.", "Add ip4:192.0.2.25 to example.jp." },
	{ "facts in Japanese", LANG_JA, true, "{domain} に追加", "example.jp に追加" },
	{ "no fact", LANG_EN, false, "Ask about {ip} again.", "Ask about the sending server's IP address again." },
	{ "no fact, first word", LANG_EN, false, "{ip} is listed.", "The sending server's IP address is listed." },
	{ "no fact, next sentence", LANG_EN, false, "Stop. {ip} is listed.",
	    "Stop. The sending server's IP address is listed." },
	{ "no fact, no gap in Japanese", LANG_JA, false, "原因は {ip} です", "原因は送信元 IP アドレスです" },
	{ "no fact in a command", LANG_EN, false, "Ask `dig -x {ip}` too.", "Ask `dig -x <IP>` too." },
	{ "no fact within a name", LANG_EN, false, "Sign as d={domain}, at {selector}._domainkey.{domain}.",
	    "Sign as d=<DOMAIN>, at <SELECTOR>._domainkey.<DOMAIN>." },
	{ "no fact in brackets", LANG_EN, false, "A blocklist ({list}) has it.", "A blocklist has it." },
	{ "no fact in brackets in Japanese", LANG_JA, false, "ブラックリスト({list})にあります",
	    "ブラックリストにあります" },
	{ "a fact in brackets", LANG_EN, true, "The domain ({domain}).", "The domain (example.jp)." },
	{ "receiver", LANG_JA, true, "{receiver} が拒否", "Google が拒否" },
	{ "no receiver", LANG_JA, false, "{receiver} が拒否", "受信サーバーが拒否" },
	{ "what is no fact stays", LANG_EN, true, "{nonsense} {} { {domain", "{nonsense} {} { {domain" },
	{ "braces around a fact", LANG_EN, true, "{{domain}}", "{example.jp}" },
	{ "nothing", LANG_EN, true, "", "" },
};

static void
templates_are_filled_as_the_table_says(void **state)
{
	struct fake f;

	(void)state;
	fake_spf(&f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct out out = { 0 };

		fill_template(
		    &out, span_of(cases[i].template), cases[i].known ? &f.verdict : NULL, cases[i].lang, FILL_PLAIN);
		if (!span_equal(out_view(&out), span_of(cases[i].want)))
			fail_msg("row: %s, got: %.*s", cases[i].name, (int)out.len, out.at);
		out_deinit(&out);
	}
}

static void
a_fact_cannot_begin_a_step_of_its_own(void **state)
{
	struct fake f;
	struct out out = { 0 };

	(void)state;
	fake_spf(&f);
	f.verdict.n_facts = 0;
	fake_fact(&f, "domain", "a\n2. run this", SEEN_REPLY);
	fill_template(&out, span_of("Ask {domain}."), &f.verdict, LANG_EN, FILL_PLAIN);
	assert_true(span_equal(out_view(&out), span_of("Ask a 2. run this.")));
	out_deinit(&out);
}

static void
a_fact_in_a_command_cannot_be_a_command(void **state)
{
	static const char *const evil[] = { "x;reboot", "$(reboot)", "a`b", "a|b", "-oProxy", "a'b", "a b", "a&b",
		"a>b", "a\\b", "@192.0.2.1", "+trace" };
	const struct span template = span_of("Look at {domain}: `dig {domain}`, then at {domain}.");
	struct fake f;

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct out out = { 0 };

		fake_spf(&f);
		f.verdict.n_facts = 0;
		fake_fact(&f, "domain", evil[i], SEEN_REPLY);
		fill_template(&out, template, &f.verdict, LANG_EN, FILL_PLAIN);
		if (memmem(out.at, out.len, "`dig <DOMAIN>`", 14) == NULL ||
		    memmem(out.at, out.len, evil[i], strlen(evil[i])) == NULL)
			fail_msg("%.*s", (int)out.len, out.at);
		out_deinit(&out);
	}
}

static void
every_text_of_the_catalogue_reads_where_no_fact_is_known(void **state)
{
	struct catalog_faults faults = { .n = 0 };

	(void)state;
	if (!fill_laws_check(&catalog_builtin, &faults))
		for (size_t i = 0; i < faults.n && i < 40; i++)
			print_error("%s:%u: %s: %.*s\n", faults.at[i].file, faults.at[i].line, faults.at[i].what,
			    (int)faults.at[i].detail.len, faults.at[i].detail.at);
	assert_int_equal(faults.n, 0);
}

static void
a_text_that_needs_its_facts_is_a_fault(void **state)
{
	static const struct {
		enum lang lang;
		const char *title;
	} unsound[] = { { LANG_EN, "The sending server {ip} is listed" }, { LANG_EN, "Ask the the {receiver}" },
		{ LANG_EN, "From the domain {domain}" }, { LANG_JA, "送信元サーバー {ip} が拒否されました" },
		{ LANG_JA, "宛先のアドレス {recipient} がありません" },
		{ LANG_JA, "{recipient} というメールボックスがありません" } };
	struct cause cause;
	struct catalog c = { .causes = &cause, .n_causes = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++) {
		struct catalog_faults faults = { .n = 0 };

		cause = (struct cause){ .name = { "a.b", 3 } };
		for (enum lang l = 0; l < LANG_COUNT; l++)
			cause.says.title[l] = cause.says.why[l] = cause.says.remedy[l] = (struct span){ "", 0 };
		cause.says.title[unsound[i].lang] = span_of(unsound[i].title);
		if (fill_laws_check(&c, &faults))
			fail_msg("%s", unsound[i].title);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_filled_as_the_table_says),
		cmocka_unit_test(a_fact_cannot_begin_a_step_of_its_own),
		cmocka_unit_test(a_fact_in_a_command_cannot_be_a_command),
		cmocka_unit_test(every_text_of_the_catalogue_reads_where_no_fact_is_known),
		cmocka_unit_test(a_text_that_needs_its_facts_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
