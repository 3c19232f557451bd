/*
 *	Hello, this is the mail server on mx.example.com.
 *
 *	I am sending you this message to inform you on the delivery status of a
 *	message you previously sent.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "powermta"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery report"),
	NOTICE_MARK(NOTICE_OPENING, "hello, this is the mail server on"),
	NOTICE_MARK(NOTICE_OPENING, "i am sending you this message to inform you on the delivery status"),
	NOTICE_MARK(NOTICE_WORDS, "to inform you on the delivery status"),
};

const struct notice_format notice_powermta = { "powermta", marks, sizeof(marks) / sizeof(marks[0]) };
