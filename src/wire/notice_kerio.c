/*
 * Your message did not reach some or all of the intended recipients.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "kerio"),
};

const struct notice_format notice_kerio = { "kerio", marks, sizeof(marks) / sizeof(marks[0]) };
