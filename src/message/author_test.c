#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "message/author.h"

static const struct {
	const char *what, *value,
	    *domains; /* blanks between; "-" for none; "!" behind those before a fault, "?" where readers may show another */
} cases[] = {
	{ "a bare address", "taro@example.jp", "example.jp" },
	{ "a display name", "Taro <taro@example.jp>", "example.jp" },
	{ "an address as display name", "\"boss@bank.example\" <taro@example.jp>", "example.jp" },
	{ "an unquoted address as display name", "boss@bank.example <taro@example.jp>", "!" },
	{ "a comma in a quoted name", "\"Taro, A\" <taro@example.jp>", "example.jp" },
	{ "two authors", "a@example.jp, B <b@example.org>", "example.jp example.org" },
	{ "a group", "Team: a@example.jp, b@example.jp;", "example.jp example.jp" },
	{ "an empty group", "Undisclosed:;", "" },
	{ "a comment within", "a@(not here)example.jp", "example.jp" },
	{ "a comment with an address", "a@example.jp (b@example.org)", "example.jp" },
	{ "nested comments", "(a(b)c@x.org) a@example.jp", "example.jp" },
	{ "a quoted local part", "\"a@b, c\"@example.jp", "example.jp" },
	{ "a route", "<@one.example,@two.example:a@example.jp>", "example.jp ?" },
	{ "a domain literal", "a@[192.0.2.1]", "-" },
	{ "no address at all", "Taro", "-" },
	{ "a trailing dot", "a@example.jp.", "example.jp." },
	{ "upper case as written", "a@Example.JP", "Example.JP" },
	{ "an empty angle", "Taro <>", "-" },
	{ "two angles", "<a@example.jp> <b@example.org>", "example.jp !" },
	{ "a domain in UTF-8", "a@例え.jp", "例え.jp" },
	{ "an open quote", "\"Taro <a@example.jp>", "!" },
	{ "an open comment", "a@example.jp (", "!" },
	{ "bytes that steer", "a@exa\x01mple.jp", "!" },
	{ "empty elements", ", ,a@example.jp,,", "example.jp" },
	{ "folded", "Taro\r\n <a@example.jp>", "example.jp" },
	{ "two dots", "a@example..jp", "-" },
	{ "two @", "admin@legit.example@attacker.example", "!" },
	{ "a list within angles", "<a@legit.example,b@attacker.example>", "!" },
	{ "text behind an angle", "<any@attacker.example>admin@legit.example", "attacker.example !" },
	{ "a name behind an angle", "<taro@example.jp> Taro", "example.jp !" },
	{ "an open angle", "<any@attacker.example", "!" },
	{ "an encoded-word as local part", "=?utf-8?q?admin=40legit.example?=@attacker.example", "!" },
	{ "an encoded-word that hides NUL", "=?utf-8?q?admin=40legit.example=00?= <a@attacker.example>",
	    "attacker.example ?" },
	{ "an encoded-word that hides an angle", "=?utf-8?b?PGFkbWluQGxlZ2l0LmV4YW1wbGU+?= <a@attacker.example>",
	    "attacker.example ?" },
	{ "an encoded-word and a comma", "=?utf-8?b?PGFkbWluQGxlZ2l0LmV4YW1wbGU+?=,<a@attacker.example>",
	    "- attacker.example" },
	{ "an encoded-word as a name", "=?utf-8?b?5L2Q6Jek?= <a@example.jp>", "example.jp" },
	{ "a blank within a domain", "admin@legit.example attacker.example", "!" },
	{ "a blank within a domain in angles", "<admin@legit.example .attacker.example>", "!" },
	{ "a blank before the second @", "admin@legit.example @attacker.example", "!" },
	{ "a fold within a domain", "<admin@legit.example\r\n .attacker.example>", "!" },
	{ "a quoted pair between angles", "<admin@legit.example>\\,<a@attacker.example>", "legit.example !" },
	{ "the name repeats the address", "taro@example.jp <taro@example.jp>", "example.jp" },
	{ "the name repeats the domain", "info@Example.jp <taro@example.jp>", "example.jp" },
	{ "a comment in the domain that is an address", "<admin@legit.example(@attacker.example)>", "legit.example ?" },
	{ "an angle in a comment", "(<admin@legit.example>) a@attacker.example", "attacker.example ?" },
	{ "RFC 5322 appendix A.5", "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "silly.test" },
	{ "a quoted local part that is an address", "\"admin@legit.example\"@attacker.example", "attacker.example ?" },
	{ "dots in a name", "John Q. Public <john@example.jp>", "example.jp" },
	{ "brackets in a name", "[ML 12] Taro <taro@example.jp>", "example.jp" },
	{ "dots at odd places", "taro..x.@example.jp", "example.jp" },
	{ "a name in raw UTF-8", "佐藤 <taro@example.jp>", "example.jp" },
	{ "a name in raw Shift_JIS", "\x8d\xb2\x93\xa1 <taro@example.jp>", "example.jp" },
	{ "blanks within the angles", "< taro@example.jp >", "example.jp" },
	{ "a group without an end", "Team: a@example.jp", "example.jp !" },
	{ "a group whose name is an address", "admin@legit.example: a@attacker.example;", "!" },
	{ "a semicolon between", "a@legit.example; b@attacker.example", "legit.example !" },
	{ "angles in angles", "<admin@legit.example<a@attacker.example>>", "!" },
	{ "nothing", "", "" },
};

static void
every_author_is_found_with_its_domain(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct authors authors = { .n = 0 };
		char found[256] = "";

		authors_add(&arena, span_of(cases[i].value), &authors);
		for (size_t k = 0; k < authors.n; k++) {
			const struct span d = authors.all[k].domain;

			strcat(found, k ? " " : "");
			strncat(found, d.len ? d.at : "-", d.len ? d.len : 1);
		}
		if (authors.fault != PROBLEM_NONE)
			strcat(found, authors.n ? " !" : "!");
		if (authors.doubt != PROBLEM_NONE)
			strcat(found, " ?");
		if (strcmp(found, cases[i].domains) != 0)
			fail_msg("%s: [%s]", cases[i].what, found);
	}
	arena_deinit(&arena);
}

