/*
 * Naver, Daum and others: 메일 발송 실패.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "메일 발송 실패"),
	NOTICE_MARK(NOTICE_SUBJECT, "전송 실패"),
	NOTICE_MARK(NOTICE_SUBJECT, "반송"),
	NOTICE_MARK(NOTICE_SUBJECT, "발송실패"),
	NOTICE_MARK(NOTICE_WORDS, "전송되지 못했습니다"),
	NOTICE_MARK(NOTICE_WORDS, "발송에 실패"),
	NOTICE_MARK(NOTICE_WORDS, "전송하지 못했습니다"),
	NOTICE_MARK(NOTICE_WORDS, "반송되었습니다"),
	NOTICE_MARK(NOTICE_COPY, "원본 메일"),
};

const struct notice_format notice_korean = { "korean", marks, sizeof(marks) / sizeof(marks[0]) };
