/*
 *	Your message
 *
 *	  To:      taro@example.jp
 *	  Subject: hello
 *
 *	did not reach the following recipient(s):
 *
 *	taro@example.jp on Mon, 23 Nov 2026 10:00:00 +0900
 *	    The recipient name is not recognized
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "undeliverable:"),
	NOTICE_MARK(NOTICE_OPENING, "did not reach the following recipient(s)"),
	NOTICE_MARK(NOTICE_OPENING, "the following recipient(s) could not be reached"),
	NOTICE_MARK(NOTICE_OPENING, "the following recipient(s) cannot be reached"),
	NOTICE_MARK(NOTICE_WORDS, "did not reach the following recipient"),
};

const struct notice_format notice_exchange2003 = { "exchange2003", marks, sizeof(marks) / sizeof(marks[0]) };
