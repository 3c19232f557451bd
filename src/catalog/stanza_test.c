#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalog/stanza.h"

static void
assert_span(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.at, want, got.len);
}

static void
a_field_keeps_its_continuation_lines(void **state)
{
	struct span in = span_of("# comment\n\nCause: a.b\nRemedy-en: one\n two\n\nRule: x\n");
	struct stanza st;
	struct stanza_field f;
	unsigned line = 1;

	(void)state;
	assert_true(stanza_take(&in, &line, &st));
	assert_int_equal(st.line, 3);
	assert_true(stanza_take_field(&st, &f));
	assert_span(f.name, "Cause");
	assert_span(f.value, "a.b");
	assert_true(stanza_take_field(&st, &f));
	assert_span(f.value, "one\n two");
	assert_int_equal(f.line, 4);
	assert_false(stanza_take_field(&st, &f));
	assert_int_equal(st.text.len, 0);
	assert_true(stanza_take(&in, &line, &st));
	assert_int_equal(st.line, 7);
	assert_false(stanza_take(&in, &line, &st));
}

static void
a_line_that_is_no_field_is_left_with_its_number(void **state)
{
	struct span in = span_of("Rule: x\nnonsense\n");
	struct stanza st;
	struct stanza_field f;
	unsigned line = 1;

	(void)state;
	assert_true(stanza_take(&in, &line, &st));
	assert_true(stanza_take_field(&st, &f));
	assert_false(stanza_take_field(&st, &f));
	assert_true(st.text.len > 0);
	assert_int_equal(st.line, 2);
}

static void
the_last_line_needs_no_end(void **state)
{
	struct span in = span_of("Rule: x");
	struct stanza st;
	struct stanza_field f;
	unsigned line = 1;

	(void)state;
	assert_true(stanza_take(&in, &line, &st));
	assert_true(stanza_take_field(&st, &f));
	assert_span(f.value, "x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_keeps_its_continuation_lines),
		cmocka_unit_test(a_line_that_is_no_field_is_left_with_its_number),
		cmocka_unit_test(the_last_line_needs_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
