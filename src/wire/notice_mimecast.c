/*
 * Delivery Status Notification of a Mimecast gateway.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mimecast"),
	NOTICE_MARK(NOTICE_OPENING, "we have tried to deliver your email"),
};

const struct notice_format notice_mimecast = { "mimecast", marks, sizeof(marks) / sizeof(marks[0]) };
