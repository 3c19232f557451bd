/*
 *	Recipient: taro@example.jp
 *	Reason: Not delivering to previously bounced address
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailgun"),
};

const struct notice_format notice_mailgun = { "mailgun", marks, sizeof(marks) / sizeof(marks[0]) };
