/*
 * メールを送信できませんでした。送信先のメールアドレスが見つかりません。
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@softbank.ne.jp"),
	NOTICE_MARK(NOTICE_FROM, "i.softbank.jp"),
	NOTICE_MARK(NOTICE_WORDS, "メールを送信できませんでした"),
	NOTICE_MARK(NOTICE_WORDS, "送信先のメールアドレスが"),
};

const struct notice_format notice_softbank = { "softbank", marks, sizeof(marks) / sizeof(marks[0]) };
