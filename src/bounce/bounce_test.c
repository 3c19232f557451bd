#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bounce/bounce.h"

static struct arena arena;

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static struct bounce
opened(const char *text)
{
	struct message m;
	struct bounce b;

	message_parse(&arena, span_of(text), &m);
	bounce_open(&arena, &notice_index_builtin, &m, &b);
	return b;
}

static struct failure
next(struct bounce *b)
{
	struct failure f;

	if (!bounce_take_failure(b, &f))
		fail_msg("no failure is left");
	return f;
}

static void
no_more(struct bounce *b)
{
	struct failure f;

	if (bounce_take_failure(b, &f))
		fail_msg("%.*s is one too many", (int)f.recipient.len, f.recipient.at);
}

#define REPORT_HEADER \
	"From: MAILER-DAEMON@mx.example.jp\nTo: hanako@example.jp\nSubject: Undelivered Mail\n" \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"

static void
a_report_tells_each_recipient_and_what_was_sent(void **state)
{
	struct bounce b = opened(REPORT_HEADER
	    "--b\n\nYour mail could not be delivered.\n"
	    "--b\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.example.jp\n\n"
	    "Final-Recipient: rfc822; taro@example.com\nAction: failed\nStatus: 5.1.1\n"
	    "Remote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; 550 5.1.1 no such user here, sorry\n\n"
	    "Final-Recipient: rfc822; jiro@example.net\nAction: delivered\nStatus: 2.0.0\n\n"
	    "Final-Recipient: rfc822; saburo@example.net\nAction: delayed\nStatus: 4.4.1\n"
	    "Diagnostic-Code: smtp; connect to mx.example.net[192.0.2.1]:25: Connection timed out\n\n"
	    "--b\nContent-Type: text/rfc822-headers\n\n"
	    "Return-Path: <bounces@example.jp>\nFrom: Hanako <hanako@example.jp>\nTo: taro@example.com\n"
	    "Subject: Hi\nMessage-ID: <1@example.jp>\n\n--b--\n");
	struct failure f = next(&b);

	(void)state;
	assert_int_equal(b.kind, BOUNCE_REPORT);
	assert_span(f.recipient, "taro@example.com");
	assert_span(f.reply, "550 5.1.1 no such user here, sorry");
	assert_span(f.remote_mta, "mx.example.com");
	assert_span(f.reporting_mta, "mx.example.jp");
	assert_span(f.sender, "bounces@example.jp");
	assert_span(f.author, "hanako@example.jp");
	assert_span(f.message_id, "1@example.jp");
	f = next(&b);
	assert_span(f.recipient, "saburo@example.net");
	assert_span(f.action, "delayed");
	no_more(&b);
	assert_int_equal(b.n_delivered, 1);
}

static void
a_coded_reply_stands_however_short_it_is(void **state)
{
	struct bounce b = opened(
	    REPORT_HEADER "--b\n\n<taro@example.com> (unrecoverable error, and many more words about it)\n"
			  "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
			  "Final-Recipient: rfc822; taro@example.com\nAction: failed\nDiagnostic-Code: smtp; 550 user "
			  "unknown\n\n--b--\n");

	(void)state;
	assert_span(next(&b).reply, "550 user unknown");
}

static void
a_report_that_says_little_is_completed_from_the_prose(void **state)
{
	struct bounce b = opened(
	    REPORT_HEADER "--b\n\ntaro@example.com\nThe e-mail account does not exist at the organization.\n"
			  "<mx.example.com #5.1.1 smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found>\n"
			  "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
			  "Final-Recipient: rfc822; taro@example.com\nAction: failed\nStatus: 5.1.1\n\n--b--\n");
	struct failure f = next(&b);

	(void)state;
	assert_non_null(memmem(f.reply.at, f.reply.len, "RecipNotFound", 13));
}

static void
the_comment_of_a_status_is_read_where_nothing_else_is_said(void **state)
{
	struct bounce b = opened(
	    REPORT_HEADER "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
			  "Final-Recipient: rfc822; taro@example.com\nAction: failed\n"
			  "Status: 4.4.3 (cat.example.net: host name lookup failure, tried for days)\n\n--b--\n");
	struct failure f = next(&b);

	(void)state;
	assert_non_null(memmem(f.reply.at, f.reply.len, "host name lookup failure", 24));
}

static void
a_report_without_recipients_is_told_by_its_prose_or_its_message(void **state)
{
	struct bounce prose = opened(
	    REPORT_HEADER "--b\n\n<taro@example.com>: host down\n"
			  "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n--b--\n");
	struct bounce message = opened(
	    REPORT_HEADER "--b\n\nReport unavailable.\n"
			  "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
			  "--b\nContent-Type: message/rfc822\n\nTo: jiro@example.com\n\n.\n--b--\n");

	(void)state;
	assert_span(next(&prose).recipient, "taro@example.com");
	no_more(&prose);
	assert_span(next(&message).recipient, "jiro@example.com");
	no_more(&message);
}

