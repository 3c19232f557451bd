#include "gate/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "catalog/builtin.h"

static struct smtp_options
options_of(const char *policy)
{
	return (struct smtp_options){ .policy = policy_built_in(policy),
		.catalog = &catalog_builtin,
		.host = span_of("mx.example.jp"),
		.size_limit = 1000,
		.offers_tls = true,
		.offers_xclient = true };
}

static const struct smtp_client client = { .ip = { .bytes = { 192, 0, 2, 25 } }, .name = { "", 0 } };

/* Accepts whatever is asked; true: it closes. */
static bool
talk(struct smtp *s, struct span in)
{
	enum smtp_event event;

	while ((event = smtp_feed(s, &in)) != SMTP_MORE) {
		if (event == SMTP_CLOSES)
			return true;
		if (event == SMTP_STARTS_TLS) {
			smtp_has_tls(s);
			return false;
		}
		if (event == SMTP_CLIENT_CHANGED)
			smtp_greet(s);
		else
			smtp_accept(s);
	}
	return false;
}

static struct span
str(const char *s)
{
	return span_of(s);
}

/* The code of the last line that was said, 0: nothing was. */
static int
last_code(const struct smtp *s)
{
	struct span rest = out_view(&s->out), line, last = { "", 0 };

	while (span_take_line(&rest, &line))
		last = line;
	return last.len >= 3 ? (last.at[0] - '0') * 100 + (last.at[1] - '0') * 10 + (last.at[2] - '0') : 0;
}

