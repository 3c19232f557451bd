/*
 *	次のあて先へのメッセージはエラーのため送信できませんでした。
 *
 *	The user(s) account is disabled.
 *
 *	<taro@ezweb.ne.jp>
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "postmaster@ezweb.ne.jp"),
	NOTICE_MARK(NOTICE_FROM, "postmaster@au.com"),
	NOTICE_MARK(NOTICE_SUBJECT, "mail system error - returned mail"),
	NOTICE_MARK(NOTICE_OPENING, "次のあて先へのメッセージは"),
	NOTICE_MARK(NOTICE_OPENING, "the user(s) account is"),
	NOTICE_MARK(NOTICE_OPENING, "each of the following recipients was rejected by a remote"),
	NOTICE_MARK(NOTICE_WORDS, "次のあて先へのメッセージはエラーのため"),
	NOTICE_MARK(NOTICE_WORDS, "each of the following recipients was rejected"),
};

const struct notice_format notice_ezweb = { "ezweb", marks, sizeof(marks) / sizeof(marks[0]) };
