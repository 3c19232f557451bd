/*
 *	----- The following addresses had permanent fatal errors -----
 *
 *	>>> taro@example.jp <taro@example.jp>
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "fatal errors"),
	NOTICE_MARK(NOTICE_OPENING, ">>> the following addresses had"),
};

const struct notice_format notice_activehunter = { "activehunter", marks, sizeof(marks) / sizeof(marks[0]) };
