/*
 *	I'm sorry to have to inform you that your message could not
 *	be delivered to one or more recipients. It's attached below.
 *
 *	<taro@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1 no
 *	    (in reply to RCPT TO command)
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "undelivered mail returned to sender"),
	NOTICE_MARK(NOTICE_SUBJECT, "delayed mail (still being retried)"),
	NOTICE_MARK(NOTICE_SUBJECT, "mail delivery status report"),
	NOTICE_MARK(NOTICE_OPENING, "this is the mail system at host"),
	NOTICE_MARK(NOTICE_OPENING, "this is the postfix program at host"),
	NOTICE_MARK(NOTICE_OPENING, "i'm sorry to have to inform you"),
	NOTICE_MARK(NOTICE_DELAYED, "it will be retried until it is"),
	NOTICE_MARK(NOTICE_SUCCESS, "the mail delivery report that you requested"),
	NOTICE_MARK(NOTICE_SUCCESS, "is the mail delivery report that you requested"),
};

const struct notice_format notice_postfix = { "postfix", marks, sizeof(marks) / sizeof(marks[0]) };
