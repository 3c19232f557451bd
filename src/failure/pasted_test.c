#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/out.h"
#include "failure/diagnostic_code.h"
#include "failure/pasted.h"

/* What is told, a line each: code, status, recipient, command, words. */
static void
write_failure(void *context, const struct failure *f)
{
	struct out *out = context;
	struct arena arena = { 0 };
	struct diagnostic_code d;
	char codes[40];

	if (f->read != NULL)
		d = *f->read;
	else
		diagnostic_code_read(&arena, f->reply, false, &d);
	snprintf(codes, sizeof(codes), "%u %u.%u.%u|", d.code, d.status.class, d.status.subject, d.status.detail);
	out_str(out, codes);
	out_span(out, f->recipient);
	out_char(out, '|');
	out_span(out, f->command);
	out_char(out, '|');
	out_span(out, d.text);
	out_char(out, '\n');
	arena_deinit(&arena);
}

static const struct row {
	const char *name, *pasted, *told;
} rows[] = {
	{ "one of two lines", "550-5.1.1 a\n550 5.1.1 b\n", "550 5.1.1|||a b\n" },
	{ "two", "550 5.1.1 a\n550 5.1.2 b\n", "550 5.1.1|||a\n550 5.1.2|||b\n" },
	{ "two of two lines", "550-a\n550 b\n421-c\n421 d", "550 0.0.0|||a b\n421 0.0.0|||c d\n" },
	{ "another status in a reply that goes on", "550-5.1.1 a\n550-5.7.26 b", "550 5.1.1|||a\n550 5.7.26|||b\n" },
	{ "words behind", "550 5.1.1 a\nb c\n\n421 4.7.0 d\ne", "550 5.1.1|||a b c\n421 4.7.0|||d e\n" },
	{ "blank lines within, as a mail reader copies them", "550-5.7.26 a\n\n550-5.7.26 b\n\n550 5.7.26 c",
	    "550 5.7.26|||a b c\n" },
	{ "bullets",
	    "\xe3\x83\xbb"
	    "550 5.1.1 a\n\xe3\x83\xbb"
	    "552 5.2.2 b\n",
	    "550 5.1.1|||a\n552 5.2.2|||b\n" },
	{ "prose in another script behind", "550 5.1.1 a\n\xe5\xae\x9b\xe5\x85\x88\n552 5.2.2 b",
	    "550 5.1.1|||a\n552 5.2.2|||b\n" },
	{ "quoted in one line", "'550 5.1.1 a' / '552 5.2.2 b'", "550 5.1.1|||a\n552 5.2.2|||b\n" },
	{ "a table", "| 550 5.1.1 | no user |\n| 552 5.2.2 | full |\n",
	    "550 5.1.1|||| no user |\n552 5.2.2|||| full |\n" },
	{ "smtplib's dictionary",
	    "smtplib.SMTPRecipientsRefused: {'a@example.jp': (550, b'5.1.1 no\\nuser'), 'b@example.jp': (452, b'4.2.2 full')}",
	    "550 5.1.1|a@example.jp|RCPT TO|no user\n452 4.2.2|b@example.jp|RCPT TO|full\n" },
	{ "smtplib's sender is no recipient", "smtplib.SMTPSenderRefused: (530, b'5.7.0 log in', 'me@example.jp')",
	    "530 5.7.0||MAIL FROM|log in\n" },
	{ "nodemailer's object",
	    "{ Error: Can't send mail\n  code: 'EENVELOPE',\n  response: '550 5.1.1 no',\n  responseCode: 550,\n"
	    "  rejected: [ 'a@example.jp' ] }",
	    "550 5.1.1|a@example.jp||no\n" },
	{ "JSON with what names it around",
	    "{\"to\":\"a@example.jp\",\"err\":{\"message\":\"failed: 550 5.1.2 no\",\"responseCode\":550,\"command\":\"RCPT TO\"}}",
	    "550 5.1.2|a@example.jp|RCPT TO|no\n" },
	{ "JSON with the codes apart",
	    "{\"smtp_code\":501,\"smtp_enchcode\":\"5.1.8\",\"smtp_msg\":\"use submission\"}",
	    "501 5.1.8|||use submission\n" },
	{ "another code in JSON", "{\"code\":404,\"message\":\"not found\"}", "" },
	{ "JSON with words alone", "{\"statusCode\":403,\"message\":\"That domain is not verified\"}",
	    "0 0.0.0|||that domain is not verified\n" },
	{ "PHP's print_r, the code apart", "Array\n(\n    [code] => 550\n    [message] => 5.1.1 no\n)",
	    "0 5.1.1|||no )\n" },
	{ "logfmt", "msg=\"550 5.1.1 no\" code=550 email=x", "550 5.1.1|||no\n" },
	{ "an address alone above", "a@example.jp\nSent back.\n#550 5.1.1 no ##", "550 5.1.1|a@example.jp||no ##\n" },
	{ "an address in lines run together", "The mail system <a@example.jp>: host mx.example.jp said: 550 5.1.1 no",
	    "550 5.1.1|a@example.jp||no\n" },
	{ "what sendmail makes of a reply", "<<< 550 5.7.1 no\n550 5.1.1 <a@example.jp>... User unknown",
	    "550 5.7.1|||no\n" },
	{ "two in one sentence", "it gives 550 5.7.26 no, while he says 550 5.7.515 never",
	    "550 5.7.26|||no, while he says\n550 5.7.515|||never\n" },
	{ "a record of the DNS", "v=DMARC1; p=reject", "" },
	{ "code and status apart in a line", "code = 552, details = \"5.2.2 full\", elapsed = 12ms",
	    "552 5.2.2|||full\n" },
	{ "a library's own words", "SMTP Error: RCPT TO command failed: 550 5.1.1 no", "550 5.1.1||RCPT TO|no\n" },
	{ "the same reply told twice",
	    "SERVER -> CLIENT: 535 5.7.8 no\nSMTP ERROR: Password command failed: 535 5.7.8 no",
	    "535 5.7.8||AUTH|no\n" },
	{ "swaks",
	    " -> MAIL FROM:<me@example.com>\n<-  250 ok\n -> RCPT TO:<a@example.jp>\n<** 550 5.1.1 no\n -> QUIT\n<-  221 bye",
	    "550 5.1.1|a@example.jp|RCPT TO|no\n" },
	{ "the message itself is refused",
	    "MAIL FROM:<me@example.com>\n250 ok\nRCPT TO:<a@example.jp>\n250 ok\nDATA\n354 go\nSubject: 550\n\nx\n.\n554 5.7.1 no",
	    "554 5.7.1|a@example.jp|end of DATA|no\n" },
	{ "MAIL FROM refused names no recipient", "C: MAIL FROM:<me@example.com>\nS: 553 5.7.1 no",
	    "553 5.7.1||MAIL FROM|no\n" },
	{ "all accepted", "220 mx\nMAIL FROM:<a@example.jp>\n250 2.1.0 ok\n", "" },
	{ "no code", "connection timed out", "0 0.0.0|||connection timed out\n" },
	{ "nothing", " \n ", "" },
};

static void
every_reply_of_a_text_is_told(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct out out = { 0 };

		pasted_read(&arena, span_of(rows[i].pasted), write_failure, &out);
		if (!span_equal(out_view(&out), span_of(rows[i].told)))
			fail_msg("row: %s: told \"%.*s\", not \"%s\"", rows[i].name, (int)out.len,
			    out.len ? out.at : "", rows[i].told);
		out_deinit(&out);
	}
	arena_deinit(&arena);
}

static void
what_holds_a_reply_is_told(void **state)
{
	static const char *const replies[] = { "550 no", "> 421-4.7.0 x", "smtp; 550 x", "5.7.26 x",
		"host a said: 550 x", "hello\n550 x", "reply: b'550 x'" };
	static const char *const others[] = { "", "hello", "250 ok", "call 550-1234 now", "192.0.2.5", "10:45:12 x",
		"1,550 x", "took 452 ms" };

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (!pasted_holds_reply(span_of(replies[i])))
			fail_msg("row: %s", replies[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (pasted_holds_reply(span_of(others[i])))
			fail_msg("row: %s", others[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reply_of_a_text_is_told),
		cmocka_unit_test(what_holds_a_reply_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