static void
all_from_fields_count_and_no_more_than_so_many(void **state)
{
	struct arena arena = { 0 };
	struct authors authors;
	char *many = calloc(1, 2000);

	(void)state;
	authors_find(&arena, span_of("To: x@y.z\r\nFrom: a@b.jp\r\nfrom: c@d.jp\r\n"), &authors);
	assert_int_equal(authors.n, 2);
	assert_int_equal(authors.n_fields, 2);
	for (int i = 0; i < 200; i++)
		strcat(many, "a@b.jp,");
	authors = (struct authors){ .n = 0 };
	authors_add(&arena, span_of(many), &authors);
	assert_int_equal(authors.n, AUTHORS_MAX);
	assert_true(authors.cut);
	free(many);
	arena_deinit(&arena);
}

/* What a mail reader may show as From:, whatever the grammar says. */
static void
no_line_that_looks_like_from_stays_unseen(void **state)
{
	static const char *const others[] = { " From: <a@legit.example>\r\n", "From\r\n : <a@legit.example>\r\n",
		("\xef\xbb\xbf"
		 "From: <a@legit.example>\r\n"),
		"From\x01: <a@legit.example>\r\n", "x\r\n\tFrom: <a@legit.example>\r\n" };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		for (int behind = 0; behind < 2; behind++) {
			const char *const own = "From: <a@attacker.example>\r\n";
			struct authors authors;
			char header[256];

			snprintf(header, sizeof(header), "%s%s", behind ? own : others[i], behind ? others[i] : own);
			authors_find(&arena, span_of(header), &authors);
			if (authors.fault == PROBLEM_NONE)
				fail_msg("unseen: %s", header);
		}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_author_is_found_with_its_domain),
		cmocka_unit_test(no_line_that_looks_like_from_stays_unseen),
		cmocka_unit_test(all_from_fields_count_and_no_more_than_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
