#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "record/received_spf.h"

static struct arena arena;

/* NULL: not told. */
static void
assert_span(const char *name, struct span s, const char *want)
{
	if ((s.at != NULL) != (want != NULL) || (want != NULL && !span_equal(s, span_of(want))))
		fail_msg("%s: \"%.*s\" is not \"%s\"", name, (int)s.len, s.at ? s.at : "", want ? want : "(none)");
}

static void
assert_sound(const char *name, const char *value, struct received_spf *r)
{
	if (!received_spf_parse(&arena, span_of(value), r) || r->fault != NULL)
		fail_msg("%s: %s at %zu", name, r->fault, r->at);
}

/* RFC 7208 section 9.1 */
static void
the_standards_examples_are_read(void **state)
{
	struct received_spf r;

	(void)state;
	assert_sound("pass",
	    "pass (mybox.example.org: domain of\r\n myname@example.com designates 192.0.2.1 as\r\n permitted sender)\r\n"
	    "  receiver=mybox.example.org; client-ip=192.0.2.1;\r\n"
	    "  envelope-from=\"myname@example.com\"; helo=foo.example.com;",
	    &r);
	assert_span("result", r.result, "pass");
	assert_span("comment", r.comment,
	    "mybox.example.org: domain of myname@example.com designates 192.0.2.1 as permitted sender");
	assert_span("receiver", r.receiver, "mybox.example.org");
	assert_span("client-ip", r.client_ip, "192.0.2.1");
	assert_span("envelope-from", r.envelope_from, "myname@example.com");
	assert_span("helo", r.helo, "foo.example.com");
	assert_span("problem", r.problem, NULL);
	assert_sound("fail",
	    "fail (mybox.example.org: domain of\r\n myname@example.com does not designate\r\n 192.0.2.1 as permitted "
	    "sender)\r\n identity=mailfrom; client-ip=192.0.2.1;\r\n envelope-from=\"myname@example.com\";",
	    &r);
	assert_span("result", r.result, "fail");
	assert_span("identity", r.identity, "mailfrom");
}

static void
what_receivers_write_is_put_up_with(void **state)
{
	static const struct {
		const char *name, *value, *result, *comment, *client_ip, *envelope_from, *helo, *mechanism;
	} rows[] = {
		{ "a result alone", "none", "none", NULL, NULL, NULL, NULL, NULL },
		{ "no comment", "SoftFail client-ip=192.0.2.1", "SoftFail", NULL, "192.0.2.1", NULL, NULL, NULL },
		{ "a comment alone", "neutral (a (b) \\) c)", "neutral", "a (b) ) c", NULL, NULL, NULL, NULL },
		{ "a comment in front", " (x) pass helo=a.jp;", "pass", NULL, NULL, NULL, "a.jp", NULL },
		{ "IPv6 without quotes", "Pass (x) client-ip=2001:db8::1; helo=a.jp", "Pass", "x", "2001:db8::1", NULL,
		    "a.jp", NULL },
		{ "an address in angle brackets", "pass envelope-from=<a=b@c.jp>;helo=a.jp;;", "pass", NULL, NULL,
		    "<a=b@c.jp>", "a.jp", NULL },
		{ "blanks for semicolons", "pass client-ip=192.0.2.1 helo=a.jp\r\n\tmechanism=mx", "pass", NULL,
		    "192.0.2.1", NULL, "a.jp", "mx" },
		{ "quotes", "pass Envelope-From = \"\\\"a b\\\"@c.jp\" (x); mechanism=\"ip4:192.0.2.0/24\"", "pass",
		    NULL, NULL, "\"a b\"@c.jp", NULL, "ip4:192.0.2.0/24" },
		{ "unknown keys", "pass x-a=1; helo=a.jp; pr=C;", "pass", NULL, NULL, NULL, "a.jp", NULL },
		{ "a key without value", "pass helo=; client-ip=192.0.2.1", "pass", NULL, "192.0.2.1", NULL, "", NULL },
		{ "a key without value or semicolon", "pass helo= client-ip=192.0.2.1", "pass", NULL, "192.0.2.1", NULL,
		    "", NULL },
		{ "a key twice", "pass helo=a.jp; helo=b.jp", "pass", NULL, NULL, NULL, "a.jp", NULL },
		{ "pairs in quotes and comments", "pass helo=\"a; client-ip=1\" (client-ip=2)", "pass", NULL, NULL,
		    NULL, "a; client-ip=1", NULL },
		{ "a line end behind all", "permerror (x)\r\n", "permerror", "x", NULL, NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct received_spf r;

		assert_sound(rows[i].name, rows[i].value, &r);
		assert_span(rows[i].name, r.result, rows[i].result);
		assert_span(rows[i].name, r.comment, rows[i].comment);
		assert_span(rows[i].name, r.client_ip, rows[i].client_ip);
		assert_span(rows[i].name, r.envelope_from, rows[i].envelope_from);
		assert_span(rows[i].name, r.helo, rows[i].helo);
		assert_span(rows[i].name, r.mechanism, rows[i].mechanism);
	}
}

static void
what_is_unsound_is_refused_and_pointed_at(void **state)
{
	static const struct {
		const char *name, *value, *at; /* what begins at the fault */
	} rows[] = {
		{ "nothing", "", "" },
		{ "no word of SPF", "passed (x)", "passed (x)" },
		{ "no word", " =pass", "=pass" },
		{ "a comment not closed", "pass (a (b) helo=a.jp", "(a (b) helo=a.jp" },
		{ "a value that opens a comment", "pass helo=a.net(.b.com", "(.b.com" },
		{ "a quote not closed", "pass helo=\"a.jp;", "\"a.jp;" },
		{ "a word that is no pair", "pass helo=a.jp; sender", "" },
		{ "a word behind a quote", "pass helo=\"a\"@b.jp", "@b.jp" },
		{ "a line that is no fold", "pass helo=a.jp\r\nBcc: b", "\r\nBcc: b" },
		{ "a control character", "pass helo=a\x01", "\x01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span value = span_of(rows[i].value);
		struct received_spf r;

		if (received_spf_parse(&arena, value, &r) || r.fault == NULL || r.at > value.len)
			fail_msg("%s: taken for sound", rows[i].name);
		assert_span(rows[i].name, span_skip(value, r.at), rows[i].at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standards_examples_are_read),
		cmocka_unit_test(what_receivers_write_is_put_up_with),
		cmocka_unit_test(what_is_unsound_is_refused_and_pointed_at),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
