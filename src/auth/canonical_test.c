#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "auth/canonical.h"

static void
gather(void *context, struct span bytes)
{
	out_span(context, bytes);
}

static struct span
canonical(struct out *out, enum canonicalization way, uint64_t limit, struct span body, size_t cut)
{
	struct canonical_body c;

	out_clear(out);
	canonical_body_init(&c, way, limit, gather, out);
	if (cut <= body.len) {
		canonical_body_add(&c, span_first(body, cut));
		canonical_body_add(&c, span_skip(body, cut));
	} else {
		for (size_t i = 0; i < body.len; i++)
			canonical_body_add(&c, (struct span){ body.at + i, 1 });
	}
	canonical_body_end(&c);
	return out_view(out);
}

static const struct {
	const char *what, *body, *simple, *relaxed;
} bodies[] = {
	{ "RFC 6376 section 3.4.5's own body", " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n" },
	{ "an empty body is one line end, or nothing", "", "\r\n", "" },
	{ "only line ends are as good as empty", "\r\n\r\n\r\n", "\r\n", "" },
	{ "blanks alone are a line for simple", "  \r\n\t\r\n", "  \r\n\t\r\n", "" },
	{ "a missing last line end is added", "a", "a\r\n", "a\r\n" },
	{ "line ends within stay", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n" },
	{ "blanks before a line end go", "a \t \r\nb\r\n", "a \t \r\nb\r\n", "a\r\nb\r\n" },
	{ "blanks at a line's front become one", "\t\ta\r\n  b", "\t\ta\r\n  b\r\n", " a\r\n b\r\n" },
	{ "a bare CR is no line end", "a\rb\r\n", "a\rb\r\n", "a\rb\r\n" },
	{ "a bare LF is no line end", "a\nb \nc\n\n", "a\nb \nc\n\n\r\n", "a\nb \nc\n\n\r\n" },
	{ "CR at the very end", "a\r", "a\r\r\n", "a\r\r\n" },
	{ "CR CR LF", "a\r\r\nb", "a\r\r\nb\r\n", "a\r\r\nb\r\n" },
	{ "a blank at the very end", "a ", "a \r\n", "a\r\n" },
	{ "a blank between CRs", "a \r \r\n", "a \r \r\n", "a \r\r\n" },
	{ "a blank, then line ends, then text", "a \r\n\r\n \tb\r\n", "a \r\n\r\n \tb\r\n", "a\r\n\r\n b\r\n" },
	{ "longer than a block, with one place to change",
	    "The quick brown fox jumps over the lazy dog and  does it once again, \r\nsays the printer.\r\n",
	    "The quick brown fox jumps over the lazy dog and  does it once again, \r\nsays the printer.\r\n",
	    "The quick brown fox jumps over the lazy dog and does it once again,\r\nsays the printer.\r\n" },
};

static void
bodies_come_out_the_same_however_they_are_cut(void **state)
{
	struct out out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (size_t cut = 0; cut <= strlen(bodies[i].body) + 1; cut++) {
			const struct span body = span_of(bodies[i].body);
			struct span s = canonical(&out, CANONICALIZATION_SIMPLE, UINT64_MAX, body, cut);

			if (!span_equal(s, span_of(bodies[i].simple)))
				fail_msg("%s, simple, cut at %zu", bodies[i].what, cut);
			s = canonical(&out, CANONICALIZATION_RELAXED, UINT64_MAX, body, cut);
			if (!span_equal(s, span_of(bodies[i].relaxed)))
				fail_msg("%s, relaxed, cut at %zu: [%.*s]", bodies[i].what, cut, (int)s.len, s.at);
		}
	out_deinit(&out);
}

static void
a_length_cuts_the_canonical_body(void **state)
{
	struct out out = { 0 };

	(void)state;
	for (size_t cut = 0; cut < 9; cut++) {
		assert_true(span_equal(
		    canonical(&out, CANONICALIZATION_RELAXED, 4, span_of("a  b  c\r\n"), cut), span_of("a b ")));
		assert_int_equal(canonical(&out, CANONICALIZATION_SIMPLE, 0, span_of("a  b  c\r\n"), cut).len, 0);
	}
	out_deinit(&out);
}

static const struct {
	const char *what, *field, *simple, *relaxed;
} fields[] = {
	{ "RFC 6376 section 3.4.5's A", "A: X\r\n", "A: X\r\n", "a:X\r\n" },
	{ "RFC 6376 section 3.4.5's B", "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n" },
	{ "an empty value", "Subject:\r\n", "Subject:\r\n", "subject:\r\n" },
	{ "no line end", "To: a:b", "To: a:b\r\n", "to:a:b\r\n" },
};

static void
header_fields_are_canonicalised(void **state)
{
	struct out out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		out_clear(&out);
		canonical_header(&out, CANONICALIZATION_SIMPLE, span_of(fields[i].field), (struct span){ "", 0 });
		assert_true(span_equal(out_view(&out), span_of(fields[i].simple)));
		out_clear(&out);
		canonical_header(&out, CANONICALIZATION_RELAXED, span_of(fields[i].field), (struct span){ "", 0 });
		assert_true(span_equal(out_view(&out), span_of(fields[i].relaxed)));
	}
	out_deinit(&out);
}

static void
a_signature_is_left_out_of_itself(void **state)
{
	const struct span field = span_of("DKIM-Signature: v=1; b= abc\r\n\tdef ; d=x\r\n");
	struct out out = { 0 };

	(void)state;
	canonical_header(&out, CANONICALIZATION_RELAXED, field, (struct span){ field.at + 23, 11 });
	assert_true(span_equal(out_view(&out), span_of("dkim-signature:v=1; b=; d=x\r\n")));
	out_deinit(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_come_out_the_same_however_they_are_cut),
		cmocka_unit_test(a_length_cuts_the_canonical_body),
		cmocka_unit_test(header_fields_are_canonicalised),
		cmocka_unit_test(a_signature_is_left_out_of_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
