#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/out.h"
#include "message/rfc5322_form.h"

#define GOOD "From: a@example.jp\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\nMessage-ID: <1@example.jp>\r\n"

static const struct {
	const char *what, *message, *found; /* kinds, blanks between */
} cases[] = {
	{ "a sound message", GOOD "Subject: x\r\n\r\nbody\r\n", "" },
	{ "no From", "Date: x\r\nMessage-ID: <1@b>\r\n\r\n", "no-from" },
	{ "From twice", GOOD "From: b@example.jp\r\n\r\n", "several-from" },
	{ "two authors", "From: a@b.jp, c@d.jp\r\nDate: x\r\nMessage-ID: <1@b>\r\n\r\n", "several-authors" },
	{ "no address in From", "From: Taro\r\nDate: x\r\nMessage-ID: <1@b>\r\n\r\n", "from-unreadable" },
	{ "an empty group", "From: Nobody:;\r\nDate: x\r\nMessage-ID: <1@b>\r\n\r\n", "from-unreadable" },
	{ "no Date", "From: a@b.jp\r\nMessage-ID: <1@b>\r\n\r\n", "no-date" },
	{ "no Message-ID", "From: a@b.jp\r\nDate: x\r\n\r\n", "no-message-id" },
	{ "Message-ID without brackets", "From: a@b.jp\r\nDate: x\r\nMessage-ID: 1@b\r\n\r\n", "bad-message-id" },
	{ "Message-ID without @", "From: a@b.jp\r\nDate: x\r\nMessage-ID: <1>\r\n\r\n", "bad-message-id" },
	{ "Subject twice", GOOD "Subject: x\r\nsubject: y\r\n\r\n", "duplicate" },
	{ "Received many times is no duplicate", GOOD "Received: x\r\nReceived: y\r\n\r\n", "" },
	{ "an encoded-word in an address", "From: =?utf-8?q?a?=@b.jp\r\nDate: x\r\nMessage-ID: <1@b>\r\n\r\n",
	    "encoded-word" },
	{ "an encoded-word as a name", "From: =?utf-8?q?a?= <a@b.jp>\r\nDate: x\r\nMessage-ID: <1@b>\r\n\r\n", "" },
	{ "an encoded-word in Message-ID", "From: a@b.jp\r\nDate: x\r\nMessage-ID: <=?utf-8?q?a?=@b>\r\n\r\n",
	    "encoded-word" },
	{ "raw UTF-8 in Subject", GOOD "Subject: \xe3\x81\x82\r\n\r\n", "raw-8bit" },
	{ "raw UTF-8 in the body", GOOD "\r\n\xe3\x81\x82\r\n", "" },
	{ "a bare LF", GOOD "\r\na\nb\r\n", "bare-lf" },
	{ "a bare CR", GOOD "\r\na\rb\r\n", "bare-cr" },
	{ "a line that is no field", GOOD "what is this\r\nSubject: x\r\n\r\n", "bad-field" },
	{ "nothing at all", "", "no-from no-date no-message-id" },
};

static void
put_found(struct out *out, const struct rfc5322_form *form)
{
	for (size_t i = 0; i < form->n; i++) {
		if (i > 0)
			out_char(out, ' ');
		out_str(out, form_token(form->findings[i].kind));
	}
}

static void
every_fault_of_form_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = { 0 };
		struct rfc5322_form form;
		struct out out = { 0 };

		rfc5322_form_check(&arena, span_of(cases[i].message), false, &form);
		put_found(&out, &form);
		if (!span_equal(out_view(&out), span_of(cases[i].found)))
			fail_msg("%s: [%.*s]", cases[i].what, (int)out.len, out.at);
		out_deinit(&out);
		arena_deinit(&arena);
	}
}

static void
limits_are_those_that_are_published(void **state)
{
	struct arena arena = { 0 };
	struct rfc5322_form form;
	struct out out = { 0 };

	(void)state;
	out_str(&out, GOOD);
	for (int i = 0; i < FORM_HOPS_MAX + 1; i++)
		out_str(&out, "Received: x\r\n");
	out_str(&out, "X: ");
	for (int i = 0; i < FORM_VALUE_MAX + 1; i++)
		out_char(&out, 'x');
	out_str(&out, "\r\n\r\n");
	rfc5322_form_check(&arena, out_view(&out), false, &form);
	out_clear(&out);
	put_found(&out, &form);
	assert_true(span_equal(out_view(&out), span_of("value-size hops long-line")));
	out_deinit(&out);
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_of_form_is_found),
		cmocka_unit_test(limits_are_those_that_are_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
