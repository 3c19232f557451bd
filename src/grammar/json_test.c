#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/json.h"

static struct arena arena;

static void
assert_found(const char *json, const char *path, const char *want)
{
	struct span found = json_find_text(&arena, span_of(json), path);

	if (!span_equal(found, span_of(want)))
		fail_msg("%s in %s: %.*s", path, json, (int)found.len, found.at);
}

static void
members_are_found_by_their_path(void **state)
{
	(void)state;
	assert_found("{\"a\":1}", "a", "1");
	assert_found("{ \"a\" : { \"b\" : \"c\" } , \"d\" : true }", "a.b", "c");
	assert_found("{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":\"}\"}", "d", "}");
	assert_found("{\"a\":null}", "a", "");
	assert_found("{\"a\":1}", "b", "");
	assert_found("[1]", "a", "");
	assert_found("{\"a\":\"x\\\\\",\"b\":2}", "b", "2");
}

static void
escapes_become_what_they_stand_for(void **state)
{
	(void)state;
	assert_found("{\"a\":\"\\u5c4a\\u304f \\n\\t\\\"\\/\"}", "a", "届く \n\t\"/");
	assert_found("{\"a\":\"\\ud83d\\udc31\"}", "a", "🐱");
	assert_found("{\"a\":\"\\ud83dx\"}", "a", "\xef\xbf\xbdx");
	assert_found("{\"a\":\"\\u12\"}", "a", "?12");
}

static void
what_is_unsound_is_not_found(void **state)
{
	static const char *const rows[] = { "{\"a\":1", "{\"b\":[1}],\"a\":2", "{\"a\"", "\"", "" };
	struct span rest, value;
	char deep[400];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rest = span_of(rows[i]);
		assert_false(json_take_value(&rest, &value));
	}
	memset(deep, '[', 200);
	memset(deep + 200, ']', 200);
	rest = (struct span){ deep, sizeof(deep) };
	assert_false(json_take_value(&rest, &value));
}

static void
elements_are_walked_in_order(void **state)
{
	struct span array = span_of("[ 1, \"a,]\" , {\"b\":[2]} ]"), value;
	const char *const want[] = { "1", "\"a,]\"", "{\"b\":[2]}" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(json_take_element(&array, &value));
		assert_true(span_equal(value, span_of(want[i])));
	}
	assert_false(json_take_element(&array, &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_their_path),
		cmocka_unit_test(escapes_become_what_they_stand_for),
		cmocka_unit_test(what_is_unsound_is_not_found),
		cmocka_unit_test(elements_are_walked_in_order),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
