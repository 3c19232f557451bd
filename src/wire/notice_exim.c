/*
 *	This message was created automatically by mail delivery software.
 *
 *	A message that you sent could not be delivered to one or more of its
 *	recipients. This is a permanent error. The following address(es) failed:
 *
 *	  taro@example.jp
 *	    SMTP error from remote mail server after RCPT TO:<taro@example.jp>:
 *	    host mx.example.jp [192.0.2.1]: 550 5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "mail delivery failed: returning message to sender"),
	NOTICE_MARK(NOTICE_SUBJECT, "warning: message "),
	NOTICE_MARK(NOTICE_OPENING, "this message was created automatically by mail delivery software"),
	NOTICE_MARK(NOTICE_OPENING, "a message that you sent could not be delivered to one or more of its"),
	NOTICE_MARK(NOTICE_OPENING, "a message that you sent has not yet been delivered"),
	NOTICE_MARK(NOTICE_OPENING, "the following address(es) failed"),
	NOTICE_MARK(NOTICE_WORDS, "this message was created automatically by mail delivery software"),
	NOTICE_MARK(NOTICE_COPY, "this is a copy of"),
	NOTICE_MARK(NOTICE_DELAYED, "has not yet been delivered"),
	NOTICE_MARK(NOTICE_DELAYED, "the message has not yet been delivered"),
};

const struct notice_format notice_exim = { "exim", marks, sizeof(marks) / sizeof(marks[0]) };
