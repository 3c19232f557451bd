#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/author.h"

static const struct {
	const char *what, *value, *domains; /* blanks between; "-" for none */
} cases[] = {
	{ "a bare address", "taro@example.jp", "example.jp" },
	{ "a display name", "Taro <taro@example.jp>", "example.jp" },
	{ "an address as display name", "\"boss@bank.example\" <taro@example.jp>", "example.jp" },
	{ "an unquoted address as display name", "boss@bank.example <taro@example.jp>", "example.jp" },
	{ "a comma in a quoted name", "\"Taro, A\" <taro@example.jp>", "example.jp" },
	{ "two authors", "a@example.jp, B <b@example.org>", "example.jp example.org" },
	{ "a group", "Team: a@example.jp, b@example.jp;", "example.jp example.jp" },
	{ "an empty group", "Undisclosed:;", "" },
	{ "a comment within", "a@(not here)example.jp", "example.jp" },
	{ "a comment with an address", "a@example.jp (b@example.org)", "example.jp" },
	{ "nested comments", "(a(b)c@x.org) a@example.jp", "example.jp" },
	{ "a quoted local part", "\"a@b, c\"@example.jp", "example.jp" },
	{ "a route", "<@one.example,@two.example:a@example.jp>", "example.jp" },
	{ "a domain literal", "a@[192.0.2.1]", "-" },
	{ "no address at all", "Taro", "-" },
	{ "a trailing dot", "a@example.jp.", "example.jp." },
	{ "upper case as written", "a@Example.JP", "Example.JP" },
	{ "an empty angle", "Taro <>", "-" },
	{ "two angles: the first", "<a@example.jp> <b@example.org>", "example.jp" },
	{ "a domain in UTF-8", "a@例え.jp", "例え.jp" },
	{ "an open quote", "\"Taro <a@example.jp>", "-" },
	{ "an open comment", "a@example.jp (", "example.jp" },
	{ "bytes that steer", "a@exa\x01mple.jp", "-" },
	{ "empty elements", ", ,a@example.jp,,", "example.jp" },
	{ "folded", "Taro\r\n <a@example.jp>", "example.jp" },
	{ "two dots", "a@example..jp", "-" },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_author_is_found_with_its_domain),
		cmocka_unit_test(all_from_fields_count_and_no_more_than_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
