/*
 *	This is an automatically generated message from SendGrid.
 *
 *	I'm sorry to have to tell you that your message was not able to be delivered
 *	to one of its intended recipients.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "sendgrid"),
	NOTICE_MARK(NOTICE_OPENING, "this is an automatically generated message from sendgrid"),
	NOTICE_MARK(NOTICE_WORDS, "was not able to be delivered to one of its intended"),
	NOTICE_MARK(NOTICE_COPY, "a copy of the original message is below"),
};

const struct notice_format notice_sendgrid = { "sendgrid", marks, sizeof(marks) / sizeof(marks[0]) };
