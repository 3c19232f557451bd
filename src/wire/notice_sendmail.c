/*
 *	----- The following addresses had permanent fatal errors -----
 *	<taro@example.jp>
 *
 *	   ----- Transcript of session follows -----
 *	... while talking to mx.example.jp.:
 *	>>> RCPT To:<taro@example.jp>
 *	<<< 550 5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mail delivery subsystem"),
	NOTICE_MARK(NOTICE_SUBJECT, "returned mail: see transcript"),
	NOTICE_MARK(NOTICE_SUBJECT, "returned mail: user unknown"),
	NOTICE_MARK(NOTICE_SUBJECT, "warning: could not send message for past"),
	NOTICE_MARK(NOTICE_SUBJECT, "postmaster notify"),
	NOTICE_MARK(NOTICE_OPENING, "the original message was received at"),
	NOTICE_MARK(NOTICE_OPENING, "the following addresses had"),
	NOTICE_MARK(NOTICE_OPENING, "transcript of session follows"),
	NOTICE_MARK(NOTICE_OPENING, "the following addresses have delivery notifications"),
	NOTICE_MARK(NOTICE_WORDS, "permanent fatal errors"),
	NOTICE_MARK(NOTICE_WORDS, "transient non-fatal errors"),
	NOTICE_MARK(NOTICE_COPY, "unsent message"),
	NOTICE_MARK(NOTICE_DELAYED, "this is a warning message only"),
	NOTICE_MARK(NOTICE_DELAYED, "transient non-fatal errors"),
	NOTICE_MARK(NOTICE_DELAYED, "warning: message still undelivered"),
};

const struct notice_format notice_sendmail = { "sendmail", marks, sizeof(marks) / sizeof(marks[0]) };
