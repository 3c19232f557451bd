#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "message/mailbox.h"

struct row {
	const char *name, *in, *want; /* NULL: there is none */
};

static void
check(const struct row *row, bool found, struct span got)
{
	if (found != (row->want != NULL) || (found && !span_equal(got, span_of(row->want))))
		fail_msg("%s: got \"%.*s\"", row->name, found ? (int)got.len : 6, found ? got.at : "(none)");
}

static void
an_address_is_taken_off_the_front(void **state)
{
	static const struct row rows[] = {
		{ "plain", "taro@example.jp>", "taro@example.jp" },
		{ "quoted", "\"a b\\\"c\"@example.jp", "\"a b\\\"c\"@example.jp" },
		{ "literal", "x@[192.0.2.1]", "x@[192.0.2.1]" },
		{ "literal, IPv6", "x@[IPv6:2001:db8::1] y", "x@[IPv6:2001:db8::1]" },
		{ "UTF-8", "用户@例え.jp", "用户@例え.jp" },
		{ "dots at odd places", "a..b.@example.jp", "a..b.@example.jp" },
		{ "a full stop behind", "a@example.jp.", "a@example.jp" },
		{ "no domain", "a@", NULL },
		{ "no local part", "@example.jp", NULL },
		{ "no at sign", "a b", NULL },
		{ "empty", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].in), addr = { "", 0 };

		check(&rows[i], mailbox_take(&s, &addr), addr);
	}
}

static void
an_address_is_found_in_prose(void **state)
{
	static const struct row rows[] = {
		{ "angled", "550 <a@example.jp>: unknown", "a@example.jp" },
		{ "bare, punctuation around", "see 'a@example.jp'.", "a@example.jp" },
		{ "a log", "to=<a@example.jp>, relay=x", "a@example.jp" },
		{ "a log, bare", "to=a@example.jp, relay=x", "a@example.jp" },
		{ "VERP", "b-a=example.com@example.jp", "b-a=example.com@example.jp" },
		{ "Japanese glued to it", "宛先a@example.jpへの配送", "a@example.jp" },
		{ "Japanese brackets", "「用户@例え.jp」へ", "用户@例え.jp" },
		{ "UTF-8 in angle brackets", "<日本語.a@例え.jp>", "日本語.a@例え.jp" },
		{ "mailto", "mailto:a@example.jp?subject=x", "a@example.jp" },
		{ "an at sign alone, then one", "4 @ 5, a@example.jp", "a@example.jp" },
		{ "quoted", "user \"a b\"@example.jp is", "\"a b\"@example.jp" },
		{ "none", "no @ address", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span addr = { "", 0 };

		check(&rows[i], mailbox_find(span_of(rows[i].in), &addr), addr);
	}
}

static void
an_address_is_read_off_a_field(void **state)
{
	static const struct row rows[] = {
		{ "bare", "a@example.jp", "a@example.jp" },
		{ "name", "Taro <a@example.jp>", "a@example.jp" },
		{ "name that looks like an address", "b@example.com <a@example.jp>", "a@example.jp" },
		{ "quoted name that holds one", "\"b@example.com\" <a@example.jp>", "a@example.jp" },
		{ "comment that holds one", "(b@example.com) a@example.jp (c@d)", "a@example.jp" },
		{ "encoded name", "=?utf-8?Q?=E5?= <a@example.jp>", "a@example.jp" },
		{ "all encoded", "=?utf-8?B?PGFAZXhhbXBsZS5qcD4=?=", "a@example.jp" },
		{ "group", "team: a@example.jp, b@example.jp;", "a@example.jp" },
		{ "route", "<@x.example,@y.example:a@example.jp>", "a@example.jp" },
		{ "second of a list not taken", "a@example.jp, B <b@example.jp>", "a@example.jp" },
		{ "a quote without an end", "\"Taro <a@example.jp>", "a@example.jp" },
		{ "folded", "Taro\r\n <a@example.jp>", "a@example.jp" },
		{ "quoted local part", "<\"a b\"@example.jp>", "\"a b\"@example.jp" },
		{ "none", "undisclosed-recipients:;", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span got = mailbox_from_field(&arena, span_of(rows[i].in));

		check(&rows[i], got.at != NULL, got);
	}
	arena_deinit(&arena);
}

static void
an_address_is_read_off_a_report(void **state)
{
	static const struct row rows[] = {
		{ "usual", "rfc822; a@example.jp", "a@example.jp" },
		{ "angled, no blank", "RFC822;<a@example.jp>", "a@example.jp" },
		{ "comment", "rfc822; a@example.jp (local)", "a@example.jp" },
		{ "no type", "a@example.jp", "a@example.jp" },
		{ "xtext", "rfc822; a+40example.jp", "a@example.jp" },
		{ "sub-address is no xtext", "rfc822; a+2B@example.jp", "a+2B@example.jp" },
		{ "UTF-8", "utf-8; 用户@例え.jp", "用户@例え.jp" },
		{ "UTF-8, escaped", "utf-8; \\x{7528}\\x{6237}@example.jp", "用户@example.jp" },
		{ "X.400", "x400; /G=Taro/S=Yamada@x/", "/G=Taro/S=Yamada@x/" },
		{ "a local name", "rfc822; taro", "taro" },
		{ "nothing", "rfc822;", "" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], true, mailbox_from_dsn(&arena, span_of(rows[i].in)));
	arena_deinit(&arena);
}

static void
the_domain_is_behind_the_last_at_sign(void **state)
{
	(void)state;
	assert_true(span_equal(mailbox_domain(span_of("\"a@b\"@example.jp")), span_of("example.jp")));
	assert_null(mailbox_domain(span_of("taro")).at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_taken_off_the_front),
		cmocka_unit_test(an_address_is_found_in_prose),
		cmocka_unit_test(an_address_is_read_off_a_field),
		cmocka_unit_test(an_address_is_read_off_a_report),
		cmocka_unit_test(the_domain_is_behind_the_last_at_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
