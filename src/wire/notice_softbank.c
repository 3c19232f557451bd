/*
 * メールを送信できませんでした。送信先のメールアドレスが見つかりません。
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	{ NOTICE_FROM, "mailer-daemon@softbank.ne.jp" },
	{ NOTICE_FROM, "i.softbank.jp" },
	{ NOTICE_WORDS, "メールを送信できませんでした" },
	{ NOTICE_WORDS, "送信先のメールアドレスが" },
};

const struct notice_format notice_softbank = { "softbank", marks, sizeof(marks) / sizeof(marks[0]) };
