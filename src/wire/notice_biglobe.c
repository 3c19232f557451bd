/*
 *	----- The following addresses had delivery problems -----
 *	taro@biglobe.ne.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "biglobe.ne.jp"),
	NOTICE_MARK(NOTICE_OPENING, "----- the following addresses had delivery problems"),
	NOTICE_MARK(NOTICE_OPENING, "non-delivered information"),
};

const struct notice_format notice_biglobe = { "biglobe", marks, sizeof(marks) / sizeof(marks[0]) };
