#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/relay.h"

/* Answers every TXT question with "yes"; nothing else. */
static void *
answer_texts(void *fd)
{
	struct arena arena = { 0 };
	struct dns_answers answers;
	const struct dns_record yes = { .data = { "yes", 3 } };

	dns_answers_init(&answers, &arena);
	while (relay_take_questions(*(int *)fd, &answers)) {
		for (size_t i = 0; i < answers.n_wanted; i++)
			if (answers.wanted[i].type == DNS_TXT)
				dns_answers_put(&answers,
				    &(struct dns_answer){ .name = answers.wanted[i].name,
					.type = DNS_TXT,
					.records = &yes,
					.n_records = 1 });
		answers.n_wanted = 0;
		relay_send_answers(*(int *)fd, &answers);
	}
	arena_deinit(&arena);
	return NULL;
}

static void
what_is_asked_is_answered_or_has_failed(void **state)
{
	static const char odd[] = "a b\nTXT \x01\xff.example.jp";
	struct arena arena = { 0 };
	struct dns_answers answers;
	pthread_t thread;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pthread_create(&thread, NULL, answer_texts, &ends[1]);
	dns_answers_init(&answers, &arena);
	dns_answers_find(&answers, span_of("example.jp"), DNS_TXT);
	dns_answers_find(&answers, span_of(odd), DNS_TXT);
	dns_answers_find(&answers, span_of("example.jp"), DNS_MX);
	relay_ask(ends[0], &answers);
	assert_int_equal(answers.n_wanted, 0);
	assert_int_equal(dns_answers_find(&answers, span_of("example.jp"), DNS_TXT)->result, DNS_ANSWERED);
	assert_int_equal(dns_answers_find(&answers, span_of(odd), DNS_TXT)->result, DNS_ANSWERED);
	assert_int_equal(dns_answers_find(&answers, span_of("example.jp"), DNS_MX)->result, DNS_FAILED);
	close(ends[0]);
	pthread_join(thread, NULL);
	close(ends[1]);
	arena_deinit(&arena);
}

static void
nobody_at_the_other_end_is_a_failure_and_no_wait(void **state)
{
	struct arena arena = { 0 };
	struct dns_answers answers;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	shutdown(ends[1], SHUT_WR);
	dns_answers_init(&answers, &arena);
	dns_answers_find(&answers, span_of("example.jp"), DNS_TXT);
	relay_ask(ends[0], &answers);
	assert_int_equal(dns_answers_find(&answers, span_of("example.jp"), DNS_TXT)->result, DNS_FAILED);
	assert_int_equal(write(ends[0], "\xff\xff\xff\xff", 4), 4);
	close(ends[0]);
	arena_reset(&arena);
	dns_answers_init(&answers, &arena);
	while (relay_take_questions(ends[1], &answers))
		; /* the question from before, then one that is too long */
	close(ends[1]);
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_is_answered_or_has_failed),
		cmocka_unit_test(nobody_at_the_other_end_is_a_failure_and_no_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
