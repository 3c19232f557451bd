/*
 *	An error occurred while trying to deliver the mail to the following recipients:
 *	taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "no-reply-aws"),
	NOTICE_MARK(NOTICE_FROM, "amazonses"),
	NOTICE_MARK(NOTICE_FROM, "email-bounces.amazonses"),
	NOTICE_MARK(NOTICE_FROM, "amazon ses"),
	NOTICE_MARK(NOTICE_OPENING, "an error occurred while trying to deliver the mail to the following recipients"),
	NOTICE_MARK(NOTICE_WORDS, "an error occurred while trying to deliver the mail"),
};

const struct notice_format notice_amazonses = { "amazonses", marks, sizeof(marks) / sizeof(marks[0]) };
