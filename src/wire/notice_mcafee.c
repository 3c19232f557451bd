/*
 *	--- The following addresses had delivery problems ---
 *	<taro@example.jp>   (User unknown)
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "--- the following addresses had delivery problems"),
	NOTICE_MARK(NOTICE_WORDS, "addresses had delivery problems"),
};

const struct notice_format notice_mcafee = { "mcafee", marks, sizeof(marks) / sizeof(marks[0]) };
