#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalog/builtin.h"
#include "diagnose/verdict.h"
#include "diagnose/verdict_laws.h"

static struct arena arena;
static struct failure failure;

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static struct verdict
judged(const struct failure *f)
{
	struct verdict v;

	failure = *f;
	verdict_reach(&arena, &catalog_builtin, &failure, true, &v);
	return v;
}

static struct verdict
judged_reply(const char *reply)
{
	return judged(&(struct failure){ .told_by = FAILURE_REPLY, .reply = span_of(reply) });
}

static void
words_decide_where_the_code_says_otherwise(void **state)
{
	struct verdict v = judged_reply("552 5.1.1 <taro@example.jp>: mailbox full");

	(void)state;
	assert_span(v.cause->name, "recipient.full");
	assert_span(v.codes_say->name, "recipient.unknown");
	assert_true(v.contradictions & CONTRADICTION_STATUS_AND_WORDS);
}

static void
the_class_of_the_reply_tells_how_long_a_full_mailbox_lasts(void **state)
{
	(void)state;
	assert_int_equal(judged_reply("552 5.2.2 mailbox full").permanence, PERMANENCE_PERMANENT);
	assert_int_equal(judged_reply("452 4.2.2 mailbox full").permanence, PERMANENCE_TEMPORARY);
	assert_true(judged_reply("452 4.2.2 mailbox full").retry.after > 0);
}

static void
a_reply_nobody_knows_is_undetermined_with_its_facts(void **state)
{
	struct verdict v = judged(&(struct failure){ .told_by = FAILURE_LOG,
	    .reply = span_of("zorp quux"),
	    .recipient = span_of("taro@example.jp"),
	    .remote_mta = span_of("mx.example.jp") });

	(void)state;
	assert_null(v.cause);
	assert_null(v.rule);
	assert_int_equal(v.permanence, PERMANENCE_UNKNOWN);
	assert_int_equal(v.suppress.when, SUPPRESS_NEVER);
	assert_span(verdict_fact(&v, "recipient_domain"), "example.jp");
	assert_span(verdict_fact(&v, "host"), "mx.example.jp");
}

static void
the_receiver_is_judged_by_its_marks_before_its_host_and_its_host_before_the_domain(void **state)
{
	struct failure f = { .told_by = FAILURE_REPORT,
		.recipient = span_of("taro@icloud.com"),
		.remote_mta = span_of("mx.outlook.com"),
		.reply = span_of("550 5.1.1 no such user x1.2 - gsmtp") };
	struct verdict v = judged(&f);

	(void)state;
	assert_span(v.receiver->name, "google");
	assert_int_equal(v.receiver_seen, SEEN_REPLY);
	assert_span(v.receiver_mark, "gsmtp");
	f.reply = span_of("550 5.1.1 no such user");
	v = judged(&f);
	assert_span(v.receiver->name, "microsoft");
	assert_int_equal(v.receiver_seen, SEEN_REMOTE_MTA);
	f.remote_mta = span_of("relay.example.jp");
	v = judged(&f);
	assert_int_equal(v.receiver_seen, SEEN_RECIPIENT);
}

static void
googles_words_are_known_behind_any_relay(void **state)
{
	struct verdict v = judged(&(struct failure){ .told_by = FAILURE_REPORT,
	    .recipient = span_of("taro@example.jp"),
	    .remote_mta = span_of("relay.example.net"),
	    .reply = span_of("550-5.7.26 The MAIL FROM domain [example.com] has an SPF record with a hard\n"
			     "550-5.7.26 fail policy (-all) but it fails to pass SPF checks with the ip:\n550 5.7.26 "
			     "[192.0.2.25].") });

	(void)state;
	assert_span(v.cause->name, "auth.spf");
	assert_span(v.receiver->name, "google");
	assert_span(verdict_fact(&v, "domain"), "example.com");
	assert_span(verdict_fact(&v, "ip"), "192.0.2.25");
	assert_span(verdict_fact(&v, "spf_mechanism"), "ip4:192.0.2.25");
	assert_span(verdict_fact(&v, "ptr_name"), "25.2.0.192.in-addr.arpa");
	assert_true(v.n_marks > 0);
}

