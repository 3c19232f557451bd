#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "dns/zone.h"

static struct arena arena;

static void
what_is_missing_is_wanted_once(void **state)
{
	struct dns_answers answers;

	(void)state;
	dns_answers_init(&answers, &arena);
	assert_null(dns_answers_find(&answers, span_of("Example.JP."), DNS_TXT));
	assert_null(dns_answers_find(&answers, span_of("example.jp"), DNS_TXT));
	assert_null(dns_answers_find(&answers, span_of("example.jp"), DNS_A));
	assert_int_equal(answers.n_wanted, 2);
	assert_true(span_equal(answers.wanted[0].name, span_of("example.jp")));
}

static void
an_answer_is_found_in_any_case_and_replaced(void **state)
{
	struct dns_record record = { .data = { "v=spf1 -all", 11 } };
	struct dns_answer a = { .name = span_of("Example.JP"),
		.type = DNS_TXT,
		.result = DNS_ANSWERED,
		.records = &record,
		.n_records = 1 };
	struct dns_answers answers;
	const struct dns_answer *found;

	(void)state;
	dns_answers_init(&answers, &arena);
	assert_true(dns_answers_put(&answers, &a));
	found = dns_answers_find(&answers, span_of("eXample.jp."), DNS_TXT);
	assert_non_null(found);
	assert_int_equal(found->n_records, 1);
	a.result = DNS_NO_NAME;
	a.n_records = 0;
	assert_true(dns_answers_put(&answers, &a));
	assert_int_equal(dns_answers_find(&answers, span_of("example.jp"), DNS_TXT)->result, DNS_NO_NAME);
	assert_int_equal(answers.n, 1);
	assert_int_equal(answers.n_wanted, 0);
}

static void
only_so_many_answers_are_kept(void **state)
{
	struct dns_answers answers;
	char name[32] = "00000.example.jp";
	size_t put = 0;

	(void)state;
	dns_answers_init(&answers, &arena);
	for (unsigned i = 0; i < DNS_ANSWERS_MAX + 10; i++) {
		struct dns_answer a = { .type = DNS_A, .result = DNS_NO_DATA };

		for (unsigned k = 0, rest = i; k < 5; k++, rest /= 16)
			name[k] = "0123456789abcdef"[rest % 16];
		a.name = span_of(name);
		put += dns_answers_put(&answers, &a);
	}
	assert_int_equal(put, DNS_ANSWERS_MAX);
}

static void
a_name_has_labels_of_one_to_63_bytes(void **state)
{
	(void)state;
	assert_true(dns_name_is_sound(span_of("example.jp")));
	assert_true(dns_name_is_sound(span_of("example.jp.")));
	assert_false(dns_name_is_sound(span_of("")));
	assert_false(dns_name_is_sound(span_of(".")));
	assert_false(dns_name_is_sound(span_of("a..b")));
	assert_true(dns_name_is_sound(span_of("a12345678901234567890123456789012345678901234567890123456789012.b")));
	assert_false(dns_name_is_sound(span_of("a123456789012345678901234567890123456789012345678901234567890123.b")));
}

static const struct dns_answer *
answered(struct zone *z, struct dns_answers *answers, const char *name, enum dns_type type)
{
	dns_answers_find(answers, span_of(name), type);
	zone_answer(z, answers);
	return dns_answers_find(answers, span_of(name), type);
}

static void
a_zone_answers_as_a_server_would(void **state)
{
	static const char text[] = "$ORIGIN example.jp.\n$TTL 1h30m\n"
				   "@ 60 IN TXT \"a\" b ( ; a comment\n  \"c d\" )\n"
				   "  MX 10 mail\n  MX 20 other.example.net.\n"
				   "mail A 192.0.2.1\n     AAAA 2001:db8::1\n     HINFO x y\n"
				   "alias CNAME mail\nloop CNAME loop\nfar CNAME absent\n"
				   "*.wild A 192.0.2.2\nx.wild TXT there\n"
				   "deep.er A 192.0.2.3\nslow SERVFAIL\n";
	const struct dns_answer *a;
	struct dns_answers answers;
	struct zone_fault fault;
	struct zone z;

	(void)state;
	dns_answers_init(&answers, &arena);
	assert_true(zone_parse(&arena, span_of(text), &z, &fault));
	a = answered(&z, &answers, "example.jp", DNS_TXT);
	assert_int_equal(a->result, DNS_ANSWERED);
	assert_true(span_equal(a->records[0].data, span_of("abc d")));
	assert_int_equal(a->ttl, 60);
	a = answered(&z, &answers, "example.jp", DNS_MX);
	assert_int_equal(a->n_records, 2);
	assert_int_equal(a->records[0].preference, 10);
	assert_true(span_equal(a->records[0].data, span_of("mail.example.jp")));
	assert_true(span_equal(a->records[1].data, span_of("other.example.net")));
	a = answered(&z, &answers, "ALIAS.example.jp", DNS_A);
	assert_int_equal(a->n_records, 1);
	assert_int_equal(a->ttl, 5400);
	assert_memory_equal(a->records[0].data.at, "\xc0\0\2\1", 4);
	assert_int_equal(answered(&z, &answers, "mail.example.jp", DNS_TXT)->result, DNS_NO_DATA);
	assert_int_equal(answered(&z, &answers, "er.example.jp", DNS_A)->result, DNS_NO_DATA);
	assert_int_equal(answered(&z, &answers, "absent.example.jp", DNS_A)->result, DNS_NO_NAME);
	assert_int_equal(answered(&z, &answers, "far.example.jp", DNS_A)->result, DNS_NO_NAME);
	assert_int_equal(answered(&z, &answers, "loop.example.jp", DNS_A)->result, DNS_FAILED);
	assert_int_equal(answered(&z, &answers, "slow.example.jp", DNS_A)->result, DNS_FAILED);
	assert_int_equal(answered(&z, &answers, "y.wild.example.jp", DNS_A)->result, DNS_ANSWERED);
	assert_int_equal(answered(&z, &answers, "x.wild.example.jp", DNS_A)->result, DNS_NO_DATA);
	assert_int_equal(answers.n_wanted, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_wanted_once),
		cmocka_unit_test(an_answer_is_found_in_any_case_and_replaced),
		cmocka_unit_test(only_so_many_answers_are_kept),
		cmocka_unit_test(a_name_has_labels_of_one_to_63_bytes),
		cmocka_unit_test(a_zone_answers_as_a_server_would),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_deinit(&arena);
	return failed;
}
