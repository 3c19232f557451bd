/*
 * The notice of a MessageLabs (Symantec Email Security.cloud) tower.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "messagelabs"),
	NOTICE_MARK(NOTICE_SUBJECT, "mail delivery failure"),
};

const struct notice_format notice_messagelabs = { "messagelabs", marks, sizeof(marks) / sizeof(marks[0]) };
