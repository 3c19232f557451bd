/*
 *	------- Failure Reasons  --------
 *
 *	User taro not listed in public Name & Address Book
 *	taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "delivery failure report"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery failure:"),
	NOTICE_MARK(NOTICE_OPENING, "your document:"),
	NOTICE_MARK(NOTICE_OPENING, "was not delivered to:"),
	NOTICE_MARK(NOTICE_OPENING, "failure reasons"),
	NOTICE_MARK(NOTICE_WORDS, "failure reasons"),
	NOTICE_MARK(NOTICE_COPY, "returned message"),
};

const struct notice_format notice_domino = { "domino", marks, sizeof(marks) / sizeof(marks[0]) };