static const char *const ways[SMTP_STATES] = { [SMTP_START] = "",
	[SMTP_READY] = "EHLO a.example\r\n",
	[SMTP_MAIL] = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\n",
	[SMTP_RCPT] = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n",
	[SMTP_CHUNKS] = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nBDAT 2\r\nab",
	[SMTP_CHUNKS_LOST] = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nBDAT 2\r\nab" };

enum { SAME = SMTP_STATES };

/* Codes and states by state: refused, start, ready, mail, rcpt, chunks, chunks lost. Over TLS STARTTLS alone differs. */
static const struct {
	const char *line;
	int codes[SMTP_STATES];
} table[] = {
	{ "EHLO a.example", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "EHLO", { 503, 501, 501, 501, 501, 501, 501 } },
	{ "EHLO a b", { 503, 501, 501, 501, 501, 501, 501 } },
	{ "EHLO [192.0.2.1]", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "EHLO [IPv6:2001:db8::1]", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "EHLO -a.example", { 503, 501, 501, 501, 501, 501, 501 } },
	{ "helo a.example", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "MAIL FROM:<a@b.example>", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<>", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM: <a@b.example>", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<@r.example:a@b.example>", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<\"a>b\"@b.example>", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b.example> SIZE=999 BODY=8BITMIME SMTPUTF8", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b.example> SIZE=1001", { 503, 503, 552, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b.example> SIZE=x", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b.example> BODY=BINARYMIME", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b.example> RET=HDRS", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "MAIL FROM:a@b.example", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "MAIL a@b.example", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a>", { 503, 503, 553, 503, 503, 503, 503 } },
	{ "MAIL FROM:<a@b..example>", { 503, 503, 553, 503, 503, 503, 503 } },
	{ "MAIL FROM:<\xe3\x81\x82@b.example>", { 503, 503, 553, 503, 503, 503, 503 } },
	{ "MAIL FROM:<\xe3\x81\x82@b.example> SMTPUTF8", { 503, 503, 250, 503, 503, 503, 503 } },
	{ "MAIL FROM:<\xff@b.example> SMTPUTF8", { 503, 503, 553, 503, 503, 503, 503 } },
	{ "RCPT TO:<c@d.example>", { 503, 503, 503, 250, 250, 503, 503 } },
	{ "RCPT TO:<postmaster>", { 503, 503, 503, 250, 250, 503, 503 } },
	{ "RCPT TO:<c@[192.0.2.1]>", { 503, 503, 503, 250, 250, 503, 503 } },
	{ "RCPT TO:<>", { 503, 503, 503, 553, 553, 503, 503 } },
	{ "RCPT TO:<c d@d.example>", { 503, 503, 503, 553, 553, 503, 503 } },
	{ "RCPT TO:<c@d.example> NOTIFY=NEVER", { 503, 503, 503, 555, 555, 503, 503 } },
	{ "RCPT c@d.example", { 503, 503, 503, 555, 555, 503, 503 } },
	{ "DATA", { 503, 503, 503, 503, 354, 503, 503 } },
	{ "DATA now", { 503, 503, 503, 503, 555, 503, 503 } },
	{ "BDAT 0", { 503, 503, 503, 503, 250, 250, 503 } },
	{ "BDAT 0 LAST", { 503, 503, 503, 503, 250, 250, 503 } },
	{ "BDAT", { 555, 555, 555, 555, 555, 555, 555 } },
	{ "BDAT -1", { 555, 555, 555, 555, 555, 555, 555 } },
	{ "RSET", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "NOOP hello", { 503, 250, 250, 250, 250, 250, 250 } },
	{ "VRFY a", { 503, 252, 252, 252, 252, 252, 252 } },
	{ "EXPN a", { 503, 502, 502, 502, 502, 502, 502 } },
	{ "HELP", { 503, 214, 214, 214, 214, 214, 214 } },
	{ "AUTH PLAIN AA==", { 503, 502, 502, 502, 502, 502, 502 } },
	{ "STARTTLS x", { 503, 503, 555, 503, 503, 503, 503 } },
	{ "XCLIENT ADDR=198.51.100.1 NAME=[UNAVAILABLE]", { 503, 220, 220, 503, 503, 503, 503 } },
	{ "XCLIENT ADDR=no", { 503, 555, 555, 503, 503, 503, 503 } },
	{ "FOO", { 503, 502, 502, 502, 502, 502, 502 } },
	{ "", { 503, 502, 502, 502, 502, 502, 502 } },
	{ "QUIT", { 221, 221, 221, 221, 221, 221, 221 } },
	{ "NOOP\ra", { 500, 500, 500, 500, 500, 500, 500 } },
};

static void
bring_to(struct smtp *s, const struct smtp_options *o, enum smtp_state state, bool tls)
{
	static const struct receiver_reply refusal = { .rule = { "google.reputation-ip", 20 } };

	smtp_init(s, o, &client);
	smtp_greet(s);
	if (tls) {
		talk(s, str("EHLO a.example\r\nSTARTTLS\r\n"));
		assert_true(s->tls && s->state == SMTP_START);
	}
	if (state == SMTP_REFUSED)
		smtp_refuse_service(s, &refusal);
	else
		talk(s, str(ways[state]));
	assert_int_equal(s->state, state);
	out_clear(&s->out);
}

static void
each_command_is_answered_by_its_state(void **state)
{
	const struct smtp_options o = options_of("google");
	static struct smtp s;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (unsigned at = 0; at < 2 * SMTP_STATES; at++) {
			const bool tls = at >= SMTP_STATES;
			const enum smtp_state in = (enum smtp_state)(at % SMTP_STATES);
			char line[SMTP_LINE_MAX];
			int code;

			bring_to(&s, &o, in, tls);
			snprintf(line, sizeof(line), "%s\r\n", table[i].line);
			talk(&s, str(line));
			code = tls && strncmp(table[i].line, "STARTTLS", 8) == 0 ? 503 : table[i].codes[in];
			if (last_code(&s) != code)
				fail_msg("%s in state %u%s: %d, not %d", table[i].line, in, tls ? " over TLS" : "",
				    last_code(&s), code);
			smtp_deinit(&s);
		}
}

static void
what_comes_in_pieces_is_answered_alike(void **state)
{
	const struct smtp_options o = options_of("google");
	static struct smtp whole, pieces;
	const char *session = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
			      "a: b\r\n\r\n..x\r\n.y\n.\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<e@f.example>\r\n"
			      "BDAT 3\r\nabcBDAT 2 LAST\r\n\r\nQUIT\r\n";

	(void)state;
	smtp_init(&whole, &o, &client);
	smtp_init(&pieces, &o, &client);
	assert_true(talk(&whole, str(session)));
	for (size_t i = 0; session[i] != '\0'; i++)
		talk(&pieces, (struct span){ session + i, 1 });
	assert_true(span_equal(out_view(&whole.out), out_view(&pieces.out)));
	smtp_deinit(&whole);
	smtp_deinit(&pieces);
}

/* Up to the message; what it is. */
static void
expect_message(const char *data, const char *message)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;
	struct span in = str(data);
	enum smtp_event event;

	smtp_init(&s, &o, &client);
	talk(&s, str(ways[SMTP_RCPT]));
	while ((event = smtp_feed(&s, &in)) != SMTP_MORE && event != SMTP_ASKS_MESSAGE)
		smtp_accept(&s);
	if (event != SMTP_ASKS_MESSAGE)
		assert_null(message);
	else if (message == NULL || !span_equal(out_view(&s.message), str(message)))
		fail_msg("'%s': '%.*s'", data, (int)s.message.len, s.message.at);
	smtp_deinit(&s);
}

static void
a_message_ends_at_crlf_dot_crlf_alone(void **state)
{
	(void)state;
	expect_message("DATA\r\na\r\n.\r\n", "a\r\n");
	expect_message("DATA\r\n.\r\n", "");
	expect_message("DATA\r\n..\r\n.\r\n", ".\r\n");
	expect_message("DATA\r\na\n.\n", NULL);
	expect_message("DATA\r\na\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n");
	expect_message("DATA\r\na\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n");
	expect_message("DATA\r\na\r.\r\n.\r\n", "a\r.\r\n");
	expect_message("DATA\r\na\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n");
	expect_message("DATA\r\na\r\n.\r\r\n.\r\n", "a\r\n\r\r\n");
	expect_message("BDAT 5 LAST\r\n.\r\na\n", ".\r\na\n");
	expect_message("BDAT 2\r\nabBDAT 2\r\ncdBDAT 0 LAST\r\n", "abcd");
}

static void
a_refused_chunk_is_swallowed_and_answered_once(void **state)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;
	struct span in;

	(void)state;
	smtp_init(&s, &o, &client);
	talk(&s, str(ways[SMTP_RCPT]));
	out_clear(&s.out);
	in = str("BDAT 6\r\nQUIT\r\nNOOP\r\n");
	assert_int_equal(smtp_feed(&s, &in), SMTP_ASKS_DATA);
	smtp_answer(&s, str("451 4.3.0 Not now\n"));
	assert_int_equal(smtp_feed(&s, &in), SMTP_MORE);
	assert_true(span_starts(out_view(&s.out), "451 4.3.0 Not now\r\n250 "));
	smtp_deinit(&s);
}

