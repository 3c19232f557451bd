#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bounce/transcript.h"

static void
the_refused_command_is_found(void **state)
{
	static const struct {
		const char *name, *text, *command;
		bool several;
	} rows[] = {
		{ "Postfix", "said: 550 no (in reply to RCPT TO command)", "RCPT TO", false },
		{ "folded", "said: 550 no (in reply to\n    end of DATA command)", "end of DATA", false },
		{ "several", "<a@b>: 550 (in reply to MAIL FROM command)\n<c@d>: 550 (in reply to RCPT TO command)",
		    "MAIL FROM", true },
		{ "sendmail", ">>> RCPT To:<taro@example.jp>\n<<< 550 no\n550 5.1.1 <taro@example.jp>... no", "RCPT TO",
		    false },
		{ "another recipient's", ">>> RCPT To:<jiro@example.jp>\n<<< 550 no\n>>> DATA\n<<< 552 full\n", "DATA",
		    false },
		{ "accepted", ">>> RCPT To:<taro@example.jp>\n<<< 250 ok\n", "", false },
		{ "dma", "mx [192.0.2.1] did not like our RCPT TO:\n550 no", "RCPT TO", false },
		{ "GMX", "SMTP error from remote server after RCPT command:", "RCPT TO", false },
		{ "with parameters", ">>> RCPT To:<TARO@example.jp> NOTIFY=NEVER\n<<< 550 no\n", "RCPT TO", false },
		{ "with a route", ">>> RCPT TO:<@a.example:taro@example.jp>\n<<< 550 no\n", "RCPT TO", false },
		{ "without brackets", ">>> RCPT TO: taro@example.jp\n<<< 550 no\n", "RCPT TO", false },
		{ "one whose name ends alike", ">>> RCPT TO:<kentaro@example.jp>\n<<< 550 no\n>>> DATA\n<<< 503 no\n",
		    "DATA", false },
		{ "another session's", ">>> MAIL FROM:<a@b>\n<<< 550 no\n>>> RCPT TO:<jiro@example.jp>\n<<< 550 no\n",
		    "", false },
		{ "nothing", "no reply to anything", "", false },
		{ "cut", "in reply to", "", false },
	};

	struct arena arena = { 0 };
	struct transcript t;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool several = false;
		struct span found = transcript_command(span_of(rows[i].text), span_of("taro@example.jp"), &several);

		transcript_read(&arena, span_of(rows[i].text), &t);
		if (!span_equal(transcript_find_command(&t, span_of("taro@example.jp"), &several), found))
			fail_msg("%s: read once it is otherwise", rows[i].name);
		if (found.len == 0)
			found = transcript_command_in_words(span_of(rows[i].text));

		if (!span_equal(found, span_of(rows[i].command)) || several != rows[i].several)
			fail_msg("%s: %.*s", rows[i].name, (int)found.len, found.at);
	}
	arena_deinit(&arena);
}

static void
a_reply_is_whole_where_the_transcript_has_it(void **state)
{
	static const struct span none = SPAN_INIT("");
	static const char
	    text[] = ">>> DATA\n<<< 550-5.7.26 not authenticated\n<<< 550-5.7.26 by SPF\n<<< 550 5.7.26 or DKIM\n"
		     "<<< 503 5.5.1 no\n554 5.0.0 Service unavailable";
	static const struct {
		const char *name, *first, *whole;
	} rows[] = {
		{ "three lines", "550-5.7.26 not authenticated",
		    "<<< 550-5.7.26 not authenticated\n<<< 550-5.7.26 by SPF\n<<< 550 5.7.26 or DKIM" },
		{ "its first line cut", "550-5.7.26 not auth",
		    "<<< 550-5.7.26 not authenticated\n<<< 550-5.7.26 by SPF\n<<< 550 5.7.26 or DKIM" },
		{ "one line is whole", "503 5.5.1 no", "" },
		{ "never said", "550-5.7.1 spam", "" },
		{ "too short", "550", "" },
	};

	struct arena arena = { 0 };
	struct transcript t;

	(void)state;
	transcript_read(&arena, span_of(text), &t);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span whole = transcript_find_reply(&t, span_of(rows[i].first));

		if (!span_equal(whole, span_of(rows[i].whole)))
			fail_msg("%s: %.*s", rows[i].name, (int)whole.len, whole.at);
	}
	transcript_read(&arena, none, &t);
	assert_int_equal(transcript_find_reply(&t, span_of("550-5.7.26 not")).len, 0);
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_refused_command_is_found),
		cmocka_unit_test(a_reply_is_whole_where_the_transcript_has_it) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
