/*
 *	The attached message had PERMANENT fatal delivery errors!
 *
 *	Failed address: taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mdaemon"),
	NOTICE_MARK(NOTICE_OPENING, "the attached message had permanent fatal"),
	NOTICE_MARK(NOTICE_OPENING, "failed address:"),
	NOTICE_MARK(NOTICE_OPENING, "session transcript"),
	NOTICE_MARK(NOTICE_WORDS, "permanent fatal delivery errors"),
};

const struct notice_format notice_mdaemon = { "mdaemon", marks, sizeof(marks) / sizeof(marks[0]) };