static void
too_long_a_line_is_skipped_to_its_end(void **state)
{
	const struct smtp_options o = options_of("google");
	char line[3 * SMTP_LINE_MAX];
	struct smtp s;

	(void)state;
	memset(line, 'a', sizeof(line));
	smtp_init(&s, &o, &client);
	for (size_t at = 0; at < sizeof(line); at += 100)
		talk(&s, (struct span){ line, 100 });
	assert_int_equal(s.out.len, 0);
	talk(&s, str("\r\nNOOP\r\n"));
	assert_true(span_starts(out_view(&s.out), "500 "));
	assert_int_equal(last_code(&s), 250);
	smtp_deinit(&s);
}

static void
a_line_that_ends_in_lf_alone_is_named(void **state)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;

	(void)state;
	smtp_init(&s, &o, &client);
	talk(&s, str("EHLO a.example\n"));
	assert_true(span_starts(out_view(&s.out), "500 5.5.2 This line ends in LF alone"));
	smtp_deinit(&s);
}

static void
who_errs_too_often_is_sent_away(void **state)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;
	bool closed = false;

	(void)state;
	smtp_init(&s, &o, &client);
	for (unsigned i = 0; i <= SMTP_ERRORS_MAX; i++) {
		assert_false(closed);
		closed = talk(&s, str("FOO\r\n"));
	}
	assert_true(closed);
	assert_int_equal(last_code(&s), 421);
	smtp_deinit(&s);
}

static void
too_large_a_message_is_not_held(void **state)
{
	const struct smtp_options o = options_of("google");
	char data[1200];
	struct smtp s;
	struct span in;

	(void)state;
	memset(data, 'a', sizeof(data));
	smtp_init(&s, &o, &client);
	talk(&s, str(ways[SMTP_RCPT]));
	talk(&s, str("DATA\r\n"));
	talk(&s, (struct span){ data, sizeof(data) });
	in = str("\r\n.\r\n");
	assert_int_equal(smtp_feed(&s, &in), SMTP_ASKS_MESSAGE);
	assert_int_equal(s.message_size, sizeof(data) + 2);
	assert_int_equal(s.message.len, 0);
	smtp_deinit(&s);
}

static void
what_a_client_says_never_breaks_a_reply(void **state)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;
	struct span rest, line;

	(void)state;
	smtp_init(&s, &o, &client);
	talk(&s, str("EHLO a\x01\x1b[31m\r\n"));
	rest = out_view(&s.out);
	while (span_take_line(&rest, &line))
		for (size_t i = 0; i < line.len; i++)
			assert_true((uint8_t)line.at[i] >= ' ');
	smtp_deinit(&s);
}

static void
xclient_makes_the_client_another(void **state)
{
	const struct smtp_options o = options_of("google");
	struct smtp s;
	struct span in = str("XCLIENT ADDR=IPV6:2001:db8::1 NAME=mail+2Eexample.jp HELO=x.example PORT=9\r\n");
	char ip[IP_ADDRESS_TEXT_MAX];

	(void)state;
	smtp_init(&s, &o, &client);
	talk(&s, str(ways[SMTP_READY]));
	assert_int_equal(smtp_feed(&s, &in), SMTP_CLIENT_CHANGED);
	ip_address_write(&s.client.ip, ip);
	assert_string_equal(ip, "2001:db8::1");
	assert_true(span_equal(s.client.name, str("mail.example.jp")) && s.client.port == 9);
	smtp_deinit(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_command_is_answered_by_its_state),
		cmocka_unit_test(what_comes_in_pieces_is_answered_alike),
		cmocka_unit_test(a_message_ends_at_crlf_dot_crlf_alone),
		cmocka_unit_test(a_refused_chunk_is_swallowed_and_answered_once),
		cmocka_unit_test(too_long_a_line_is_skipped_to_its_end),
		cmocka_unit_test(a_line_that_ends_in_lf_alone_is_named),
		cmocka_unit_test(who_errs_too_often_is_sent_away), cmocka_unit_test(too_large_a_message_is_not_held),
		cmocka_unit_test(what_a_client_says_never_breaks_a_reply),
		cmocka_unit_test(xclient_makes_the_client_another) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
