#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log/log_postfix.h"

#define DAY "Nov 23 10:00:00 mx1 "

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static struct log_line
parsed(const char *line)
{
	struct log_line l = { 0 };

	assert_true(log_postfix.parse(NULL, span_of(line), span_of(""), &l));
	return l;
}

static void
a_bounce_is_read_field_by_field(void **state)
{
	struct log_line l = parsed(
	    DAY "postfix-out/smtp[123]: 4ABC1234: to=<taro@example.jp>, "
		"orig_to=<info@example.jp>, relay=mx.example.jp[192.0.2.1]:25, delay=1.5, "
		"delays=0/0/1/0.5, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: "
		"550 5.1.1 no, status=sent to=<x> (in reply to RCPT TO command))");

	(void)state;
	assert_int_equal(l.kind, LOG_FAILURE);
	assert_span(l.date, "Nov 23 10:00:00");
	assert_span(l.host, "mx1");
	assert_span(l.instance, "postfix-out");
	assert_span(l.daemon, "smtp");
	assert_span(l.queue_id, "4ABC1234");
	assert_span(l.to, "taro@example.jp");
	assert_span(l.orig_to, "info@example.jp");
	assert_span(l.relay_host, "mx.example.jp");
	assert_span(l.relay_ip, "192.0.2.1");
	assert_span(l.relay_port, "25");
	assert_span(l.delay, "1.5");
	assert_int_equal(l.status.detail, 1);
	assert_span(l.outcome, "bounced");
	assert_span(l.text,
	    "host mx.example.jp[192.0.2.1] said: 550 5.1.1 no, status=sent "
	    "to=<x> (in reply to RCPT TO command)");
}

