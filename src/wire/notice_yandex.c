/*
 * This is the mail system at host yandex.ru.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@yandex"),
	NOTICE_MARK(NOTICE_SUBJECT, "недоставленное сообщение"),
	NOTICE_MARK(NOTICE_OPENING, "this is the mail system at host yandex"),
	NOTICE_MARK(NOTICE_OPENING, "пожалуйста, не отвечайте на это письмо"),
	NOTICE_MARK(NOTICE_WORDS, "не удалось доставить"),
};

const struct notice_format notice_yandex = { "yandex", marks, sizeof(marks) / sizeof(marks[0]) };
