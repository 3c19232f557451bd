#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bounce/arf.h"

static const char report[] = "Feedback-Type: auth-failure\r\n"
			     "User-Agent: SomeGenerator/1.0\r\n"
			     "Version: 1\r\n"
			     "Original-Mail-From: <hanako@example.jp>\r\n"
			     "Original-Rcpt-To: <taro@example.com>\r\n"
			     "Original-Rcpt-To: jiro@example.com\r\n"
			     "\r\n"
			     "Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0900\r\n"
			     "Source-IP: 192.0.2.1\r\n"
			     "Authentication-Results: mx.example.com;\r\n"
			     "    spf=fail\r\n"
			     "Auth-Failure: spf\r\n"
			     "Reported-Domain: example.jp";

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static void
a_report_is_read_field_by_field(void **state)
{
	struct arf a;

	(void)state;
	assert_true(arf_parse(span_of(report), &a));
	assert_span(a.feedback_type, "auth-failure");
	assert_span(a.user_agent, "SomeGenerator/1.0");
	assert_span(a.original_mail_from, "hanako@example.jp");
	assert_span(a.original_rcpt_to, "taro@example.com");
	assert_span(a.arrival_date, "Mon, 23 Nov 2026 10:00:00 +0900");
	assert_span(a.source_ip, "192.0.2.1");
	assert_span(a.authentication_results, "mx.example.com;\r\n    spf=fail");
	assert_span(a.auth_failure, "spf");
	assert_span(a.reported_domain, "example.jp");
}

static void
all_recipients_are_told(void **state)
{
	struct span rest = span_of(report), recipient;

	(void)state;
	assert_true(arf_take_original_rcpt_to(&rest, &recipient));
	assert_span(recipient, "taro@example.com");
	assert_true(arf_take_original_rcpt_to(&rest, &recipient));
	assert_span(recipient, "jiro@example.com");
	assert_false(arf_take_original_rcpt_to(&rest, &recipient));
}

static void
what_has_no_feedback_type_is_no_report(void **state)
{
	struct arf a;

	(void)state;
	assert_false(arf_parse(span_of(""), &a));
	assert_false(arf_parse(span_of("\n\nUser-Agent: x\n"), &a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_is_read_field_by_field),
		cmocka_unit_test(all_recipients_are_told),
		cmocka_unit_test(what_has_no_feedback_type_is_no_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
