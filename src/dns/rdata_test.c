#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dns/rdata.h"

static const struct {
	const char *what;
	enum dns_type type;
	struct span data;
	const char *read; /* NULL: unsound */
} cases[] = {
	{ "an address", DNS_A, SPAN_INIT("abcd"), "abcd" },
	{ "an address cut short", DNS_A, SPAN_INIT("abc"), NULL },
	{ "strings are joined", DNS_TXT, SPAN_INIT("\003v=s\003pf1"), "v=spf1" },
	{ "an empty string", DNS_TXT, SPAN_INIT("\000"), "" },
	{ "a string cut short", DNS_TXT, SPAN_INIT("\005abc"), NULL },
	{ "a name", DNS_PTR, SPAN_INIT("\004mail\002jp\000"), "mail.jp" },
	{ "a name without its end", DNS_PTR, SPAN_INIT("\004mail"), NULL },
	{ "bytes behind a name", DNS_PTR, SPAN_INIT("\002jp\000x"), NULL },
	{ "a label that is too long", DNS_PTR, SPAN_INIT("\100aaaa\000"), NULL },
	{ "a mail exchanger", DNS_MX, SPAN_INIT("\000\012\002mx\000"), "mx" },
	{ "the null MX", DNS_MX, SPAN_INIT("\000\000\000"), "" },
	{ "a mail exchanger cut short", DNS_MX, SPAN_INIT("\000\012"), NULL },
};

static void
data_is_read_by_its_type(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dns_record r;
		const bool sound = rdata_read(&arena, cases[i].type, cases[i].data, &r);

		if (sound != (cases[i].read != NULL) || (sound && !span_equal(r.data, span_of(cases[i].read))))
			fail_msg("%s", cases[i].what);
		if (sound && strcmp(cases[i].read, "mx") == 0)
			assert_int_equal(r.preference, 10);
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_read_by_its_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
