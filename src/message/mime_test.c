#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "message/mime.h"

static const struct {
	const char *header;
	enum mime_kind kind;
	const char *charset, *boundary;
} headers[] = {
	{ "Subject: x\n", MIME_TEXT_PLAIN, "", "" },
	{ "Content-Type: text/plain; charset=utf-8\n", MIME_TEXT_PLAIN, "utf-8", "" },
	{ "content-type: TEXT/HTML; format=flowed; CHARSET=\"utf-8\" (c)\r\n", MIME_TEXT_HTML, "utf-8", "" },
	{ "Content-Type: multipart/mixed;\r\n\tboundary=\"a;b \\\"c\"\r\n", MIME_MULTIPART, "", "a;b \"c" },
	{ "Content-Type: multipart/mixed; boundary==_x(1)/=; charset=y\n", MIME_MULTIPART, "y", "=_x(1)/=" },
	{ "Content-Type: multipart/mixed; boundary*0=ab; boundary*1=\"cd\"\n", MIME_MULTIPART, "", "abcd" },
	{ "Content-Type: text/plain; charset*=us-ascii'en'iso-2022-jp\n", MIME_TEXT_PLAIN, "iso-2022-jp", "" },
	{ "Content-Type: text/plain; charset*=''utf%2D8\n", MIME_TEXT_PLAIN, "utf-8", "" },
	{ "Content-Type: text\n", MIME_TEXT_PLAIN, "", "" },
	{ "Content-Type: message/rfc822\n", MIME_MESSAGE, "", "" },
	{ "Content-Type: message/global\n", MIME_MESSAGE, "", "" },
	{ "Content-Type: text/rfc822-headers\n", MIME_MESSAGE_HEADERS, "", "" },
	{ "Content-Type: message/delivery-status\n", MIME_DELIVERY_STATUS, "", "" },
	{ "Content-Type: message/global-delivery-status; charset=utf-8\n", MIME_DELIVERY_STATUS, "utf-8", "" },
	{ "Content-Type: message/feedback-report\n", MIME_FEEDBACK_REPORT, "", "" },
	{ "Content-Type: application/pdf; name=\"x", MIME_OTHER, "", "" },
	{ "Content-Type: (a (b)) text (c) / (d) html ;", MIME_TEXT_HTML, "", "" },
};

static void
a_header_tells_the_part(void **state)
{
	struct arena arena = { 0 };
	struct mime_part part;

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		mime_read_header(&arena, span_of(headers[i].header), &part);
		if (part.kind != headers[i].kind || !span_equal(part.charset, span_of(headers[i].charset)) ||
		    !span_equal(part.boundary, span_of(headers[i].boundary)))
			fail_msg("%s: kind %d, charset \"%.*s\", boundary \"%.*s\"", headers[i].header, part.kind,
			    (int)part.charset.len, part.charset.at, (int)part.boundary.len, part.boundary.at);
	}
	arena_deinit(&arena);
}

static const struct {
	const char *name, *header, *body, *want;
} bodies[] = { { "identity", "", "a=41\n", "a=41\n" },
	{ "base64", "Content-Transfer-Encoding: base64\n", "5a6b\r\n5YWI", "宛先" },
	{ "base64, padded in the middle", "Content-Transfer-Encoding: BASE64\n", "YQ==\nYg==\n", "ab" },
	{ "base64, strays", "Content-Transfer-Encoding: base64\n", "Y-W*Jj=!", "abc" },
	{ "quoted-printable", "Content-Transfer-Encoding: quoted-printable\n",
	    "=E5=AE=9B a=\n b \t\r\nc=", "宛 a b\r\nc" },
	{ "quoted-printable, strays", "Content-Transfer-Encoding: Quoted-Printable\n", "a=zz =4\n=", "a=zz =4\n" },
	{ "charset",
	    "Content-Type: text/plain; charset=shift_jis\n"
	    "Content-Transfer-Encoding: base64\n",
	    "iLaQ5g==", "宛先" },
	{ "HTML",
	    "Content-Type: text/html; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n",
	    "<p>a &lt;b&gt;=\n</p>", "a <b>\n" } };

static void
a_body_becomes_text(void **state)
{
	struct arena arena = { 0 };
	struct mime_part part = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct span got;

		mime_read_header(&arena, span_of(bodies[i].header), &part);
		part.body = span_of(bodies[i].body);
		got = mime_text(&arena, &part);
		if (!span_equal(got, span_of(bodies[i].want)))
			fail_msg("%s: got \"%.*s\"", bodies[i].name, (int)got.len, got.at);
	}
	arena_deinit(&arena);
}

static void
a_parameter_is_found_in_pieces(void **state)
{
	struct arena arena = { 0 };
	struct span value = span_of("attachment; filename*1*=%E5%85%88; filename*0*=utf-8'ja'%E5%AE%9B;"
				    " filename*2=.txt; filename*9999=x");

	(void)state;
	assert_true(span_equal(mime_find_param(&arena, value, "filename"), span_of("宛先.txt")));
	assert_null(mime_find_param(&arena, value, "file").at);
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_tells_the_part),
		cmocka_unit_test(a_body_becomes_text),
		cmocka_unit_test(a_parameter_is_found_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
