#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "bounce/dsn.h"

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static const char two_recipients[] = "Reporting-MTA: dns; mail.example.jp\r\n"
				     "X-Postfix-Queue-ID: 4ABC1234\r\n"
				     "X-Postfix-Sender: rfc822; hanako@example.jp\r\n"
				     "Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0900 (JST)\r\n"
				     "Original-Envelope-Id: QQ314159\r\n"
				     "\r\n"
				     "Final-Recipient: rfc822; taro@example.com\r\n"
				     "Original-Recipient: rfc822;<taro@example.net>\r\n"
				     "Action: failed (expired)\r\n"
				     "Status: 5.1.1 (bad mailbox)\r\n"
				     "Remote-MTA: dns; mx.example.com\r\n"
				     "Diagnostic-Code: smtp; 550-5.1.1 No such\r\n"
				     "    550 5.1.1 user\r\n"
				     "Last-Attempt-Date: Mon, 23 Nov 2026 10:00:01 +0900\r\n"
				     "Final-Log-ID: abc\r\n"
				     "\r\n"
				     "Final-Recipient: utf-8; \xe5\xa4\xaa\xe9\x83\x8e@example.com\r\n"
				     "Action: delayed\r\n"
				     "Status: 4.4.1\r\n"
				     "Will-Retry-Until: Sat, 28 Nov 2026 10:00:00 +0900\r\n";

static void
both_recipients_of_a_report_are_read(void **state)
{
	struct dsn d;
	struct dsn_recipient r;
	struct span rest;

	(void)state;
	dsn_parse(span_of(two_recipients), &d, &rest);
	assert_span(d.reporting_mta, "mail.example.jp");
	assert_span(d.arrival_date, "Mon, 23 Nov 2026 10:00:00 +0900 (JST)");
	assert_span(d.original_envelope_id, "QQ314159");

	assert_true(dsn_take_recipient(&rest, &r));
	assert_span(r.final_recipient, "taro@example.com");
	assert_span(r.original_recipient, "taro@example.net");
	assert_span(r.action, "failed");
	assert_true(enhanced_status_equal(r.status, (struct enhanced_status){ 5, 1, 1 }));
	assert_span(r.remote_mta, "mx.example.com");
	assert_span(r.diagnostic_type, "smtp");
	assert_span(r.diagnostic_code, "550-5.1.1 No such\r\n    550 5.1.1 user");
	assert_span(r.final_log_id, "abc");

	assert_true(dsn_take_recipient(&rest, &r));
	assert_span(r.final_recipient, "\xe5\xa4\xaa\xe9\x83\x8e@example.com");
	assert_span(r.action, "delayed");
	assert_span(r.will_retry_until, "Sat, 28 Nov 2026 10:00:00 +0900");
	assert_span(r.diagnostic_code, "");
	assert_false(dsn_take_recipient(&rest, &r));
}

static size_t
count(const char *part, struct dsn_recipient *last)
{
	struct dsn d;
	struct span rest;
	size_t n = 0;

	dsn_parse(span_of(part), &d, &rest);
	while (dsn_take_recipient(&rest, last))
		n++;
	return n;
}

static void
missing_blank_lines_are_made_up_for(void **state)
{
	struct dsn_recipient r = { 0 };

	(void)state;
	assert_int_equal(count("Reporting-MTA: dns;a.example.jp\n"
			       "Final-Recipient: rfc822;a@example.jp\nAction: failed\n"
			       "Final-Recipient: rfc822;b@example.jp\nAction: delayed",
			     &r),
	    2);
	assert_span(r.final_recipient, "b@example.jp");
	assert_span(r.action, "delayed");
	assert_int_equal(count("Original-Recipient: rfc822;a@example.jp\n"
			       "Final-Recipient: rfc822;a@example.jp\nStatus: 5.1.1\n"
			       "Original-Recipient: rfc822;b@example.jp\n"
			       "Final-Recipient: rfc822;B@example.jp\n",
			     &r),
	    2);
	assert_span(r.original_recipient, "b@example.jp");
	assert_span(r.final_recipient, "B@example.jp");
}

static void
a_block_without_final_recipient_still_counts(void **state)
{
	struct dsn_recipient r = { 0 };

	(void)state;
	assert_int_equal(count("\n\n\nAction: failed\nStatus: 550 5.2.2\n\n\nX-Foo: bar\n\n", &r), 1);
	assert_int_equal(r.status.subject, 2);
	assert_span(r.final_recipient, "");
}

static void
a_value_folded_without_a_blank_is_kept_whole(void **state)
{
	struct dsn_recipient r = { 0 };

	(void)state;
	assert_int_equal(count("Final-Recipient: taro@example.jp\n"
			       "Diagnostic-Code: 550 5.1.1 no\nsuch user\nStatus: 5.1.1\n",
			     &r),
	    1);
	assert_span(r.final_recipient, "taro@example.jp");
	assert_span(r.diagnostic_type, "");
	assert_span(r.diagnostic_code, "550 5.1.1 no\nsuch user");
	assert_int_equal(r.status.class, 5);
}

static void
all_line_ends_are_known(void **state)
{
	struct dsn_recipient r = { 0 };

	(void)state;
	assert_int_equal(count("Reporting-MTA: dns;a\r\rFinal-Recipient: rfc822;a@example.jp\r"
			       "Status: 5.1.1\r\rFinal-Recipient: rfc822;b@example.jp\rStatus: 5.2.2\r",
			     &r),
	    2);
	assert_int_equal(r.status.subject, 2);
	assert_int_equal(count("Final-Recipient: rfc822;a@example.jp\r\r\nStatus: 5.1.1\r\r\n", &r), 1);
	assert_int_equal(r.status.detail, 1);
}

static void
nothing_is_no_recipient(void **state)
{
	struct dsn_recipient r = { 0 };

	(void)state;
	assert_int_equal(count("", &r), 0);
	assert_int_equal(count("\n \n\n", &r), 0);
	assert_int_equal(count("no field here", &r), 0);
	assert_int_equal(count("Reporting-MTA: dns; a.example.jp", &r), 0);
}

static void
a_hundred_thousand_recipients_are_counted(void **state)
{
	static const char block[] = "Final-Recipient: rfc822;a@example.jp\nAction: failed\n\n";
	const size_t n = 100000, len = sizeof(block) - 1;
	char *part = malloc(n * len);
	struct span rest;
	struct dsn d;
	struct dsn_recipient r;
	size_t seen = 0;

	(void)state;
	assert_non_null(part);
	for (size_t i = 0; i < n; i++)
		memcpy(part + i * len, block, len);
	dsn_parse((struct span){ part, n * len }, &d, &rest);
	while (dsn_take_recipient(&rest, &r))
		seen++;
	free(part);
	assert_int_equal(seen, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_recipients_of_a_report_are_read),
		cmocka_unit_test(missing_blank_lines_are_made_up_for),
		cmocka_unit_test(a_block_without_final_recipient_still_counts),
		cmocka_unit_test(a_value_folded_without_a_blank_is_kept_whole),
		cmocka_unit_test(all_line_ends_are_known),
		cmocka_unit_test(nothing_is_no_recipient),
		cmocka_unit_test(a_hundred_thousand_recipients_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
