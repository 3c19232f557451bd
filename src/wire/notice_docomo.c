/*
 * The carrier's words beside those of the MTA beneath.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mail-error"),
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@docomo.ne.jp"),
	NOTICE_MARK(NOTICE_SUBJECT, "宛先不明"),
	NOTICE_MARK(NOTICE_SUBJECT, "メール送信エラー"),
	NOTICE_MARK(NOTICE_WORDS, "お届けできませんでした"),
	NOTICE_MARK(NOTICE_WORDS, "宛先不明"),
};

const struct notice_format notice_docomo = { "docomo", marks, sizeof(marks) / sizeof(marks[0]) };
