#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "log/log_join.h"

static struct span
numbered(char *buffer, size_t size, const char *format, unsigned n)
{
	return (struct span){ buffer, (size_t)snprintf(buffer, size, format, n) };
}

static void
a_noted_sender_is_known(void **state)
{
	struct log_join join;
	struct span s;

	(void)state;
	log_join_init(&join);
	log_join_note(&join, LOG_JOIN_SENDER, span_of("4ABC1234"), span_of("a@example.jp"));
	log_join_note(&join, LOG_JOIN_MESSAGE_ID, span_of("4ABC1234"), span_of("1@example.jp"));
	log_join_note(&join, LOG_JOIN_SENDER, span_of("4ABC1235"), span_of(""));
	assert_true(log_join_find(&join, LOG_JOIN_SENDER, span_of("4ABC1234"), &s));
	assert_true(span_equal(s, span_of("a@example.jp")));
	assert_true(log_join_find(&join, LOG_JOIN_MESSAGE_ID, span_of("4ABC1234"), &s));
	assert_true(span_equal(s, span_of("1@example.jp")));
	assert_true(log_join_find(&join, LOG_JOIN_SENDER, span_of("4ABC1235"), &s));
	assert_int_equal(s.len, 0);
	assert_false(log_join_find(&join, LOG_JOIN_MESSAGE_ID, span_of("4ABC1235"), &s));
	assert_false(log_join_find(&join, LOG_JOIN_SENDER, span_of("4ABC1236"), &s));
	log_join_note(&join, LOG_JOIN_SENDER, span_of("4ABC1234"), span_of("b@example.jp"));
	assert_true(log_join_find(&join, LOG_JOIN_SENDER, span_of("4ABC1234"), &s));
	assert_true(span_equal(s, span_of("b@example.jp"))); /* an id that was used again */
	log_join_deinit(&join);
}

static void
the_newest_are_known_and_the_oldest_forgotten(void **state)
{
	const unsigned count = 500000;
	char id[32], sender[64];
	struct log_join join;
	unsigned known = 0;
	struct span s;

	(void)state;
	log_join_init(&join);
	for (unsigned i = 0; i < count; i++)
		log_join_note(&join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", i),
		    numbered(sender, sizeof(sender), "user%u@example.jp", i));
	for (unsigned i = 0; i < count; i++) {
		if (!log_join_find(&join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", i), &s))
			continue;
		assert_true(span_equal(s, numbered(sender, sizeof(sender), "user%u@example.jp", i)));
		known++;
	}
	assert_in_range(known, 200000, count - 1);
	assert_true(log_join_find(&join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", count - 1), &s));
	assert_false(log_join_find(&join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", 0), &s));
	log_join_deinit(&join);
}

static void
the_ring_goes_round(void **state)
{
	static char big[LOG_JOIN_TEXT_MAX];
	char id[32];
	struct log_join join;
	struct span s;

	(void)state;
	log_join_init(&join);
	for (unsigned i = 0; i < 30000; i++) {
		memset(big, 'a' + (int)(i % 26), sizeof(big));
		log_join_note(
		    &join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", i), (struct span){ big, sizeof(big) });
		assert_true(log_join_find(&join, LOG_JOIN_SENDER, span_of(id), &s));
		assert_memory_equal(s.at, big, sizeof(big));
	}
	assert_false(log_join_find(&join, LOG_JOIN_SENDER, numbered(id, sizeof(id), "%08X", 1), &s));
	log_join_deinit(&join);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_noted_sender_is_known),
		cmocka_unit_test(the_newest_are_known_and_the_oldest_forgotten),
		cmocka_unit_test(the_ring_goes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
