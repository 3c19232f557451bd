/*
 *	The following message to <taro@example.jp> was undeliverable.
 *	The reason for the problem:
 *	5.1.0 - Unknown address error 550-'no such user'
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "ironport"),
	NOTICE_MARK(NOTICE_OPENING, "the following message to <"),
	NOTICE_MARK(NOTICE_OPENING, "the reason for the problem:"),
	NOTICE_MARK(NOTICE_WORDS, "was undeliverable"),
	NOTICE_MARK(NOTICE_WORDS, "the reason for the problem"),
};

const struct notice_format notice_ironport = { "ironport", marks, sizeof(marks) / sizeof(marks[0]) };
