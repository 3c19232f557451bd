#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "message/mbox.h"

static const char mbox[] = "From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n"
			   "Subject: one\n\n"
			   "From here on all is text\n"
			   ">From a@example.jp Mon Nov 23 10:00:00 2026\n\n"
			   "From \"a b\"@example.jp  Mon Nov 23 10:00:01 +0900 2026\r\n"
			   "Subject: two\r\n\r\n"
			   "From - Mon, 23 Nov 2026 10:00:02 +0900\n"
			   "Subject: three\n";

static void
a_start_has_a_sender_and_a_date(void **state)
{
	static const struct {
		const char *line;
		bool want;
	} rows[] = {
		{ "From a@example.jp Mon Nov 23 10:00:00 2026\n", true },
		{ "From a@example.jp Mon Nov  3 10:00 JST 2026\r\n", true },
		{ "From ???@??? Mon Nov 23 10:00:00 2026", true },
		{ "From  Mon Nov 23 10:00:00 2026\n", true },
		{ "From Monday on we are closed\n", false },
		{ "From what I saw on Mon Nov 23 10:00:00 2026\n", false },
		{ "From: a@example.jp Mon Nov 23 10:00:00 2026\n", false },
		{ "From a@example.jp\nMon Nov 23 10:00:00 2026\n", false },
		{ "From ", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (mbox_is_start(span_of(rows[i].line)) != rows[i].want)
			fail_msg("%s", rows[i].line);
}

static void
messages_come_one_by_one(void **state)
{
	struct span rest = span_of(mbox), message;
	size_t n = 0;

	(void)state;
	for (; mbox_take_message(&rest, &message); n++)
		assert_true(mbox_is_start(message));
	assert_int_equal(n, 3);
}

static void
a_stream_in_chunks_splits_at_the_same_places(void **state)
{
	(void)state;
	for (size_t chunk = 1; chunk < sizeof(mbox); chunk++) {
		size_t start = 0, from = 0, end = 0, n = 1;

		for (size_t have = 0; have < sizeof(mbox) - 1;) {
			have = have + chunk < sizeof(mbox) - 1 ? have + chunk : sizeof(mbox) - 1;
			while (mbox_find_end((struct span){ mbox + start, have - start }, &from, &end)) {
				start += end;
				from = 0;
				n++;
			}
		}
		assert_int_equal(n, 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_has_a_sender_and_a_date),
		cmocka_unit_test(messages_come_one_by_one),
		cmocka_unit_test(a_stream_in_chunks_splits_at_the_same_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
