/*
 * Hi. This is the Haraka mailer at mx.example.jp.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "hi. this is the haraka mailer"),
	NOTICE_MARK(NOTICE_WORDS, "wasn't able to deliver"),
};

const struct notice_format notice_haraka = { "haraka", marks, sizeof(marks) / sizeof(marks[0]) };
