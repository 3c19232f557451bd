#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <todoku/todoku.h>

static const char message[] = "Received: from mail.example.jp (mail.example.jp [192.0.2.25])\r\n"
			      "\tby mx.example.com (Postfix) with ESMTPS id 1; Mon, 24 Nov 2025 16:00:00 +0000\r\n"
			      "Return-Path: <taro@example.jp>\r\nFrom: taro@example.jp\r\n\r\nhello\r\n";
static const char zone[] = "example.jp. TXT \"v=spf1 ip4:198.51.100.1 -all\"\n"
			   "_dmarc.example.jp. TXT \"v=DMARC1; p=reject\"\n";

static todoku_span
span(const char *s)
{
	return todoku_span_of(s);
}

static bool
take_texts(void *context, const todoku_verdict *v)
{
	size_t *n = context;

	*n += todoku_verdict_json(v).len + todoku_verdict_remedy(v, TODOKU_JAPANESE).len;
	return true;
}

static todoku_status
explain_within(size_t most)
{
	static const char reply[] = "550 5.1.1 <taro@example.jp> no such user\n";
	todoku_explainer *e = todoku_explainer_create(most);
	size_t n = 0;
	const todoku_status status = todoku_explain(e, reply, sizeof(reply) - 1, "reply", take_texts, &n);

	if (status == TODOKU_OK)
		assert_true(n > 0);
	else
		assert_int_equal(
		    todoku_explain(e, reply, sizeof(reply) - 1, "reply", take_texts, &n), TODOKU_NO_MEMORY);
	todoku_explainer_free(e);
	return status;
}

static todoku_status
verify_within(size_t most)
{
	const todoku_message_query query = { .message = span(message), .now = 1764000000, .memory_max = most };
	todoku_evaluation *e;
	todoku_status status = todoku_verify_create(&query, &e);

	if (status == TODOKU_OK)
		status = todoku_evaluate_with_zone(e, zone, sizeof(zone) - 1);
	if (status == TODOKU_OK && todoku_evaluation_json(e).len == 0)
		status = TODOKU_NO_MEMORY;
	if (status == TODOKU_OK)
		assert_int_equal(todoku_result(e, "dmarc").len, strlen("fail"));
	if (e != NULL && status == TODOKU_NO_MEMORY) {
		assert_int_equal(todoku_result(e, "dmarc").len, 0);
		assert_int_equal(todoku_evaluate(e), TODOKU_NO_MEMORY);
	}
	todoku_evaluation_free(e);
	return status;
}

/* With AddressSanitizer this shows, too, that nothing is left behind. */
static void
test_wherever_memory_runs_out_it_is_an_error(void **state)
{
	static todoku_status (*const ways[])(size_t most) = { explain_within, verify_within };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		unsigned ok = 0, scarce = 0;

		for (size_t most = 1; most < 1u << 24; most += most / 8 + 1) {
			const todoku_status status = ways[i](most);

			assert_true(status == TODOKU_OK || status == TODOKU_NO_MEMORY);
			ok += status == TODOKU_OK;
			scarce += status == TODOKU_NO_MEMORY;
		}
		assert_true(ok > 0 && scarce > 0);
	}
}

/* Ask, see what is wanted, put the answers, ask again. */
static todoku_status
ask(todoku_evaluation *e, const char *name, const char *txt)
{
	todoku_status status;

	while ((status = todoku_evaluate(e)) == TODOKU_WANTS_ANSWERS)
		for (size_t i = 0; i < todoku_n_wanted(e); i++) {
			const todoku_record record = { span(txt), 0 };
			todoku_answer a = { .question = todoku_wanted(e, i), .result = TODOKU_DNS_NO_NAME };

			if (a.question.type == TODOKU_DNS_TXT && a.question.name.len == strlen(name) &&
			    memcmp(a.question.name.at, name, strlen(name)) == 0) {
				a.result = TODOKU_DNS_ANSWERED;
				a.records = &record;
				a.n_records = 1;
			}
			assert_int_equal(todoku_put(e, &a), TODOKU_OK);
		}
	return status;
}

static void
assert_span(todoku_span s, const char *wanted)
{
	char found[256];

	snprintf(found, sizeof(found), "%.*s", (int)s.len, s.at);
	assert_string_equal(found, wanted);
}

/* What would end the tag or the field is refused: nobody else's words become a header. */
static void
test_only_names_are_signed_with(void **state)
{
	static const struct {
		const char *domain, *selector, *identity;
		todoku_status status;
	} rows[] = { { "example.jp", "mail", "", TODOKU_OK },
		{ "example.jp", "mail", "taro@sub.example.jp", TODOKU_OK }, { "例え.jp", "mail", "", TODOKU_OK },
		{ "example.jp\r\nBcc: x@example.org", "mail", "", TODOKU_BAD_ARGUMENT },
		{ "example.jp; l=0", "mail", "", TODOKU_BAD_ARGUMENT },
		{ "example.jp", "mail\r\n\r\nbody", "", TODOKU_BAD_ARGUMENT },
		{ "example.jp", "mail; l=0", "", TODOKU_BAD_ARGUMENT },
		{ "example.jp", "mail", "a@example.jp; l=0", TODOKU_BAD_ARGUMENT },
		{ "example.jp", "mail", "a@example.org", TODOKU_BAD_ARGUMENT },
		{ "e\xff.jp", "mail", "", TODOKU_BAD_ARGUMENT }, { "", "mail", "", TODOKU_BAD_ARGUMENT } };
	const todoku_signing plain = { .domain = span("example.jp"), .selector = span("mail") };
	todoku_key *key;
	todoku_span field;

	(void)state;
	assert_int_equal(todoku_key_make(TODOKU_ED25519, 0, &key), TODOKU_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const todoku_signing signing = { .domain = span(rows[i].domain),
			.selector = span(rows[i].selector),
			.identity = span(rows[i].identity) };

		assert_int_equal(
		    todoku_sign(key, &signing, span("From: a@example.jp\r\n\r\n"), &field), rows[i].status);
		assert_true((field.len > 0) == (rows[i].status == TODOKU_OK));
	}
	assert_int_equal(todoku_sign(key, &plain, span("\r\nFrom: a@example.jp\r\n\r\n"), &field), TODOKU_BAD_ARGUMENT);
	assert_int_equal(
	    todoku_sign(key, &plain, span(" folded\r\nFrom: a@example.jp\r\n\r\n"), &field), TODOKU_BAD_ARGUMENT);
	assert_int_equal(
	    todoku_sign(key, &plain, span("From a@b Thu Nov 26 00:00:00 2026\nFrom: a@example.jp\n\n"), &field),
	    TODOKU_BAD_ARGUMENT);
	todoku_key_free(key);
}

