/*
 *	The following addresses failed:
 *
 *	"taro@example.jp":
 *	SMTP error from remote server after RCPT command:
 *	host: mx.example.jp
 *	550 5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "smtp error from remote server"),
	NOTICE_MARK(NOTICE_OPENING, "the following address failed"),
	NOTICE_MARK(NOTICE_OPENING, "the following addresses failed"),
	NOTICE_MARK(NOTICE_COPY, "the header of the original message is following"),
};

const struct notice_format notice_gmx = { "gmx", marks, sizeof(marks) / sizeof(marks[0]) };
