/*
 *	Sorry, we were unable to deliver your message to the following address.
 *
 *	<taro@example.jp>:
 *	550: no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@yahoo"),
	NOTICE_MARK(NOTICE_OPENING, "message from yahoo"),
	NOTICE_MARK(NOTICE_OPENING, "sorry, we were unable to deliver your message to the following address"),
	NOTICE_MARK(NOTICE_WORDS, "message from yahoo"),
	NOTICE_MARK(NOTICE_WORDS, "sorry, we were unable to deliver your message"),
	NOTICE_MARK(NOTICE_COPY, "below this line is a copy of the message"),
	NOTICE_MARK(NOTICE_COPY, "below this line is the original bounce"),
};

const struct notice_format notice_yahoo = { "yahoo", marks, sizeof(marks) / sizeof(marks[0]) };
