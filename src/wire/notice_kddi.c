/*
 *	Your mail sent on: Mon, 23 Nov 2026 10:00:00
 *	Could not be delivered to: taro@example.jp
 *	As their mailbox is full.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "your mail sent on:"),
	NOTICE_MARK(NOTICE_OPENING, "your mail attempted to be delivered on"),
	NOTICE_MARK(NOTICE_OPENING, "could not be delivered to:"),
	NOTICE_MARK(NOTICE_OPENING, "as their mailbox is full"),
	NOTICE_MARK(NOTICE_WORDS, "your mail sent on"),
};

const struct notice_format notice_kddi = { "kddi", marks, sizeof(marks) / sizeof(marks[0]) };
