#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/fake_verdict.h"
#include "render/report_text.h"

static const struct json_source source = { .file = FAKE_SPAN("b.mbox"), .message = 3, .line = 120 };
static const struct terminal plain = { false, 80 };

static bool
out_holds(const struct out *out, const char *s)
{
	return memmem(out->at, out->len, s, strlen(s)) != NULL;
}

static void
assert_holds(const struct out *out, const char *s)
{
	if (!out_holds(out, s))
		fail_msg("not there: %s\nin:\n%.*s", s, (int)out->len, out->at);
}

static void
explain(struct out *out, const struct fake *f, const struct terminal *t, enum lang lang)
{
	struct report_page text;

	report_page_init(&text);
	report_page_add(&text, &f->verdict, &source);
	report_text_write(&text, out, t, lang);
	report_page_deinit(&text);
}

static void
a_refusal_is_explained_in_english(void **state)
{
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_spf(&f);
	explain(&out, &f, &plain, LANG_EN);
	assert_holds(&out,
	    "Google refused the mail to taro@gmail.example (permanent error).\n"
	    "SPF does not pass for the sending server\n\n"
	    "  What to do    1. Add ip4:192.0.2.25 to the SPF record of example.jp, before\n");
	assert_holds(&out, "  Why           The SPF record of example.jp does not list 192.0.2.25, and ends\n");
	assert_holds(&out, "  Who must act  The DNS administrator of the sending domain, then the sender's\n");
	assert_holds(&out,
	    "  What to do    1. Add ip4:192.0.2.25 to the SPF record of example.jp, before\n"
	    "                   -all.\n                2. ");
	assert_holds(&out,
	    "  The reply     550-5.7.26 The MAIL FROM domain [example.jp] has an SPF record\n"
	    "                           ^^^^^^^^");
	assert_holds(&out, "  Found in      b.mbox, message 3, line 120\n");
	out_deinit(&out);
}

static void
a_refusal_is_explained_in_japanese(void **state)
{
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_spf(&f);
	explain(&out, &f, &plain, LANG_JA);
	assert_holds(&out, "Google が taro@gmail.example 宛てのメールを受け取りませんでした(恒久的な");
	assert_holds(&out, "エラー)。\n送信元サーバーが SPF で許可されていません\n\n  対処方法      1. ");
	assert_holds(&out, "  宛先の扱い    配信リストに残してください");
	assert_holds(&out, "  対応する人    送信ドメインの DNS 管理者、次に送信側のメール管理者\n");
	assert_holds(&out, "  記載箇所      b.mbox、3 通目、120 行目\n");
	out_deinit(&out);
}

static void
no_line_is_wider_than_the_terminal(void **state)
{
	(void)state;
	for (unsigned width = 60; width <= 120; width++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			const struct terminal t = { false, width };
			struct out out = { 0 };
			struct fake f;
			struct span rest, line;

			fake_spf(&f);
			explain(&out, &f, &t, (enum lang)lang);
			for (rest = out_view(&out); span_take_line(&rest, &line);)
				if (terminal_width(line) > width)
					fail_msg("width %u: %.*s", width, (int)line.len, line.at);
			out_deinit(&out);
		}
}

static void
what_is_not_known_is_said_plainly(void **state)
{
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_undetermined(&f);
	explain(&out, &f, &plain, LANG_EN);
	assert_holds(&out, "The cause could not be determined\n");
	assert_holds(&out, "postmaster@example.jp");
	assert_holds(&out, "receiving host: mx1.example.jp\n");
	out_clear(&out);
	explain(&out, &f, &plain, LANG_JA);
	assert_holds(&out, "原因を特定できませんでした\n");
	out_deinit(&out);
}

static void
failures_that_differ_in_the_recipient_share_an_explanation(void **state)
{
	char address[] = "user00@gmail.example";
	struct out out = { 0 };
	struct report_page text;
	struct fake f;

	(void)state;
	report_page_init(&text);
	for (int i = 0; i < 13; i++) {
		fake_spf(&f);
		address[4] = (char)('0' + i / 10);
		address[5] = (char)('0' + i % 10);
		f.failure.recipient = span_of(address);
		report_page_add(&text, &f.verdict, &source);
	}
	assert_int_equal(text.n_groups, 1);
	report_text_write(&text, &out, &plain, LANG_EN);
	assert_holds(&out, "Google refused the mail to 13 recipients");
	assert_holds(&out, "  Recipients    user00@gmail.example\n                user01@");
	assert_holds(&out, "                and 3 more\n");
	assert_false(out_holds(&out, "user10@"));
	report_page_deinit(&text);
	out_deinit(&out);
}

static void
a_temporary_error_says_when_to_try_again(void **state)
{
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_spf(&f);
	f.verdict.permanence = PERMANENCE_TEMPORARY;
	f.verdict.retry = (struct retry){ 900, 3600, 432000 };
	f.verdict.suppress = (struct suppress){ SUPPRESS_AFTER, 3, 14 * 86400 };
	explain(&out, &f, &(struct terminal){ false, 0 }, LANG_EN);
	assert_holds(&out, "after 15 minutes, then every 1 hour, for up to 5 days");
	assert_holds(&out, "3 times within 14 days");
	out_clear(&out);
	explain(&out, &f, &(struct terminal){ false, 0 }, LANG_JA);
	assert_holds(&out, "15 分後、以後 1 時間ごと、最長 5 日間)。");
	assert_holds(&out, "14 日以内に 3 回発生したら");
	out_deinit(&out);
}

static void
no_escape_of_others_reaches_the_terminal(void **state)
{
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_undetermined(&f);
	f.failure.reply = FAKE_SPAN("550 \x1b[2J\x1b]0;x\x07 \xe2\x80\xae no");
	f.failure.recipient = FAKE_SPAN("a\x1b[31m@example.jp");
	f.failure.remote_mta = FAKE_SPAN("mx\x9b.example.jp");
	explain(&out, &f, &plain, LANG_JA);
	assert_null(memchr(out.at, 0x1b, out.len));
	assert_null(memchr(out.at, 0x07, out.len));
	assert_false(out_holds(&out, "\xe2\x80\xae"));
	out_deinit(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_is_explained_in_english),
		cmocka_unit_test(a_refusal_is_explained_in_japanese),
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(what_is_not_known_is_said_plainly),
		cmocka_unit_test(failures_that_differ_in_the_recipient_share_an_explanation),
		cmocka_unit_test(a_temporary_error_says_when_to_try_again),
		cmocka_unit_test(no_escape_of_others_reaches_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
