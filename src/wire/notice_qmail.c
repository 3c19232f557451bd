/*
 *	Hi. This is the qmail-send program at mx.example.jp.
 *	I'm afraid I wasn't able to deliver your message to the following addresses.
 *
 *	<taro@example.jp>:
 *	Sorry, no mailbox here by that name. (#5.1.1)
 *
 *	--- Below this line is a copy of the message.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "failure notice"),
	NOTICE_MARK(NOTICE_OPENING, "hi. this is the qmail"),
	NOTICE_MARK(NOTICE_OPENING, "i'm afraid i wasn't able to deliver your message"),
	NOTICE_MARK(NOTICE_OPENING, "i tried to deliver a bounce message to this address"),
	NOTICE_MARK(NOTICE_WORDS, "this is a permanent error; i've given up"),
	NOTICE_MARK(NOTICE_COPY, "below this line is a copy of"),
};

const struct notice_format notice_qmail = { "qmail", marks, sizeof(marks) / sizeof(marks[0]) };
