#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/ip_address.h"

static void
an_address_is_read_and_written_in_canonical_form(void **state)
{
	static const struct {
		const char *in, *out; /* out: NULL: none */
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:DB8:0:0::1", "2001:db8::1" },
		{ "IPv6:2001:db8::1", "2001:db8::1" },
		{ "::", "::" },
		{ "192.0.2.256", NULL },
		{ "192.0.02.1", NULL },
		{ "192.0.2", NULL },
		{ "192.0.2.1.", NULL },
		{ "2001:db8::1::2", NULL },
		{ "", NULL },
		{ "example.jp", NULL },
	};
	char text[IP_ADDRESS_TEXT_MAX];
	struct ip_address ip;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (ip_address_read(span_of(rows[i].in), &ip) != (rows[i].out != NULL))
			fail_msg("%s", rows[i].in);
		if (rows[i].out != NULL) {
			assert_int_equal(ip_address_write(&ip, text), strlen(rows[i].out));
			assert_string_equal(text, rows[i].out);
		}
	}
}

static void
a_network_holds_what_begins_with_its_bits(void **state)
{
	const uint8_t a[4] = { 192, 0, 2, 129 }, b[4] = { 192, 0, 2, 200 };

	(void)state;
	assert_true(ip_address_in(a, b, 25));
	assert_false(ip_address_in(a, b, 26));
	assert_true(ip_address_in(a, b, 0));
	assert_true(ip_address_in(a, a, 32));
	assert_false(ip_address_in(a, b, 32));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_read_and_written_in_canonical_form),
		cmocka_unit_test(a_network_holds_what_begins_with_its_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