static void
a_file_as_recipient_gives_way_to_the_failed_recipients_field(void **state)
{
	struct bounce b = opened("X-Failed-Recipients: taro@example.com\n" REPORT_HEADER
				 "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
				 "Final-Recipient: rfc822;/var/mail/taro\nAction: failed\nStatus: 5.2.2\n\n--b--\n");

	(void)state;
	assert_span(next(&b).recipient, "taro@example.com");
	no_more(&b);
}

static void
a_notice_needs_two_signs(void **state)
{
	struct bounce notice = opened(
	    "From: MAILER-DAEMON@example.jp\nSubject: failure notice\n\n<taro@example.com>:\n550 no\n");
	struct bounce letter = opened(
	    "From: taro@example.com\nSubject: Returned mail\n\nSee <jiro@example.com>: he knows.\n");

	(void)state;
	assert_int_equal(notice.kind, BOUNCE_NOTICE);
	assert_span(next(&notice).recipient, "taro@example.com");
	no_more(&notice);
	assert_int_equal(letter.kind, BOUNCE_NOT_A_BOUNCE);
	no_more(&letter);
	letter = opened(
	    "From: postmaster@example.com\nReturn-Path: <>\nSubject: Delivery Notification: Delivery has been successful\n\n"
	    "Your message has been successfully delivered to the following recipients:\n\n  taro@example.com\n");
	assert_int_equal(letter.kind, BOUNCE_NOT_A_BOUNCE);
	no_more(&letter);
}

static void
a_japanese_notice_is_known_by_its_encoded_subject(void **state)
{
	struct bounce b = opened("From: postmaster@example.jp\n"
				 "Subject: =?ISO-2022-JP?B?GyRCJWEhPCVrJSglaSE8RExDThsoQg==?=\n"
				 "Content-Type: text/plain; charset=utf-8\n\n"
				 "Could not be delivered to: <taro@example.com>\nAs their mailbox is full.\n");
	struct failure f = next(&b);

	(void)state;
	assert_span(f.recipient, "taro@example.com");
	assert_non_null(memmem(f.reply.at, f.reply.len, "mailbox is full", 15));
}

static void
an_automatic_reply_is_no_bounce(void **state)
{
	struct bounce b = opened(
	    "From: taro@example.com\nAuto-Submitted: auto-replied\nSubject: Re: Hi\n\nOn holiday.\n");

	(void)state;
	assert_int_equal(b.kind, BOUNCE_AUTO_REPLY);
	no_more(&b);
}

static void
a_complaint_names_who_complained(void **state)
{
	struct bounce b = opened(
	    "From: fbl@example.com\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
	    "--b\n\nAbuse.\n--b\nContent-Type: message/feedback-report\n\n"
	    "Feedback-Type: abuse\nOriginal-Rcpt-To: taro@example.com\n\n--b--\n");
	struct bounce jmrp = opened("From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n"
				    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
				    "X-HmXmrOriginalRecipient: taro@example.com\nTo: x@example.org\n\n.\n--b--\n");

	(void)state;
	assert_int_equal(b.kind, BOUNCE_COMPLAINT);
	assert_span(next(&b).recipient, "taro@example.com");
	no_more(&b);
	assert_int_equal(jmrp.kind, BOUNCE_COMPLAINT);
	assert_span(next(&jmrp).recipient, "taro@example.com");
	no_more(&jmrp);
}

static void
a_bounce_passed_on_by_another_is_read_itself(void **state)
{
	struct bounce b = opened(
	    "From: MAILER-DAEMON@relay.example.jp\nSubject: Returned mail: User unknown\n"
	    "Content-Type: multipart/mixed; boundary=o\n\n--o\n\n--- The following addresses had delivery errors ---\n"
	    "--o\nContent-Type: message/rfc822\n\n" REPORT_HEADER
	    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
	    "Final-Recipient: rfc822; taro@example.com\nAction: failed\nStatus: 5.1.1\n\n--b--\n--o--\n");

	(void)state;
	assert_span(next(&b).recipient, "taro@example.com");
	no_more(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_tells_each_recipient_and_what_was_sent),
		cmocka_unit_test(a_coded_reply_stands_however_short_it_is),
		cmocka_unit_test(a_report_that_says_little_is_completed_from_the_prose),
		cmocka_unit_test(the_comment_of_a_status_is_read_where_nothing_else_is_said),
		cmocka_unit_test(a_report_without_recipients_is_told_by_its_prose_or_its_message),
		cmocka_unit_test(a_file_as_recipient_gives_way_to_the_failed_recipients_field),
		cmocka_unit_test(a_notice_needs_two_signs),
		cmocka_unit_test(a_japanese_notice_is_known_by_its_encoded_subject),
		cmocka_unit_test(an_automatic_reply_is_no_bounce),
		cmocka_unit_test(a_complaint_names_who_complained),
		cmocka_unit_test(a_bounce_passed_on_by_another_is_read_itself),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
