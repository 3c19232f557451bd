/*
 *	Technical report:
 *
 *	Final-Recipient: rfc822; taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	{ NOTICE_FROM, "amazonworkmail" },
	{ NOTICE_FROM, "workmail" },
	{ NOTICE_OPENING, "technical report:" },
};

const struct notice_format notice_workmail = { "workmail", marks, sizeof(marks) / sizeof(marks[0]) };
