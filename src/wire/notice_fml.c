/*
 * Your mail is rejected: you are not a member of this mailing list.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "fml-error"),
	NOTICE_MARK(NOTICE_FROM, "-admin@"),
	NOTICE_MARK(NOTICE_WORDS, "you *are not* our member"),
	NOTICE_MARK(NOTICE_COPY, "the received message"),
	NOTICE_MARK(NOTICE_SUBJECT, "reject mail from"),
	NOTICE_MARK(NOTICE_SUBJECT, "error detected by fml"),
	NOTICE_MARK(NOTICE_WORDS, "you are not a member"),
	NOTICE_MARK(NOTICE_WORDS, "投稿できません"),
	NOTICE_MARK(NOTICE_COPY, "original mail as follows"),
};

const struct notice_format notice_fml = { "fml", marks, sizeof(marks) / sizeof(marks[0]) };
