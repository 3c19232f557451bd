#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/out.h"
#include "message/message.h"

enum { PARTS_WANTED_MAX = 4 };

static const char bounce[] = "From: MAILER-DAEMON@example.jp\r\n"
			     "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n"
			     "\r\n"
			     "preamble\r\n"
			     "--b\r\n"
			     "\r\n"
			     "no such user\r\n"
			     "--b\r\n"
			     "Content-Type: message/delivery-status\r\n"
			     "\r\n"
			     "Status: 5.1.1\r\n"
			     "\r\n"
			     "--b  \r\n"
			     "Content-Type: message/rfc822\r\n"
			     "\r\n"
			     "Content-Type: multipart/mixed; boundary=inner\r\n"
			     "\r\n"
			     "--inner\r\n"
			     "--b--\r\n"
			     "epilogue\r\n";

static const struct {
	const char *name, *bytes;
	size_t n_parts;
	struct {
		enum mime_kind kind;
		const char *body;
		unsigned depth;
	} parts[PARTS_WANTED_MAX];
} cases[] = {
	{ "one part", "A: b\n\nc\n", 1, { { MIME_TEXT_PLAIN, "c\n", 0 } } },
	{ "header only", "A: b\n", 1, { { MIME_TEXT_PLAIN, "", 0 } } },
	{ "nothing", "", 1, { { MIME_TEXT_PLAIN, "", 0 } } },
	{ "a report", bounce, 3,
	    { { MIME_TEXT_PLAIN, "no such user", 1 }, { MIME_DELIVERY_STATUS, "Status: 5.1.1\r\n", 1 },
		{ MIME_MESSAGE, "Content-Type: multipart/mixed; boundary=inner\r\n\r\n--inner", 1 } } },
	{ "boundary that is a prefix of another",
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
	    "Content-Type: multipart/alternative; boundary=ab\n\n--ab\n\nx\n--ab\n"
	    "Content-Type: text/html\n\ny\n--ab--\n--a\n\nz\n--a--\n",
	    3, { { MIME_TEXT_PLAIN, "x", 2 }, { MIME_TEXT_HTML, "y", 2 }, { MIME_TEXT_PLAIN, "z", 1 } } },
	{ "no closing boundary", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n", 1,
	    { { MIME_TEXT_PLAIN, "x", 1 } } },
	{ "no closing boundary within",
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--a\n\ny\n--a--\n",
	    2, { { MIME_TEXT_PLAIN, "x", 2 }, { MIME_TEXT_PLAIN, "y", 1 } } },
	{ "no boundary parameter", "Content-Type: multipart/mixed\n\n--a\n\nx\n--a\n\ny\n--a--\n", 2,
	    { { MIME_TEXT_PLAIN, "x", 1 }, { MIME_TEXT_PLAIN, "y", 1 } } },
	{ "a boundary that never comes", "Content-Type: multipart/mixed; boundary=a\n\nx\n", 1,
	    { { MIME_TEXT_PLAIN, "x\n", 0 } } },
	{ "a part without a body",
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
	    "Content-Type: text/html\n--a\n\nx\n--a--",
	    2, { { MIME_TEXT_HTML, "", 1 }, { MIME_TEXT_PLAIN, "x", 1 } } },
	{ "CR alone", "Content-Type: multipart/mixed; boundary=a\r\r--a\r\rx\ry\r--a--\r", 1,
	    { { MIME_TEXT_PLAIN, "x\ny", 1 } } },
};

static void
a_message_falls_into_parts(void **state)
{
	struct arena arena = { 0 };
	struct message m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message_parse(&arena, span_of(cases[i].bytes), &m);
		if (m.n_parts != cases[i].n_parts || m.parts_cut)
			fail_msg("%s: %zu parts", cases[i].name, m.n_parts);
		for (size_t p = 0; p < m.n_parts; p++)
			if (m.parts[p].kind != cases[i].parts[p].kind || m.parts[p].depth != cases[i].parts[p].depth ||
			    !span_equal(m.parts[p].body, span_of(cases[i].parts[p].body)))
				fail_msg("%s, part %zu: kind %d, depth %u, \"%.*s\"", cases[i].name, p, m.parts[p].kind,
				    m.parts[p].depth, (int)m.parts[p].body.len, m.parts[p].body.at);
	}
	arena_deinit(&arena);
}

static void
a_message_cut_anywhere_is_read(void **state)
{
	struct arena arena = { 0 };
	struct message m;

	(void)state;
	for (size_t len = 0; len < sizeof(bounce); len++) {
		char *bytes = test_malloc(len + 1);

		memcpy(bytes, bounce, len);
		message_parse(&arena, (struct span){ bytes, len }, &m);
		assert_in_range(m.n_parts, 1, 3);
		test_free(bytes);
		arena_reset(&arena);
	}
	arena_deinit(&arena);
}

static void
a_text_without_fields_is_no_message(void **state)
{
	struct arena arena = { 0 };
	struct message m;

	(void)state;
	assert_false(message_parse(&arena, span_of("just text\n"), &m));
	assert_int_equal(m.n_parts, 1);
	assert_true(message_parse(&arena, span_of("A: b\n"), &m));
	arena_deinit(&arena);
}

static void
nesting_without_end_is_cut(void **state)
{
	struct arena arena = { 0 };
	struct out out = { 0 };
	struct message m;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		out_str(&out, "Content-Type: multipart/mixed; boundary=b");
		out_number(&out, i);
		out_str(&out, "\n\n--b");
		out_number(&out, i);
		out_str(&out, "\n");
	}
	message_parse(&arena, out_view(&out), &m);
	assert_true(m.parts_cut);
	assert_int_equal(m.n_parts, 1);
	assert_int_equal(m.parts[0].depth, MESSAGE_DEPTH_MAX);
	out_deinit(&out);
	arena_deinit(&arena);
}

static void
parts_without_end_are_cut(void **state)
{
	struct arena arena = { 0 };
	struct out out = { 0 };
	struct message m;

	(void)state;
	out_str(&out, "Content-Type: multipart/mixed; boundary=b\n\n");
	for (unsigned i = 0; i < 10000; i++)
		out_str(&out, "--b\n\nx\n");
	message_parse(&arena, out_view(&out), &m);
	assert_true(m.parts_cut);
	assert_int_equal(m.n_parts, MESSAGE_PARTS_MAX);
	out_deinit(&out);
	arena_deinit(&arena);
}

static void
a_part_is_found_by_kind(void **state)
{
	struct arena arena = { 0 };
	struct message m;

	(void)state;
	message_parse(&arena, span_of(bounce), &m);
	assert_ptr_equal(message_find_part(&m, MIME_DELIVERY_STATUS), &m.parts[1]);
	assert_null(message_find_part(&m, MIME_FEEDBACK_REPORT));
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_falls_into_parts),
		cmocka_unit_test(a_message_cut_anywhere_is_read),
		cmocka_unit_test(a_text_without_fields_is_no_message),
		cmocka_unit_test(nesting_without_end_is_cut),
		cmocka_unit_test(parts_without_end_are_cut),
		cmocka_unit_test(a_part_is_found_by_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
