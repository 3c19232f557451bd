/*
 *	Sent >>> RCPT TO:<taro@example.jp>
 *	Received <<< 550 5.1.1 no such user
 *
 *	Unable to deliver message to <taro@example.jp>
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "imss"),
	NOTICE_MARK(NOTICE_FROM, "interscan"),
	NOTICE_MARK(NOTICE_SUBJECT, "mail delivery error"),
	NOTICE_MARK(NOTICE_OPENING, "sent >>>"),
	NOTICE_MARK(NOTICE_OPENING, "received <<<"),
	NOTICE_MARK(NOTICE_OPENING, "sent <<<"),
	NOTICE_MARK(NOTICE_OPENING, "received >>>"),
	NOTICE_MARK(NOTICE_COPY, "end of message"),
};

const struct notice_format notice_trendmicro = { "trendmicro", marks, sizeof(marks) / sizeof(marks[0]) };
