#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/fake_verdict.h"
#include "render/fill.h"

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
	{ "no fact, no gap in Japanese", LANG_JA, false, "原因は {ip} です", "原因は送信サーバーの IP アドレスです" },
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
		"a>b", "a\\b" };
	const struct span template = span_of("Look at {domain}: `dig {domain}`, then at {domain}.");
	struct fake f;

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct out out = { 0 };

		fake_spf(&f);
		f.verdict.n_facts = 0;
		fake_fact(&f, "domain", evil[i], SEEN_REPLY);
		fill_template(&out, template, &f.verdict, LANG_EN, FILL_PLAIN);
		if (memmem(out.at, out.len, "`dig the ", 9) == NULL ||
		    memmem(out.at, out.len, evil[i], strlen(evil[i])) == NULL)
			fail_msg("%.*s", (int)out.len, out.at);
		out_deinit(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_filled_as_the_table_says),
		cmocka_unit_test(a_fact_cannot_begin_a_step_of_its_own),
		cmocka_unit_test(a_fact_in_a_command_cannot_be_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
