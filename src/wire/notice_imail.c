/*
 *	Unknown user: taro@example.jp
 *
 *	Original message follows.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "undeliverable mail"),
	NOTICE_MARK(NOTICE_OPENING, "unknown user:"),
	NOTICE_MARK(NOTICE_OPENING, "undeliverable to "),
	NOTICE_MARK(NOTICE_OPENING, "user mailbox exceeds allowed size"),
	NOTICE_MARK(NOTICE_OPENING, "invalid final delivery userid"),
	NOTICE_MARK(NOTICE_OPENING, "delivery failed 20 attempts"),
	NOTICE_MARK(NOTICE_WORDS, "delivery failed 20 attempts"),
	NOTICE_MARK(NOTICE_WORDS, "invalid final delivery userid"),
	NOTICE_MARK(NOTICE_WORDS, "user mailbox exceeds allowed size"),
	NOTICE_MARK(NOTICE_COPY, "original message follows"),
	NOTICE_MARK(NOTICE_OPENING, "body of message generated response"),
};

const struct notice_format notice_imail = { "imail", marks, sizeof(marks) / sizeof(marks[0]) };
