/*
 *	This is the DragonFly Mail Agent v0.13 at mx.example.jp.
 *
 *	There was an error delivering your mail to <taro@example.jp>.
 *
 *	mx.example.jp [192.0.2.1] did not like our RCPT TO:
 *	550 5.1.1 no such user
 *
 *	Original message headers follow.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "mail delivery failed"),
	NOTICE_MARK(NOTICE_OPENING, "this is the dragonfly mail agent"),
	NOTICE_MARK(NOTICE_OPENING, "there was an error delivering your mail to"),
	NOTICE_MARK(NOTICE_WORDS, "there was an error delivering your mail"),
	NOTICE_MARK(NOTICE_COPY, "original message headers follow"),
	NOTICE_MARK(NOTICE_COPY, "message headers follow"),
};

const struct notice_format notice_dma = { "dma", marks, sizeof(marks) / sizeof(marks[0]) };
