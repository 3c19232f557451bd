#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "failure/diagnostic_code.h"

static const struct row {
	const char *name, *raw, *text;
	uint16_t code;
	struct enhanced_status status;
	const char *host, *ip, *command, *client_ip;
} rows[] = {
	{ "plain", "550 5.1.1 No such User\r\n", "no such user", 550, { 5, 1, 1 }, "", "", "", "" },
	{ "several lines", "550-5.7.26 a\r\n550-5.7.26  b\r\n550 5.7.26 c\r\n", "a b c", 550, { 5, 7, 26 }, "", "", "",
	    "" },
	{ "continuation without blank", "550-\n550-5.7.1 x\n550 5.7.1 y", "x y", 550, { 5, 7, 1 }, "", "", "", "" },
	{ "no status", "550-a\n550 b", "a b", 550, { 0 }, "", "", "", "" },
	{ "lost line breaks", "550-5.7.26 The MAIL FROM domain [x] 550-5.7.26 has an SPF 550 5.7.26 record",
	    "the mail from domain [x] has an spf record", 550, { 5, 7, 26 }, "", "", "", "" },
	{ "lost line breaks, no status", "550-a 550-b 550 c took 550 ms", "a b c took 550 ms", 550, { 0 }, "", "", "",
	    "" },
	{ "Exim's escaped ends", "550-5.1.1 a\\n550-5.1.1 b\\r\\n550 5.1.1 c", "a b c", 550, { 5, 1, 1 }, "", "", "",
	    "" },
	{ "status alone repeats", "550-5.7.26 a\n5.7.26 b\n5.7.26 c", "a b c", 550, { 5, 7, 26 }, "", "", "", "" },
	{ "smtplib", "(550, b'5.1.1 no such\\n5.1.1 user')", "no such user", 550, { 5, 1, 1 }, "", "", "", "" },
	{ "type", "smtp; 550 5.1.1 x", "x", 550, { 5, 1, 1 }, "", "", "", "" },
	{ "Postfix",
	    "host mx.example.jp[192.0.2.1] said: 550 5.1.1 No\n    such user (in reply to\n    RCPT TO command)",
	    "no such user", 550, { 5, 1, 1 }, "mx.example.jp", "192.0.2.1", "RCPT TO", "" },
	{ "Postfix notice",
	    "<taro@example.jp>: host mx.example.jp[2001:db8::1] said: 421-4.7.0 Try\n    421 4.7.0 later (in reply to "
	    "end of DATA command)",
	    "try later", 421, { 4, 7, 0 }, "mx.example.jp", "2001:db8::1", "end of DATA", "" },
	{ "Postfix at greeting", "host mx.example.jp[192.0.2.1] refused to talk to me: 554 no", "no", 554, { 0 },
	    "mx.example.jp", "192.0.2.1", "connect", "" },
	{ "Postfix's own words", "X-Postfix; unknown user: \"taro\"", "unknown user: \"taro\"", 0, { 0 }, "", "", "",
	    "" },
	{ "Exim",
	    "SMTP error from remote mail server after RCPT TO:<taro@example.jp>:\n    host mx.example.jp [192.0.2.1]: "
	    "550 5.1.1 no",
	    "no", 550, { 5, 1, 1 }, "mx.example.jp", "192.0.2.1", "RCPT TO", "" },
	{ "Exim with a size",
	    "SMTP error from remote mail server after MAIL FROM:<a@example.jp> SIZE=12: 452 4.2.2 full", "full", 452,
	    { 4, 2, 2 }, "", "", "MAIL FROM", "" },
	{ "Exim's log",
	    "2026-11-23 10:00:00 1abcde-000000-00 ** a@example.jp R=r T=t H=mx.example.jp [192.0.2.1]: SMTP error from "
	    "remote mail server after end of data: 550-5.7.1 a\\n550 5.7.1 b",
	    "a b", 550, { 5, 7, 1 }, "mx.example.jp", "192.0.2.1", "end of DATA", "" },
	{ "Postfix's log",
	    "Nov 23 10:00:00 mx1 postfix/smtp[12]: 4ABC1234: to=<a@example.jp>, relay=x[192.0.2.1]:25, dsn=5.1.1, "
	    "status=bounced (host x[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))",
	    "no", 550, { 5, 1, 1 }, "x", "192.0.2.1", "RCPT TO", "" },
	{ "smtpd's log",
	    "Nov 23 10:00:00 mx1 postfix/smtpd[12]: NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 450 4.7.1 "
	    "<a@example.jp>: no",
	    "<a@example.jp>: no", 450, { 4, 7, 1 }, "", "", "RCPT TO", "192.0.2.9" },
	{ "qmail", "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no\nGiving up on 192.0.2.1.\n",
	    "no", 550, { 5, 1, 1 }, "", "192.0.2.1", "RCPT TO", "" },
	{ "qmail's own words", "Sorry, no mailbox here by that name. (#5.1.1)",
	    "sorry, no mailbox here by that name. (#5.1.1)", 0, { 5, 1, 1 }, "", "", "", "" },
	{ "Sendmail",
	    "... while talking to mx.example.jp.:\n>>> RCPT To:<a@example.jp>\n<<< 550 5.1.1 no\n550 5.1.1 "
	    "<a@example.jp>... User unknown",
	    "no <a@example.jp>... user unknown", 550, { 5, 1, 1 }, "mx.example.jp", "", "RCPT TO", "" },
	{ "Google's client address", "550-5.7.1 [203.0.113.9      15] Our system\n550 5.7.1 x", "our system x", 550,
	    { 5, 7, 1 }, "", "", "", "203.0.113.9" },
	{ "quoted", "\xe3\x80\x8c\x35\x35\x30 5.1.1 \xe4\xb8\x8d\xe6\x98\x8e\xe3\x80\x8d", "\xe4\xb8\x8d\xe6\x98\x8e",
	    550, { 5, 1, 1 }, "", "", "", "" },
	{ "full width", "\xef\xbc\x95\xef\xbc\x95\xef\xbc\x90\xe3\x80\x80\x35.1.1\xe3\x80\x80x", "x", 550, { 5, 1, 1 },
	    "", "", "", "" },
	{ "mail reader's marks", "> * 550 5.1.1 x", "x", 550, { 5, 1, 1 }, "", "", "", "" },
	{ "Exchange", "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", "resolver.adr.recipnotfound; not found ##",
	    550, { 5, 1, 1 }, "", "", "", "" },
	{ "a library's words", "Invalid login: 535-5.7.8 Not accepted\n535 5.7.8 see",
	    "invalid login: not accepted see", 535, { 5, 7, 8 }, "", "", "", "" },
	{ "no code", "Connection timed out", "connection timed out", 0, { 0 }, "", "", "", "" },
	{ "nothing", "", "", 0, { 0 }, "", "", "", "" },
	{ "cut short", "550-5.7", "5.7", 550, { 0 }, "", "", "", "" },
	{ "bare code", "550", "", 550, { 0 }, "", "", "", "" },
	{ "bytes of another charset", "550 5.1.1 a\x83\x41", "a?a", 550, { 5, 1, 1 }, "", "", "", "" },
	{ "RCPT's address is words", "550 5.1.1\n <a@example.jp>: no", "<a@example.jp>: no", 550, { 5, 1, 1 }, "", "",
	    "", "" },
	{ "a number in the words", "452 4.3.1 limit is 500 messages", "limit is 500 messages", 452, { 4, 3, 1 }, "", "",
	    "", "" },
};

