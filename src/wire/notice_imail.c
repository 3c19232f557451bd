/*
 *	Unknown user: taro@example.jp
 *
 *	Original message follows.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	{ NOTICE_SUBJECT, "undeliverable mail" },
	{ NOTICE_OPENING, "unknown user:" },
	{ NOTICE_OPENING, "undeliverable to " },
	{ NOTICE_OPENING, "user mailbox exceeds allowed size" },
	{ NOTICE_OPENING, "invalid final delivery userid" },
	{ NOTICE_OPENING, "delivery failed 20 attempts" },
	{ NOTICE_WORDS, "delivery failed 20 attempts" },
	{ NOTICE_WORDS, "invalid final delivery userid" },
	{ NOTICE_WORDS, "user mailbox exceeds allowed size" },
	{ NOTICE_COPY, "original message follows" },
	{ NOTICE_OPENING, "body of message generated response" },
};

const struct notice_format notice_imail = { "imail", marks, sizeof(marks) / sizeof(marks[0]) };
