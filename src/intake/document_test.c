#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/document.h"

static void
a_document_is_known_by_its_first_bytes(void **state)
{
	static const struct {
		const char *text;
		enum document_kind kind;
	} rows[] = {
		{ "", DOCUMENT_EMPTY },
		{ " \r\n\t\n", DOCUMENT_EMPTY },
		{ "From: a@example.jp\nSubject: x\n\nbody\n", DOCUMENT_MESSAGE },
		{ "\xef\xbb\xbfReceived: from a\n by b\nFrom: a@b\n\n", DOCUMENT_MESSAGE },
		{ "\n\nReturn-Path: <>\nTo: a@b\n", DOCUMENT_MESSAGE },
		{ "From () 2020-03-03 07:50:45 +0000\nDelivered-To: a@b\n\n", DOCUMENT_MESSAGE },
		{ "From MAILER-DAEMON Mon Nov 23 10:00:00 2026\nFrom: a@b\n\nx\n", DOCUMENT_MBOX },
		{ "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@b\n", DOCUMENT_REPORT },
		{ "Nov 23 10:00:00 mx postfix/smtp[1]: 4ABC1234: to=<a@b>, status=bounced (no)\n", DOCUMENT_LOG },
		{ "2026-11-23T10:00:00.1+09:00 mx postfix/qmgr[1]: 4ABC1234: removed\n", DOCUMENT_LOG },
		{ "550 5.1.1 no such user\n", DOCUMENT_TEXT },
		{ "From here on all mail was refused.\n", DOCUMENT_TEXT },
		{ "Error: 550 5.7.1 rejected\n", DOCUMENT_TEXT },
		{ "\x1f\x8b\x08", DOCUMENT_COMPRESSED },
		{ "\x28\xb5\x2f\xfd", DOCUMENT_COMPRESSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (document_recognise(span_of(rows[i].text)) != rows[i].kind)
			fail_msg("row %zu: \"%s\"", i, rows[i].text);
}

static void
lines_that_end_in_cr_alone_are_noticed(void **state)
{
	(void)state;
	assert_true(document_has_cr_lines(span_of("From: a@b\rTo: c@d\r\rx")));
	assert_false(document_has_cr_lines(span_of("From: a@b\r\nTo: c@d\r\n")));
	assert_false(document_has_cr_lines(span_of("no line end")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_known_by_its_first_bytes),
		cmocka_unit_test(lines_that_end_in_cr_alone_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
