#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/access.h"

static const struct access usual = { .names = { "mail.example.jp" }, .n_names = 1, .token = { "secret", 6 } };

static void
a_name_that_rebinds_is_not_known(void **state)
{
	static const struct {
		const char *host;
		bool known;
	} rows[] = {
		{ "localhost", true },
		{ "LocalHost:8025", true },
		{ "127.0.0.1:8025", true },
		{ "[::1]:8025", true },
		{ "[::1]", true },
		{ "mail.example.jp:443", true },
		{ "evil.example", false },
		{ "localhost.evil.example", false },
		{ "127.0.0.1.nip.io", false },
		{ "", false },
		{ ":80", false },
		{ "localhost:", false },
		{ "localhost:80x", false },
		{ "localhost:123456", false },
		{ "[::1", false },
		{ "[::1]x", false },
		{ "a@localhost", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (access_knows_host(&usual, span_of(rows[i].host)) != rows[i].known)
			fail_msg("%s", rows[i].host);
}

static void
another_site_has_no_say(void **state)
{
	const struct span host = span_of("127.0.0.1:8025");

	(void)state;
	assert_true(access_is_own_origin(span_of("http://127.0.0.1:8025"), host));
	assert_true(access_is_own_origin(span_of("https://127.0.0.1:8025"), host));
	assert_false(access_is_own_origin(span_of("http://127.0.0.1:8026"), host));
	assert_false(access_is_own_origin(span_of("null"), host));
	assert_false(access_is_own_origin(span_of("file://127.0.0.1:8025"), host));
	assert_false(access_is_own_origin(span_of("http://evil.example"), host));
}

static void
a_token_must_be_the_whole_one(void **state)
{
	const struct access open = { .token = { "", 0 } };

	(void)state;
	assert_true(access_has_token(&usual, span_of("Bearer secret")));
	assert_true(access_has_token(&usual, span_of("bearer  secret ")));
	assert_false(access_has_token(&usual, span_of("Bearer secre")));
	assert_false(access_has_token(&usual, span_of("Bearer secretx")));
	assert_false(access_has_token(&usual, span_of("Basic secret")));
	assert_false(access_has_token(&usual, span_of("")));
	assert_true(access_has_token(&open, span_of("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_rebinds_is_not_known),
		cmocka_unit_test(another_site_has_no_say),
		cmocka_unit_test(a_token_must_be_the_whole_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
