#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/out.h"
#include "grammar/tag_list.h"

static const struct {
	const char *what, *text, *tags; /* "name=value" with "|" between; NULL: unsound */
} cases[] = {
	{ "tags in order", "v=1; a=rsa-sha256;d=example.jp", "v=1|a=rsa-sha256|d=example.jp" },
	{ "a semicolon at the end", "a=1;", "a=1" },
	{ "blanks and folds around", " a \r\n\t= 1 ;\r\n b=2", "a=1|b=2" },
	{ "an empty value", "p=", "p=" },
	{ "an equals sign within", "b=YQ==", "b=YQ==" },
	{ "names are case-sensitive", "a=1; A=2", "a=1|A=2" },
	{ "UTF-8 in a value", "d=例え.jp", "d=例え.jp" },
	{ "a name twice", "a=1; a=2", NULL },
	{ "no equals sign", "a=1; b", NULL },
	{ "a name that begins with a digit", "1a=1", NULL },
	{ "two semicolons", "a=1;; b=2", NULL },
	{ "a control character", "a=\x01", NULL },
	{ "nothing", "", NULL },
};

static void
tag_lists_are_read_by_section_3_2(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tag_list list;
		struct out out = { 0 };
		const bool sound = tag_list_parse(span_of(cases[i].text), &list);

		for (size_t k = 0; k < list.n; k++) {
			out_str(&out, k > 0 ? "|" : "");
			out_span(&out, list.tags[k].name);
			out_char(&out, '=');
			out_span(&out, list.tags[k].value);
		}
		if (sound != (cases[i].tags != NULL) || (sound && !span_equal(out_view(&out), span_of(cases[i].tags))))
			fail_msg("%s: problem %d", cases[i].what, list.problem);
		out_deinit(&out);
	}
}

static void
numbers_and_items_are_taken_whole(void **state)
{
	struct span rest = span_of(" from : to:subject"), item;
	uint64_t n;

	(void)state;
	assert_true(tag_take_item(&rest, ':', &item) && span_equal(item, span_of("from")));
	assert_true(tag_take_item(&rest, ':', &item) && span_equal(item, span_of("to")));
	assert_true(tag_take_item(&rest, ':', &item) && span_equal(item, span_of("subject")));
	assert_false(tag_take_item(&rest, ':', &item));
	assert_true(tag_read_number(span_of("0017"), 12, &n) && n == 17);
	assert_false(tag_read_number(span_of("1234567890123"), 12, &n));
	assert_false(tag_read_number(span_of("1x"), 12, &n));
	assert_false(tag_read_number(span_of(""), 12, &n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tag_lists_are_read_by_section_3_2),
		cmocka_unit_test(numbers_and_items_are_taken_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
