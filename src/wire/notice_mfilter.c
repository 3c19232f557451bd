/*
 *	-------server message
 *	550 5.1.1 no such user
 *
 *	-------original message
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "m-filter"),
	NOTICE_MARK(NOTICE_OPENING, "server message"),
	NOTICE_MARK(NOTICE_COPY, "original mail info"),
};

const struct notice_format notice_mfilter = { "mfilter", marks, sizeof(marks) / sizeof(marks[0]) };
