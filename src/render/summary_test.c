#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/fake_verdict.h"
#include "render/summary.h"

static void
replies_lose_what_varies(void **state)
{
	static const struct {
		const char *name, *in, *want;
	} rows[] = {
		{ "address and id", "550 5.1.1 <taro@example.jp>: user unknown x1si2345678 - gsmtp",
		    "550 5.1.1 <{address}>: user unknown {id} - gsmtp" },
		{ "continuation", "550-5.7.1 not\r\n550 5.7.1 wanted", "550 5.7.1 not wanted" },
		{ "IPv4", "554 5.7.1 [192.0.2.7] blocked", "554 5.7.1 [{ip}] blocked" },
		{ "IPv6", "554 5.7.1 2001:db8::25 blocked", "554 5.7.1 {ip} blocked" },
		{ "numbers", "421 wait 300 seconds", "421 wait {n} seconds" },
		{ "own domain", "550 no mail for example.jp.", "550 no mail for {domain}." },
		{ "query of a URL", "550 see https://e.example/a?p=Unknown&x=1 ok",
		    "550 see https://e.example/a?p=Unknown ok" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct out out = { 0 };
		struct fake f;

		fake_undetermined(&f);
		f.failure.reply = span_of(rows[i].in);
		summary_write_pattern(&out, &f.verdict);
		if (!span_equal(out_view(&out), span_of(rows[i].want)))
			fail_msg("row: %s, got: %.*s", rows[i].name, (int)out.len, out.at);
		out_deinit(&out);
	}
}

static void
the_commonest_comes_first(void **state)
{
	const struct terminal t = { false, 80 };
	struct fake spf, unknown;
	struct out out = { 0 };
	struct summary s;

	(void)state;
	fake_spf(&spf);
	fake_undetermined(&unknown);
	summary_init(&s);
	summary_add(&s, &unknown.verdict);
	for (int i = 0; i < 1199; i++)
		summary_add(&s, &spf.verdict);
	assert_int_equal(s.n_groups, 2);
	summary_write_text(&s, &out, &t, LANG_JA);
	assert_memory_equal(
	    out.at, "エラー 1,200 件(2 種類): 恒久的 1,200 件、一時的 0 件\n\n   1,199  99.9%  ##########  送信", 90);
	out_clear(&out);
	summary_write_json(&s, &out);
	assert_memory_equal(out.at, "{\"schema\":2,\"count\":1199,\"share\":0.999,\"cause\":\"auth.spf\"", 57);
	summary_deinit(&s);
	out_deinit(&out);
}

static void
kinds_beyond_the_bound_are_counted(void **state)
{
	char reply[] = "550 aaaa";
	struct summary s;
	struct fake f;

	(void)state;
	fake_undetermined(&f);
	f.failure.reply = span_of(reply);
	summary_init(&s);
	for (int i = 0; i < SUMMARY_GROUPS_MAX + 10; i++) {
		reply[4] = (char)('g' + i % 16);
		reply[5] = (char)('g' + i / 16 % 16);
		reply[6] = (char)('g' + i / 256 % 16);
		reply[7] = (char)('g' + i / 4096 % 16);
		summary_add(&s, &f.verdict);
	}
	assert_int_equal(s.n_groups, SUMMARY_GROUPS_MAX);
	assert_int_equal(s.n_rest, 10);
	summary_deinit(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_lose_what_varies),
		cmocka_unit_test(the_commonest_comes_first),
		cmocka_unit_test(kinds_beyond_the_bound_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
