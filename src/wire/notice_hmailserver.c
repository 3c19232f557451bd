/*
 *	Your message did not reach some or all of the intended recipients.
 *
 *	The following recipient(s) could not be reached:
 *
 *	taro@example.jp
 *	   Error Type: SMTP
 *	   Remote server replied: 550 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "message undeliverable"),
	NOTICE_MARK(NOTICE_OPENING, "your message did not reach some or all"),
	NOTICE_MARK(NOTICE_OPENING, "remote server replied"),
	NOTICE_MARK(NOTICE_OPENING, "hmailserver"),
	NOTICE_MARK(NOTICE_WORDS, "recipient(s) could not be reached"),
	NOTICE_MARK(NOTICE_WORDS, "did not reach some or all of the intended recipients"),
};

const struct notice_format notice_hmailserver = { "hmailserver", marks, sizeof(marks) / sizeof(marks[0]) };
