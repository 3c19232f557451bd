#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/template.h"

/* What is taken, written back as literal<name>literal. */
static void
assert_taken(const char *template, const char *expected)
{
	char got[256];
	size_t n = 0;
	struct span rest = span_of(template), literal, name;

	while (template_take(&rest, &literal, &name))
		n += (size_t)snprintf(
		    got + n, sizeof(got) - n, "%.*s<%.*s>", (int)literal.len, literal.at, (int)name.len, name.at);
	snprintf(got + n, sizeof(got) - n, "%.*s", (int)literal.len, literal.at);
	assert_string_equal(got, expected);
	assert_int_equal(rest.len, 0);
}

static void
a_hole_is_a_name_in_braces(void **state)
{
	(void)state;
	assert_taken("Add {spf_mechanism} to {domain}.", "Add <spf_mechanism> to <domain>.");
	assert_taken("{0}{1}", "<0><1>");
	assert_taken("", "");
}

static void
a_brace_that_opens_no_hole_stands_for_itself(void **state)
{
	(void)state;
	assert_taken("{} {A} { b} {c", "{} {A} { b} {c");
	assert_taken("{{a}}", "{<a>}");
	assert_taken("{a{b}", "{a<b>");
	assert_taken("{", "{");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_is_a_name_in_braces),
		cmocka_unit_test(a_brace_that_opens_no_hole_stands_for_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
