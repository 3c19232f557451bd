/*
 * Words of mailers and services in Japan that no mailer has for itself.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "エラー通知"),
	NOTICE_MARK(NOTICE_SUBJECT, "送信エラー"),
	NOTICE_MARK(NOTICE_SUBJECT, "配信エラー"),
	NOTICE_MARK(NOTICE_SUBJECT, "配信不能"),
	NOTICE_MARK(NOTICE_SUBJECT, "配送不能"),
	NOTICE_MARK(NOTICE_SUBJECT, "配送エラー"),
	NOTICE_MARK(NOTICE_SUBJECT, "送信できませんでした"),
	NOTICE_MARK(NOTICE_SUBJECT, "配信失敗"),
	NOTICE_MARK(NOTICE_SUBJECT, "送信失敗"),
	NOTICE_MARK(NOTICE_SUBJECT, "不達"),
	NOTICE_MARK(NOTICE_SUBJECT, "配信できません"),
	NOTICE_MARK(NOTICE_SUBJECT, "送信できません"),
	NOTICE_MARK(NOTICE_SUBJECT, "配送できません"),
	NOTICE_MARK(NOTICE_SUBJECT, "お届けできません"),
	NOTICE_MARK(NOTICE_WORDS, "送信できません"),
	NOTICE_MARK(NOTICE_WORDS, "配信できません"),
	NOTICE_MARK(NOTICE_WORDS, "配送できません"),
	NOTICE_MARK(NOTICE_WORDS, "送信に失敗"),
	NOTICE_MARK(NOTICE_WORDS, "配信に失敗"),
	NOTICE_MARK(NOTICE_WORDS, "配送に失敗"),
	NOTICE_MARK(NOTICE_WORDS, "お届けできません"),
	NOTICE_MARK(NOTICE_WORDS, "届けることができません"),
	NOTICE_MARK(NOTICE_WORDS, "配送されません"),
	NOTICE_MARK(NOTICE_WORDS, "配信されません"),
	NOTICE_MARK(NOTICE_COPY, "元のメッセージ"),
	NOTICE_MARK(NOTICE_COPY, "元のメール"),
	NOTICE_MARK(NOTICE_COPY, "オリジナルメッセージ"),
	NOTICE_MARK(NOTICE_COPY, "以下は元の"),
	NOTICE_MARK(NOTICE_DELAYED, "再送を試みます"),
	NOTICE_MARK(NOTICE_DELAYED, "再送を続けます"),
	NOTICE_MARK(NOTICE_DELAYED, "遅延しています"),
};

const struct notice_format notice_japanese = { "japanese", marks, sizeof(marks) / sizeof(marks[0]) };