static void
an_ipv6_address_gets_its_reverse_name(void **state)
{
	struct verdict v = judged_reply(
	    "550-5.7.26 The MAIL FROM domain [example.com] has an SPF record with a hard "
	    "fail policy (-all) but it fails to pass SPF checks with the ip: [2001:db8::1]. - gsmtp");

	(void)state;
	assert_span(verdict_fact(&v, "spf_mechanism"), "ip6:2001:db8::1");
	assert_span(
	    verdict_fact(&v, "ptr_name"), "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void
a_senders_fault_never_condemns_the_address(void **state)
{
	static const char *const replies[] = {
		"550 5.7.26 Unauthenticated email from example.jp is not accepted due to domain's DMARC policy. - "
		"gsmtp",
		"550 5.7.25 The IP address sending this message does not have a PTR record setup - gsmtp",
		"421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address - "
		"gsmtp",
		"552 5.7.0 This message was blocked because its content presents a potential security issue - gsmtp",
		"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct verdict v = judged_reply(replies[i]);

		if (v.cause == NULL || v.suppress.when != SUPPRESS_NEVER)
			fail_msg("%s", replies[i]);
	}
}

static void
every_rule_keeps_the_laws_of_stage_and_permanence(void **state)
{
	struct catalog_faults faults = { .n = 0 };

	(void)state;
	if (!verdict_laws_check(&catalog_builtin, &faults))
		for (size_t i = 0; i < faults.n && i < 20; i++)
			print_error("%s:%u: %s: %.*s\n", faults.at[i].file, faults.at[i].line, faults.at[i].what,
			    (int)faults.at[i].detail.len, faults.at[i].detail.at);
	assert_int_equal(faults.n, 0);
}

static struct verdict
judged_after(const char *command, const char *reply)
{
	return judged(&(struct failure){ .told_by = FAILURE_REPORT,
	    .action = span_of("failed"),
	    .command = span_of(command),
	    .reply = span_of(reply) });
}

static void
what_is_said_of_the_sender_is_no_fault_of_the_recipient(void **state)
{
	static const struct {
		const char *command, *reply, *cause;
	} rows[] = {
		{ "MAIL FROM", "550 5.1.7 No such domain example.com.", "sender.domain-unresolvable" },
		{ "MAIL FROM", "550 5.1.1 <noreply@example.jp>: user unknown", "sender.refused" },
		{ "MAIL FROM", "553 5.1.3 invalid address", "sender.syntax" },
		{ "MAIL FROM", "550 5.1.0 Address rejected", "sender.refused" },
		{ "EHLO", "550 Access denied", "connection.blocked" },
		{ "initial connection", "554 Go away", "connection.blocked" },
		{ "initial connection", "521 mx.example.jp does not speak to you", "connection.blocked" },
		{ "RCPT TO", "550 5.1.1 user unknown", "recipient.unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verdict v = judged_after(rows[i].command, rows[i].reply);

		assert_non_null(v.cause);
		assert_span(v.cause->name, rows[i].cause);
		assert_int_equal(v.permanence, PERMANENCE_PERMANENT);
	}
}

static void
a_deferral_is_temporary_and_says_where_it_is_retried_in_vain(void **state)
{
	struct verdict v = judged_reply("451 4.1.1 <taro@example.jp>: user unknown");

	(void)state;
	assert_int_equal(v.permanence, PERMANENCE_TEMPORARY);
	v = judged_reply("451 4.7.1 Your IP 192.0.2.81 is listed on zen.spamhaus.org");
	assert_span(v.cause->name, "connection.blocklist");
	assert_int_equal(v.permanence, PERMANENCE_TEMPORARY);
	assert_true(v.in_vain);
	assert_true(v.retry.after > 0);
	assert_false(judged_reply("451 4.3.2 too busy").in_vain);
}

static void
a_status_the_reporting_mta_made_up_says_less_than_the_code(void **state)
{
	struct verdict v = judged(&(struct failure){ .told_by = FAILURE_REPORT,
	    .action = span_of("failed"),
	    .status = { 5, 5, 0 },
	    .reply = span_of("535 go away") });

	(void)state;
	assert_span(v.cause->name, "submission.credentials");
}

static void
general_words_do_not_outrank_a_status_of_one_meaning(void **state)
{
	struct verdict v = judged_reply("550 5.7.26 You must authenticate your mail");

	(void)state;
	assert_span(v.cause->name, "auth.failed");
}

static void
an_mta_that_gave_up_is_said_to_have(void **state)
{
	struct verdict v = judged(&(struct failure){
	    .told_by = FAILURE_REPORT, .action = span_of("failed"), .reply = span_of("452 4.2.2 mailbox full") });

	(void)state;
	assert_true(v.given_up);
	v = judged(&(struct failure){
	    .told_by = FAILURE_REPORT, .action = span_of("delayed"), .reply = span_of("452 4.2.2 mailbox full") });
	assert_false(v.given_up);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_decide_where_the_code_says_otherwise),
		cmocka_unit_test(the_class_of_the_reply_tells_how_long_a_full_mailbox_lasts),
		cmocka_unit_test(a_reply_nobody_knows_is_undetermined_with_its_facts),
		cmocka_unit_test(the_receiver_is_judged_by_its_marks_before_its_host_and_its_host_before_the_domain),
		cmocka_unit_test(googles_words_are_known_behind_any_relay),
		cmocka_unit_test(an_ipv6_address_gets_its_reverse_name),
		cmocka_unit_test(a_senders_fault_never_condemns_the_address),
		cmocka_unit_test(an_mta_that_gave_up_is_said_to_have),
		cmocka_unit_test(every_rule_keeps_the_laws_of_stage_and_permanence),
		cmocka_unit_test(what_is_said_of_the_sender_is_no_fault_of_the_recipient),
		cmocka_unit_test(a_deferral_is_temporary_and_says_where_it_is_retried_in_vain),
		cmocka_unit_test(a_status_the_reporting_mta_made_up_says_less_than_the_code),
		cmocka_unit_test(general_words_do_not_outrank_a_status_of_one_meaning),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
