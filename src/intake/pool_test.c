#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "intake/pool.h"

enum { JOBS = 2000 };

struct count {
	atomic_int run, released;
	int finished, stop_after;
	bool in_order;
};

struct job {
	struct count *count;
	int number, result;
};

static void
run(void *context, unsigned thread, void *job)
{
	struct job *j = job;

	(void)context;
	(void)thread;
	j->result = j->number * 2;
	atomic_fetch_add(&j->count->run, 1);
}

static bool
finish(void *context, void *job)
{
	struct count *c = context;
	const struct job *j = job;

	c->in_order = c->in_order && j->number == c->finished && j->result == j->number * 2;
	return ++c->finished != c->stop_after;
}

static void
release(void *job)
{
	struct job *j = job;

	atomic_fetch_add(&j->count->released, 1);
	free(j);
}

/* How many were handed in until nothing more was wanted. */
static int
hand_in(struct count *c, unsigned n_threads, int n_jobs)
{
	struct pool p = { .run = run, .finish = finish, .release = release, .context = c, .n_threads = n_threads };
	int n = 0;
	bool wanted = true;

	c->in_order = true;
	pool_init(&p);
	while (wanted && n < n_jobs) {
		struct job *j = malloc(sizeof(*j));

		assert_non_null(j);
		*j = (struct job){ c, n++, 0 };
		wanted = pool_hand_in(&p, j);
	}
	pool_deinit(&p);
	return n;
}

static void
test_jobs_are_finished_in_their_order(void **state)
{
	(void)state;
	for (unsigned n_threads = 0; n_threads <= 8; n_threads += 4) {
		struct count c = { .stop_after = 0 };

		assert_int_equal(hand_in(&c, n_threads, JOBS), JOBS);
		assert_true(c.in_order);
		assert_int_equal(c.finished, JOBS);
		assert_int_equal(c.run, JOBS);
		assert_int_equal(c.released, JOBS);
	}
}

/* `why --json … | head`: the reader goes away while workers run. Under ThreadSanitizer this shows a race. */
static void
test_no_job_is_finished_after_the_last_one_wanted_and_all_are_released(void **state)
{
	(void)state;
	for (unsigned n_threads = 0; n_threads <= 8; n_threads += 4) {
		struct count c = { .stop_after = 3 };
		const int n = hand_in(&c, n_threads, JOBS);

		assert_true(n < JOBS);
		assert_int_equal(c.finished, 3);
		assert_int_equal(c.released, n);
	}
}

static void
test_one_job_needs_no_thread(void **state)
{
	struct count c = { .stop_after = 0 };

	(void)state;
	hand_in(&c, 8, 1);
	assert_int_equal(c.finished, 1);
	assert_int_equal(c.run, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jobs_are_finished_in_their_order),
		cmocka_unit_test(test_no_job_is_finished_after_the_last_one_wanted_and_all_are_released),
		cmocka_unit_test(test_one_job_needs_no_thread),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
