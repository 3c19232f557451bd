#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/fake_verdict.h"
#include "render/json_writer.h"
#include "render/verdict_json.h"

static void
strings_are_escaped(void **state)
{
	static const struct {
		const char *name;
		struct span in;
		const char *want;
	} rows[] = {
		{ "quotes and backslash", { "a\"b\\c", 5 }, "\"a\\\"b\\\\c\"" },
		{ "line ends", { "a\r\nb\t", 5 }, "\"a\\r\\nb\\t\"" },
		{ "NUL and ESC", { "\0\x1b", 2 }, "\"\\u0000\\u001b\"" },
		{ "Japanese", { "宛先", 6 }, "\"宛先\"" },
		{ "C1 and direction", { "\xc2\x9b\xe2\x80\xae\xe2\x81\xa6", 8 }, "\"\\u009b\\u202e\\u2066\"" },
		{ "no UTF-8",
		    { "a\xff"
		      "b",
			3 },
		    "\"a\xef\xbf\xbd"
		    "b\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct out out = { 0 };

		json_write_string(&out, rows[i].in);
		if (!span_equal(out_view(&out), span_of(rows[i].want)))
			fail_msg("row: %s, got: %.*s", rows[i].name, (int)out.len, out.at);
		out_deinit(&out);
	}
}

static void
every_byte_is_escaped_wherever_it_stands(void **state)
{
	(void)state;
	for (unsigned b = 0; b < 256; b++)
		for (size_t at = 0; at < 20; at++) {
			char text[20];
			struct out out = { 0 };
			bool plain = b >= 0x20 && b < 0x7f && b != '"' && b != '\\';

			memset(text, 'a', sizeof(text));
			text[at] = (char)b;
			json_write_string(&out, (struct span){ text, sizeof(text) });
			if ((out.len == sizeof(text) + 2) != plain)
				fail_msg("byte %02x at %zu: %.*s", b, at, (int)out.len, out.at);
			out_deinit(&out);
		}
}

static bool
out_holds(const struct out *out, const char *s)
{
	return memmem(out->at, out->len, s, strlen(s)) != NULL;
}

static void
a_verdict_is_one_line(void **state)
{
	static const char *const wanted[] = {
		"{\"schema\":2,\"source\":{\"file\":\"a.eml\",\"kind\":\"report\",\"format\":\"rfc3464\",\"message\":null,\"line\":7,\"byte\":null}",
		"\"status\":\"5.7.26\"",
		"\"cause\":\"auth.spf\"",
		"\"acts\":[\"sender-dns\",\"sender-admin\"]",
		"\"retry\":{\"retry\":false",
		"\"contradictions\":[],\"codes_say\":null",
	};
	const struct json_source source = { .file = FAKE_SPAN("a.eml"), .line = 7 };
	struct out out = { 0 };
	struct fake f;

	(void)state;
	fake_spf(&f);
	json_write_verdict(&out, &f.verdict, &source, NULL);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!out_holds(&out, wanted[i]))
			fail_msg("not there: %s", wanted[i]);
	assert_int_equal(span_index(out_view(&out), '\n'), out.len - 1);
	out_deinit(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(every_byte_is_escaped_wherever_it_stands),
		cmocka_unit_test(a_verdict_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
