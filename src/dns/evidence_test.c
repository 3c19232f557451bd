#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dns/evidence.h"

static const char sample[] = "todoku-evidence 1\n"
			     "now 1764000000\n"
			     "TXT example.jp answered 300\n"
			     " v=spf1 ip4:192.0.2.0/24 -all\n"
			     " caf\\195\\169 \\092 \\\"\n"
			     "MX example.jp answered 60 secure\n"
			     " 10 mail.example.jp\n"
			     "A mail.example.jp answered 60\n"
			     " 192.0.2.1\n"
			     "AAAA mail.example.jp answered 60\n"
			     " 2001:db8::1\n"
			     "A a\\032b.example.jp no-name 5\n"
			     "TXT slow.example.jp failed 0\n"
			     "PTR 1.2.0.192.in-addr.arpa no-data 9\n";

static bool
parse(struct arena *arena, const char *text, struct dns_answers *answers, struct evidence_fault *fault)
{
	uint64_t now = 0;

	dns_answers_init(answers, arena);
	return evidence_parse(span_of(text), answers, &now, fault);
}

static void
what_is_written_is_read_again_the_same(void **state)
{
	struct arena arena = { 0 };
	struct dns_answers answers;
	struct evidence_fault fault;
	struct out out = { 0 }, again = { 0 };
	char *text = strdup(sample);
	char *quote = strstr(text, "\\\"");

	(void)state;
	memmove(quote, quote + 1, strlen(quote)); /* a quotation mark needs no escape */
	assert_true(parse(&arena, text, &answers, &fault));
	evidence_write(&out, &answers, 1764000000);
	assert_true(span_equal(out_view(&out), span_of(text)));
	assert_int_equal(dns_answers_find(&answers, span_of("SLOW.example.jp."), DNS_TXT)->result, DNS_FAILED);
	assert_non_null(dns_answers_find(&answers, span_of("a b.example.jp"), DNS_A));
	free(text);
	out_deinit(&out);
	out_deinit(&again);
	arena_deinit(&arena);
}

static const struct {
	const char *what, *text;
	unsigned line;
} faults[] = {
	{ "no head", "evidence\n", 1 },
	{ "no time", "todoku-evidence 1\nthen 5\n", 2 },
	{ "an unknown type", "todoku-evidence 1\nnow 5\nLOC a.jp answered 1\n x\n", 3 },
	{ "an unknown result", "todoku-evidence 1\nnow 5\nA a.jp maybe 1\n", 3 },
	{ "a name that cannot be", "todoku-evidence 1\nnow 5\nA a..jp no-name 1\n", 3 },
	{ "a TTL that is none", "todoku-evidence 1\nnow 5\nA a.jp no-name x\n", 3 },
	{ "an address that is none", "todoku-evidence 1\nnow 5\nA a.jp answered 1\n 1.2.3\n", 4 },
	{ "an answer without records", "todoku-evidence 1\nnow 5\nA a.jp answered 1\n", 3 },
	{ "records of no answer", "todoku-evidence 1\nnow 5\nA a.jp no-name 1\n 192.0.2.1\n", 4 },
	{ "half an escape", "todoku-evidence 1\nnow 5\nTXT a.jp answered 1\n x\\25\n", 4 },
	{ "an escape beyond a byte", "todoku-evidence 1\nnow 5\nTXT a.jp answered 1\n x\\256\n", 4 },
};

static void
what_is_unsound_is_told_with_its_line(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct dns_answers answers;
		struct evidence_fault fault = { 0 };

		if (parse(&arena, faults[i].text, &answers, &fault) || fault.line != faults[i].line)
			fail_msg("%s: line %u", faults[i].what, fault.line);
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again_the_same),
		cmocka_unit_test(what_is_unsound_is_told_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
