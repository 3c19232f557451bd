#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/smtp_reply.h"

#define SPAN(s) \
	{ \
		(s), sizeof(s) - 1 \
	}

static const struct {
	const char *name;
	struct span in;
	enum parse want;
	uint16_t code;
	struct enhanced_status status;
	struct span last_text;
} cases[] = {
	{ "one line, no status", SPAN("550 no such user\r\n"), PARSE_OK, 550, { 0, 0, 0 }, SPAN("no such user") },
	{ "status on every line", SPAN("550-5.7.26 blocked because the sender is\r\n550 5.7.26 unauthenticated.\r\n"),
	    PARSE_OK, 550, { 5, 7, 26 }, SPAN("unauthenticated.") },
	{ "bare code", SPAN("250\r\n"), PARSE_OK, 250, { 0, 0, 0 }, SPAN("") },
	{ "status that is text", SPAN("550 5.7.26.example is listed\r\n"), PARSE_OK, 550, { 0, 0, 0 },
	    SPAN("5.7.26.example is listed") },
	{ "status belies code, kept as sent", SPAN("550 4.2.2 over quota\r\n"), PARSE_OK, 550, { 4, 2, 2 },
	    SPAN("over quota") },
	{ "first line only", SPAN("550-5.7.26 wait\r\n"), PARSE_MORE, 0, { 0, 0, 0 }, { "", 0 } },
	{ "half a line", SPAN("55"), PARSE_MORE, 0, { 0, 0, 0 }, { "", 0 } },
	{ "nothing", SPAN(""), PARSE_MORE, 0, { 0, 0, 0 }, { "", 0 } },
	{ "codes differ", SPAN("550-a\r\n551 b\r\n"), PARSE_BAD, 0, { 0, 0, 0 }, { "", 0 } },
	{ "four digits", SPAN("5500 x\r\n"), PARSE_BAD, 0, { 0, 0, 0 }, { "", 0 } },
	{ "not a reply", SPAN("hello\r\n"), PARSE_BAD, 0, { 0, 0, 0 }, { "", 0 } },
};

static bool
reads_back(struct smtp_reply reply, struct span last_text)
{
	struct span text = { "", 0 };

	while (reply.lines.len > 0)
		if (!smtp_reply_take_text(&reply.lines, &text))
			return false;
	return span_equal(text, last_text);
}

static void
replies_are_parsed_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span in = cases[i].in;
		struct smtp_reply reply = { 0 };
		bool ok = smtp_reply_parse(&in, &reply) == cases[i].want;

		if (cases[i].want != PARSE_OK)
			ok = ok && in.len == cases[i].in.len;
		else
			ok = ok && in.len == 0 && reply.code == cases[i].code &&
			    enhanced_status_equal(reply.status, cases[i].status) &&
			    reads_back(reply, cases[i].last_text);
		if (!ok)
			fail_msg("row: %s", cases[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_parsed_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