static void
assert_field(const struct row *row, const char *field, struct span got, const char *want)
{
	if (!span_equal(got, span_of(want)))
		fail_msg(
		    "row: %s: %s is \"%.*s\", not \"%s\"", row->name, field, (int)got.len, got.at ? got.at : "", want);
}

static void
replies_are_read_as_the_table_says(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct diagnostic_code d;

		diagnostic_code_read(&arena, span_of(row->raw), false, &d);
		assert_field(row, "text", d.text, row->text);
		assert_field(row, "host", d.host, row->host);
		assert_field(row, "ip", d.ip, row->ip);
		assert_field(row, "command", d.command, row->command);
		assert_field(row, "client_ip", d.client_ip, row->client_ip);
		if (d.code != row->code || !enhanced_status_equal(d.status, row->status))
			fail_msg("row: %s: %u %u.%u.%u", row->name, d.code, d.status.class, d.status.subject,
			    d.status.detail);
	}
	arena_deinit(&arena);
}

static void
offsets_lead_back_to_the_raw_bytes(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diagnostic_code d;

		diagnostic_code_read(&arena, span_of(rows[i].raw), true, &d);
		for (size_t k = 0; k < d.text.len; k++) {
			char raw = ascii_lower(rows[i].raw[d.offsets[k]]);

			if (d.text.at[k] != raw && d.text.at[k] > ' ' && d.text.at[k] != '?')
				fail_msg("row: %s: byte %zu", rows[i].name, k);
		}
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_as_the_table_says),
		cmocka_unit_test(offsets_lead_back_to_the_raw_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
