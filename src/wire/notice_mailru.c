/*
 * A message that you sent could not be delivered: ваше сообщение не доставлено.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@corp.mail.ru"),
	NOTICE_MARK(NOTICE_SUBJECT, "ваше сообщение не доставлено"),
	NOTICE_MARK(NOTICE_WORDS, "не доставлено"),
	NOTICE_MARK(NOTICE_WORDS, "не было доставлено"),
};

const struct notice_format notice_mailru = { "mailru", marks, sizeof(marks) / sizeof(marks[0]) };
