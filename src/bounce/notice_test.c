#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bounce/notice.h"

static struct arena arena;

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static void
assert_holds(struct span s, const char *want)
{
	if (s.len == 0 || memmem(s.at, s.len, want, strlen(want)) == NULL)
		fail_msg("\"%.*s\" does not hold \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static struct notice
read(const char *text)
{
	struct notice n;

	notice_read(&arena, &notice_index_builtin, span_of(text), span_of("hanako@example.jp"), false, &n);
	return n;
}

static void
expect(struct notice *n, const char *recipient, const char *reply)
{
	struct span r, said;

	if (!notice_take(n, &r, &said))
		fail_msg("%s is not found", recipient);
	assert_span(r, recipient);
	assert_holds(said, reply);
}

static void
expect_no_more(struct notice *n)
{
	struct span r, said;

	if (notice_take(n, &r, &said))
		fail_msg("%.*s is one too many", (int)r.len, r.at);
}

static void
qmail_names_each_recipient_on_a_line_of_its_own(void **state)
{
	struct notice n = read("Hi. This is the qmail-send program at example.jp.\n"
			       "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
			       "<taro@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
			       "<jiro@example.net>:\n192.0.2.1 does not like recipient.\n"
			       "Remote host said: 552 5.2.2 mailbox is full\n\n"
			       "--- Below this line is a copy of the message.\n\n"
			       "Return-Path: <hanako@example.jp>\nTo: saburo@example.org\n");

	(void)state;
	expect(&n, "taro@example.com", "no mailbox here");
	expect(&n, "jiro@example.net", "552 5.2.2 mailbox is full");
	expect_no_more(&n);
	assert_holds(n.copy, "To: saburo@example.org");
	assert_true(span_starts_folded(n.copy, "Return-Path"));
}

static void
what_is_said_of_one_recipient_does_not_reach_into_the_next(void **state)
{
	struct notice n = read("<a@example.com>:\n550 no such user\n<b@example.com>:\n552 full\n");
	struct span r, said;

	(void)state;
	assert_true(notice_take(&n, &r, &said));
	assert_span(said, "<a@example.com>:\n550 no such user");
	assert_true(notice_take(&n, &r, &said));
	assert_span(said, "<b@example.com>:\n552 full");
}

static void
exim_indents_what_it_says_of_an_address(void **state)
{
	struct notice n = read("This is a permanent error. The following address(es) failed:\n\n"
			       "  taro@example.com\n"
			       "    (generated from info@example.org)\n"
			       "    SMTP error from remote mail server after RCPT TO:<taro@example.net>:\n"
			       "    host mx.example.net [192.0.2.1]: 550 5.1.1\n"
			       "    <taro@example.net>: Recipient address rejected: User unknown\n");

	(void)state;
	expect(&n, "taro@example.com", "User unknown");
	expect_no_more(&n);
}

static void
sendmail_lists_addresses_and_gives_the_reason_below(void **state)
{
	struct notice n = read("   ----- The following addresses had permanent fatal errors -----\n"
			       "<taro@example.com>\n    (reason: 550 5.1.1 <taro@example.com>... User unknown)\n\n"
			       "   ----- Transcript of session follows -----\n"
			       "... while talking to mx.example.com.:\n"
			       ">>> DATA\n<<< 550 5.1.1 <taro@example.com>... User unknown\n"
			       "550 5.1.1 <taro@example.com>... User unknown\n<<< 503 5.0.0 Need RCPT (recipient)\n");
	struct span r, said;

	(void)state;
	assert_true(notice_take(&n, &r, &said));
	assert_span(r, "taro@example.com");
	assert_span(said, "<taro@example.com>\n    (reason: 550 5.1.1 <taro@example.com>... User unknown)");
	expect_no_more(&n);
}

static void
in_a_bare_transcript_the_reply_stands_before_the_address(void **state)
{
	struct notice n = read(
	    "   ----- Transcript of session follows -----\n"
	    "While talking to mx.example.com:\n>>> RCPT To:<taro@example.com>\n"
	    "<<< 550 No such user here.\n550 <taro@example.com>... User unknown\n"
	    "550 example.net (smtp)... 550 Host unknown\n"
	    "554 <jiro@example.net>... 550 Host unknown (Authoritative answer from name server)\n\n"
	    "   ----- Unsent message follows -----\nFrom: hanako@example.jp\nTo: saburo@example.org\n");
	struct span r, said;

	(void)state;
	assert_true(notice_take(&n, &r, &said));
	assert_span(r, "taro@example.com");
	assert_holds(said, "No such user here");
	assert_null(memmem(said.at, said.len, ">>>", 3));
	assert_null(memmem(said.at, said.len, "Host unknown", 12));
	expect(&n, "jiro@example.net", "Host unknown");
	expect_no_more(&n);
}

static void
an_address_may_stand_behind_a_colon_or_the_word_to(void **state)
{
	static const char *const lines[] = {
		"User's mailbox is full: <taro@example.com>\nUnable to deliver mail.\n",
		"Invalid final delivery userid: taro@example.com\n",
		"undeliverable to taro@example.com\n\n550 no\n",
		"Your message wasn't delivered to taro@example.com because the address couldn't be found.\n",
		"There was an error delivering your mail to <taro@example.com>.\n\n550 no such user\n",
		"\xe5\xae\x9b\xe5\x85\x88\xef\xbc\x9a"
		"taro@example.com\n",
		"\"taro@example.com\":\nSMTP error from remote server after RCPT command:\n5.2.2 Mailbox Full\n",
		"SMTP Server <mx.example.com> rejected recipient <taro@example.com>: [550 5.1.1 User unknown]\n",
		"Error message below:\n550 - no such user here\n\n  MAIL FROM: hanako@example.jp\n  RCPT TO: "
		"taro@example.com\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct notice n = read(lines[i]);

		expect(&n, "taro@example.com", "");
		expect_no_more(&n);
	}
}

static void
whom_to_ask_is_no_failed_recipient(void **state)
{
	struct notice n = read("Your mail could not be delivered.\n"
			       "For help, please contact <support@example.net> or write to: admin@example.net\n"
			       "The message was sent from: shiro@example.org\n");

	(void)state;
	expect_no_more(&n);
}

static void
who_gets_the_notice_failed_only_if_nobody_else_did(void **state)
{
	struct notice others = read("Sender: x\n<hanako@example.jp>:\n<taro@example.com>: 550 no\n");
	struct notice alone = read("<hanako@example.jp>: 550 mailbox full\n");

	(void)state;
	expect(&others, "taro@example.com", "550 no");
	expect_no_more(&others);
	expect(&alone, "hanako@example.jp", "550 mailbox full");
	expect_no_more(&alone);
}

static void
the_reason_may_stand_above_the_address(void **state)
{
	struct notice n = read(
	    "The message could not be delivered.\n\nThe account is disabled.\n\n<taro@example.com>\n");

	(void)state;
	expect(&n, "taro@example.com", "The account is disabled.");
}

static void
a_display_name_may_be_an_address_too(void **state)
{
	struct notice n = read(">>> info@example.org <taro@example.com>\n\n550 <taro@example.com>: User unknown\n");

	(void)state;
	expect(&n, "taro@example.com", "User unknown");
	expect_no_more(&n);
}

static void
a_forwarded_notice_is_read_below_its_quote_marks(void **state)
{
	struct notice n = read("See below.\n\n> The following addresses failed:\n> <taro@example.com>\n"
			       ">     (reason: 550 5.1.1 unknown)\n>\n> Reporting-MTA: dns; mx.example.jp\n>\n"
			       "> Final-Recipient: RFC822; taro@example.com\n> Action: failed\n");

	(void)state;
	assert_true(span_starts_folded(n.report, "Reporting-MTA: dns; mx.example.jp\n\nFinal-Recipient"));
	expect(&n, "taro@example.com", "550 5.1.1 unknown");
}

static void
prose_without_an_address_names_nobody(void **state)
{
	struct notice n = read("Hello @ everyone,\nsee you @ five.\n");

	(void)state;
	expect_no_more(&n);
	assert_int_equal(notice_about(&n, span_of("taro@example.com")).len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qmail_names_each_recipient_on_a_line_of_its_own),
		cmocka_unit_test(what_is_said_of_one_recipient_does_not_reach_into_the_next),
		cmocka_unit_test(exim_indents_what_it_says_of_an_address),
		cmocka_unit_test(sendmail_lists_addresses_and_gives_the_reason_below),
		cmocka_unit_test(in_a_bare_transcript_the_reply_stands_before_the_address),
		cmocka_unit_test(an_address_may_stand_behind_a_colon_or_the_word_to),
		cmocka_unit_test(whom_to_ask_is_no_failed_recipient),
		cmocka_unit_test(who_gets_the_notice_failed_only_if_nobody_else_did),
		cmocka_unit_test(the_reason_may_stand_above_the_address),
		cmocka_unit_test(a_display_name_may_be_an_address_too),
		cmocka_unit_test(a_forwarded_notice_is_read_below_its_quote_marks),
		cmocka_unit_test(prose_without_an_address_names_nobody),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
