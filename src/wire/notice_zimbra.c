/*
 * The notice of a Zimbra server, Postfix beneath.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "zimbra"),
};

const struct notice_format notice_zimbra = { "zimbra", marks, sizeof(marks) / sizeof(marks[0]) };
