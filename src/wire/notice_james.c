/*
 *	Hi. This is the James mail server at mx.example.jp.
 *	I'm afraid I wasn't able to deliver your message to the following addresses.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "[bounce]"),
	NOTICE_MARK(NOTICE_OPENING, "hi. this is the james mail server"),
	NOTICE_MARK(NOTICE_OPENING, "error message below:"),
	NOTICE_MARK(NOTICE_WORDS, "error message below"),
};

const struct notice_format notice_james = { "james", marks, sizeof(marks) / sizeof(marks[0]) };
