/*
 *	Technical report:
 *
 *	Final-Recipient: rfc822; taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "amazonworkmail"),
	NOTICE_MARK(NOTICE_FROM, "workmail"),
	NOTICE_MARK(NOTICE_OPENING, "technical report:"),
};

const struct notice_format notice_workmail = { "workmail", marks, sizeof(marks) / sizeof(marks[0]) };
