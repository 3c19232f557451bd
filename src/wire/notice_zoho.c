/*
 *	This message was created automatically by mail delivery software. …
 *
 *	taro@example.jp Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@mail.zoho"),
	NOTICE_MARK(NOTICE_FROM, "zoho"),
	NOTICE_MARK(NOTICE_WORDS, "error_code :"),
};

const struct notice_format notice_zoho = { "zoho", marks, sizeof(marks) / sizeof(marks[0]) };
