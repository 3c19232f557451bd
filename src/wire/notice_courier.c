/*
 *	This is a delivery status notification from mx.example.jp,
 *	running the Courier mail server, version 1.0.
 *
 *	Your message to the following recipients cannot be delivered:
 *
 *	<taro@example.jp>:
 *	    mx.example.jp [192.0.2.1]:
 *	>>> RCPT TO:<taro@example.jp>
 *	<<< 550 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "courier mail server"),
	NOTICE_MARK(NOTICE_SUBJECT, "notice: mail delivery status"),
	NOTICE_MARK(NOTICE_SUBJECT, "warning: delayed mail"),
	NOTICE_MARK(NOTICE_OPENING, "this is a delivery status notification from"),
	NOTICE_MARK(NOTICE_OPENING, "running the courier mail server"),
	NOTICE_MARK(NOTICE_COPY, "if your message was also sent to additional recipients"),
};

const struct notice_format notice_courier = { "courier", marks, sizeof(marks) / sizeof(marks[0]) };