static void
test_a_record_is_suggested_that_lets_the_host_pass(void **state)
{
	const todoku_spf_query query = { .ip = span("192.0.2.25"),
		.mail_from = span("taro@example.jp"),
		.helo = span("mail.example.jp"),
		.repair = true };
	todoku_evaluation *e;
	todoku_span name;

	(void)state;
	assert_int_equal(todoku_spf_create(&query, &e), TODOKU_OK);
	assert_int_equal(todoku_suggested_record(e, &name).len, 0);
	assert_int_equal(ask(e, "example.jp", "v=spf1 ip4:198.51.100.1 -all"), TODOKU_OK);
	assert_span(todoku_result(e, "spf"), "fail");
	assert_span(todoku_result(e, "dmarc"), "");
	assert_span(todoku_suggested_record(e, &name), "v=spf1 ip4:192.0.2.25 ip4:198.51.100.1 -all");
	assert_span(name, "example.jp");
	todoku_evaluation_free(e);
}

static void
test_dmarc_asks_for_the_policy_of_the_author(void **state)
{
	const todoku_dmarc_query query = { .from = span("taro@example.jp"), .dkim_domain = span("example.jp") };
	todoku_evaluation *e;

	(void)state;
	assert_int_equal(todoku_dmarc_create(&query, &e), TODOKU_OK);
	assert_int_equal(ask(e, "_dmarc.example.jp", "v=DMARC1; p=reject"), TODOKU_OK);
	assert_span(todoku_result(e, "dmarc"), "pass");
	todoku_evaluation_free(e);
}

static void
test_what_is_no_argument_is_an_error(void **state)
{
	const todoku_spf_query no_address = { .ip = span("mail.example.jp"), .helo = span("mail.example.jp") };
	const todoku_spf_query nobody = { .ip = span("192.0.2.25") };
	todoku_evaluation *e;
	todoku_key *key;

	(void)state;
	assert_int_equal(todoku_spf_create(&no_address, &e), TODOKU_BAD_ARGUMENT);
	assert_null(e);
	assert_int_equal(todoku_spf_create(&nobody, &e), TODOKU_BAD_ARGUMENT);
	assert_int_equal(todoku_dmarc_create(&(todoku_dmarc_query){ .memory_max = 0 }, &e), TODOKU_BAD_ARGUMENT);
	assert_int_equal(todoku_key_make(TODOKU_RSA, 512, &key), TODOKU_BAD_ARGUMENT);
	assert_int_equal(todoku_key_read("no key", 6, &key), TODOKU_UNREADABLE);
	assert_null(key);
}

static bool
stop(void *context, const todoku_verdict *v)
{
	++*(int *)context;
	assert_int_equal(todoku_verdict_outcome(v), TODOKU_EXPLAINED);
	return false;
}

static bool
see_no_bounce(void *context, const todoku_verdict *v)
{
	*(bool *)context = todoku_verdict_outcome(v) == TODOKU_NOT_A_BOUNCE && todoku_verdict_json(v).len == 0 &&
	    todoku_verdict_cause(v).len == 0 && todoku_verdict_recipient(v).len == 0;
	return true;
}

static void
test_a_caller_may_stop_and_is_told_what_tells_of_nothing(void **state)
{
	static const char replies[] = "550 5.1.1 no such user\n\n552 5.2.2 mailbox full\n";
	todoku_explainer *e = todoku_explainer_create(0);
	int n = 0;
	bool seen = false;

	(void)state;
	assert_int_equal(todoku_explain(e, replies, sizeof(replies) - 1, NULL, stop, &n), TODOKU_STOPPED);
	assert_int_equal(n, 1);
	assert_int_equal(todoku_explain(e, message, sizeof(message) - 1, "mail", see_no_bounce, &seen), TODOKU_OK);
	assert_true(seen);
	assert_int_equal(todoku_explain(e, "\x1f\x8b\x08 packed", 10, "gz", see_no_bounce, &seen), TODOKU_UNREADABLE);
	todoku_explainer_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wherever_memory_runs_out_it_is_an_error),
		cmocka_unit_test(test_only_names_are_signed_with),
		cmocka_unit_test(test_a_record_is_suggested_that_lets_the_host_pass),
		cmocka_unit_test(test_dmarc_asks_for_the_policy_of_the_author),
		cmocka_unit_test(test_what_is_no_argument_is_an_error),
		cmocka_unit_test(test_a_caller_may_stop_and_is_told_what_tells_of_nothing),
	};

	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
