#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "record/spf_record.h"

static struct arena arena;

static void
assert_span(struct span s, const char *want)
{
	if (!span_equal(s, span_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.at ? s.at : "", want);
}

static void
a_record_is_one_by_its_version_alone(void **state)
{
	(void)state;
	assert_true(spf_record_is(span_of("v=spf1")));
	assert_true(spf_record_is(span_of("V=SPF1 -all")));
	assert_false(spf_record_is(span_of("v=spf10 -all")));
	assert_false(spf_record_is(span_of("v=spf1\t-all")));
	assert_false(spf_record_is(span_of(" v=spf1 -all")));
}

static void
terms_are_read_with_qualifier_target_and_lengths(void **state)
{
	struct spf_record r;

	(void)state;
	assert_true(spf_record_parse(&arena,
	    span_of(
		"v=spf1  ip4:192.0.2.0/24 ~a:mail.example.jp/28//64 ?mx//96 ip6:2001:db8::/32 ptr exists:%{ir}.x.example.jp "
		"-all exp=why.example.jp unknown=any%{d}"),
	    &r));
	assert_int_equal(r.n_terms, 9);
	assert_int_equal(r.terms[0].kind, SPF_IP4);
	assert_int_equal(r.terms[0].cidr4, 24);
	assert_int_equal(r.terms[0].qualifier, '+');
	assert_int_equal(r.terms[1].qualifier, '~');
	assert_span(r.terms[1].domain_spec, "mail.example.jp");
	assert_int_equal(r.terms[1].cidr4, 28);
	assert_int_equal(r.terms[1].cidr6, 64);
	assert_int_equal(r.terms[2].cidr4, 32);
	assert_int_equal(r.terms[2].cidr6, 96);
	assert_int_equal(r.terms[3].cidr6, 32);
	assert_span(r.terms[5].domain_spec, "%{ir}.x.example.jp");
	assert_int_equal(r.terms[6].kind, SPF_ALL);
	assert_ptr_equal(r.exp, &r.terms[7]);
	assert_int_equal(r.terms[8].kind, SPF_UNKNOWN_MODIFIER);
	assert_null(r.redirect);
}

static void
an_unsound_record_names_the_term_at_fault(void **state)
{
	static const struct {
		const char *record, *fault;
	} rows[] = {
		{ "v=spf1 ipv4:192.0.2.1 -all", "ipv4:192.0.2.1" },
		{ "v=spf1 ip4:192.0.2.1/33", "ip4:192.0.2.1/33" },
		{ "v=spf1 ip4:192.0.2", "ip4:192.0.2" },
		{ "v=spf1 ip4", "ip4" },
		{ "v=spf1 all:x.jp", "all:x.jp" },
		{ "v=spf1 -al", "-al" },
		{ "v=spf1 include", "include" },
		{ "v=spf1 include:", "include:" },
		{ "v=spf1 include:example", "include:example" },
		{ "v=spf1 a:x.123", "a:x.123" },
		{ "v=spf1 a/", "a/" },
		{ "v=spf1 a/24/64", "a/24/64" },
		{ "v=spf1 mx:x.jp/024", "mx:x.jp/024" },
		{ "v=spf1 exists:%{x}.jp", "exists:%{x}.jp" },
		{ "v=spf1 exists:%{d0}.jp", "exists:%{d0}.jp" },
		{ "v=spf1 exists:%{c}.jp", "exists:%{c}.jp" },
		{ "v=spf1 exists:%a.jp", "exists:%a.jp" },
		{ "v=spf1 redirect=a.jp redirect=b.jp", "redirect=b.jp" },
		{ "v=spf1 exp=a.jp -all exp=b.jp", "exp=b.jp" },
		{ "v=spf1 =x", "=x" },
		{ "v=spf1 a\tmx", "a\tmx" },
	};
	struct spf_record r;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (spf_record_parse(&arena, span_of(rows[i].record), &r) || r.problem == PROBLEM_NONE)
			fail_msg("%s", rows[i].record);
		assert_span(r.fault, rows[i].fault);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_one_by_its_version_alone),
		cmocka_unit_test(terms_are_read_with_qualifier_target_and_lengths),
		cmocka_unit_test(an_unsound_record_names_the_term_at_fault),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