static void
every_kind_of_line_is_told(void **state)
{
	static const struct {
		const char *name, *line;
		enum log_kind kind;
		const char *queue_id;
	} rows[] = {
		{ "sender", DAY "postfix/qmgr[1]: 4ABC1234: from=<a@example.jp>, size=1, nrcpt=1 (queue active)",
		    LOG_SENDER, "4ABC1234" },
		{ "long id", DAY "postfix/qmgr[1]: 4bXyZ0123zq: from=<>, size=1, nrcpt=1", LOG_SENDER, "4bXyZ0123zq" },
		{ "message-id", DAY "postfix/cleanup[1]: 4ABC1234: message-id=<x@example.jp>", LOG_MESSAGE_ID,
		    "4ABC1234" },
		{ "sent", DAY "postfix/lmtp[1]: 4ABC1234: to=<a@example.jp>, relay=x, status=sent (250 ok)",
		    LOG_DELIVERED, "4ABC1234" },
		{ "deferred", DAY "postfix/error[1]: 4ABC1234: to=<a@example.jp>, relay=none, status=deferred (x)",
		    LOG_DEFERRED, "4ABC1234" },
		{ "expired", DAY "postfix/qmgr[1]: 4ABC1234: from=<a@example.jp>, status=expired, returned to sender",
		    LOG_EXPIRED, "4ABC1234" },
		{ "force-expired",
		    DAY "postfix/qmgr[1]: 4ABC1234: from=<a@example.jp>, status=force-expired, returned to sender",
		    LOG_EXPIRED, "4ABC1234" },
		{ "reject",
		    DAY "postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.9]: 450 4.7.1 no; from=<a@example.jp> "
			"to=<b@example.jp> proto=ESMTP helo=<h>",
		    LOG_REJECT, "NOQUEUE" },
		{ "milter",
		    DAY "postfix/cleanup[1]: 4ABC1234: milter-reject: END-OF-MESSAGE from a[192.0.2.9]: 5.7.1 no; "
			"from=<a> to=<b>",
		    LOG_REJECT, "4ABC1234" },
		{ "removed", DAY "postfix/qmgr[1]: 4ABC1234: removed", LOG_REMOVED, "4ABC1234" },
		{ "connect", DAY "postfix/smtpd[1]: connect from a[192.0.2.9]", LOG_OTHER, "" },
		{ "not Postfix", DAY "dovecot: imap: postfix", LOG_FOREIGN, "" },
		{ "within another's text", DAY "kernel: postfix/smtp[1]: 4ABC1234: removed", LOG_FOREIGN, "" },
		{ "a filter that is down",
		    DAY "postfix/smtpd[1]: warning: connect to Milter service inet:localhost:8891: Connection refused",
		    LOG_MILTER, "" },
		{ "nothing", "", LOG_FOREIGN, "" },
		{ "host of that name", "Nov 23 10:00:00 postfix postfix/qmgr[1]: 4ABC1234: removed", LOG_REMOVED,
		    "4ABC1234" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_scan s = { 0 };
		enum log_kind kind = log_postfix.scan(span_of(rows[i].line), &s);

		if (kind != rows[i].kind || !span_equal(s.queue_id, span_of(rows[i].queue_id)))
			fail_msg("row: %s: kind %d, id %.*s", rows[i].name, kind, (int)s.queue_id.len, s.queue_id.at);
	}
}

static void
prefixes_of_all_loggers_are_read(void **state)
{
	static const struct {
		const char *name, *before, *date, *host, *tag_end;
	} rows[] = {
		{ "syslog", "Nov  3 10:00:00 mx1 ", "Nov  3 10:00:00", "mx1", "[1]: " },
		{ "RFC 3339", "2026-11-23T10:00:00.123456+09:00 mx1 ", "2026-11-23T10:00:00.123456+09:00", "mx1",
		    "[1]: " },
		{ "ISO with a blank", "2026-11-23 10:00:00 mx1 ", "2026-11-23 10:00:00", "mx1", "[1]: " },
		{ "RFC 5424", "<22>1 2026-11-23T10:00:00Z mx1 ", "2026-11-23T10:00:00Z", "mx1", " 123 - - " },
		{ "with a priority", "<22>Nov 23 10:00:00 mx1 ", "Nov 23 10:00:00", "mx1", "[1]: " },
		{ "nothing", "", "", "", "[1]: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[256] = "";
		struct log_line l;

		strcat(strcat(line, rows[i].before), "postfix/submission/smtpd");
		strcat(strcat(line, rows[i].tag_end), "4ABC1234: from=<>, size=1");
		if (!log_postfix.parse(NULL, span_of(line), span_of(""), &l) || l.kind != LOG_SENDER ||
		    !l.null_sender || !span_equal(l.date, span_of(rows[i].date)) ||
		    !span_equal(l.host, span_of(rows[i].host)) || !span_equal(l.daemon, span_of("smtpd")))
			fail_msg("row: %s", rows[i].name);
	}
}

static void
a_refused_client_is_read(void **state)
{
	struct log_line l = parsed(DAY "postfix/smtpd[1]: NOQUEUE: reject: RCPT from "
				       "unknown[192.0.2.9]: 450 4.7.1 <h>: Helo command rejected; from=<a@example.jp> "
				       "to=<b@example.jp> proto=ESMTP helo=<h.example.jp>");

	(void)state;
	assert_span(l.text, "RCPT from unknown[192.0.2.9]: 450 4.7.1 <h>: Helo command rejected");
	assert_span(l.from, "a@example.jp");
	assert_span(l.to, "b@example.jp");
	assert_span(l.helo, "h.example.jp");
	assert_int_equal(l.status.subject, 7);
}

static void
odd_addresses_are_kept_whole(void **state)
{
	struct log_line l = parsed(
	    DAY "postfix/smtp[1]: 4ABC1234: to=<\"a, to=<b>\"@example.jp>, "
		"relay=none, delay=1, dsn=4.4.1, status=deferred (connect to x[192.0.2.1]:25: timed out)");

	(void)state;
	assert_span(l.to, "\"a, to=<b>\"@example.jp");
	assert_span(l.relay, "none");
	assert_span(l.relay_host, "");
	assert_span(l.text, "connect to x[192.0.2.1]:25: timed out");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bounce_is_read_field_by_field),
		cmocka_unit_test(every_kind_of_line_is_told),
		cmocka_unit_test(prefixes_of_all_loggers_are_read),
		cmocka_unit_test(a_refused_client_is_read),
		cmocka_unit_test(odd_addresses_are_kept_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
