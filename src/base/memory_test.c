#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/out.h"

static void
take_much(void *context)
{
	struct arena arena = { 0 };
	struct out out = { 0 };

	for (size_t i = 0; i < 100; i++) {
		arena_take(&arena, 100000);
		out_str(&out, "more than the account allows, sooner or later");
	}
	*(bool *)context = true;
	out_deinit(&out);
	arena_deinit(&arena);
}

static void
test_what_runs_out_ends_at_the_guard_and_leaves_nothing_behind(void **state)
{
	(void)state;
	for (size_t most = 1; most < (1 << 24); most *= 2) {
		struct memory account = { .most = most };
		bool ended = false;
		const bool enough = memory_try(&account, take_much, &ended);

		assert_int_equal(enough, ended);
		assert_null(account.first);
		assert_int_equal(account.used, 0);
	}
}

static void
want_the_impossible(void *context)
{
	(void)context;
	arena_take_items(&(struct arena){ 0 }, SIZE_MAX / 2, 16);
}

static void
test_a_hostile_size_is_an_error_too(void **state)
{
	struct memory account = { 0 };

	(void)state;
	assert_false(memory_try(&account, want_the_impossible, NULL));
}

static void
try_within(void *context)
{
	struct memory inner = { .most = 10 };
	bool ended = false;
	void *kept = memory_take(100);

	assert_false(memory_try(&inner, take_much, &ended));
	memory_free(kept);
	*(bool *)context = true;
}

static void
test_a_guard_within_another_is_its_own(void **state)
{
	struct memory account = { 0 };
	bool went_on = false;

	(void)state;
	assert_true(memory_try(&account, try_within, &went_on));
	assert_true(went_on);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_runs_out_ends_at_the_guard_and_leaves_nothing_behind),
		cmocka_unit_test(test_a_hostile_size_is_an_error_too),
		cmocka_unit_test(test_a_guard_within_another_is_its_own),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
