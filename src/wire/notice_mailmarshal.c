/*
 *	Could not be delivered because of
 *
 *	550 5.1.1 no such user
 *
 *	The following recipients were affected:
 *	    taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "could not be delivered because of"),
	NOTICE_MARK(NOTICE_OPENING, "the following recipients were affected"),
	NOTICE_MARK(NOTICE_WORDS, "could not be delivered because of"),
};

const struct notice_format notice_mailmarshal = { "mailmarshal", marks, sizeof(marks) / sizeof(marks[0]) };
