/*
 * GMX, 1&1, T-Online and others.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "nicht zugestellt"),
	NOTICE_MARK(NOTICE_SUBJECT, "nachricht konnte nicht"),
	NOTICE_MARK(NOTICE_WORDS, "konnte nicht zugestellt"),
	NOTICE_MARK(NOTICE_WORDS, "nicht zugestellt werden"),
	NOTICE_MARK(NOTICE_COPY, "ursprüngliche nachricht"),
};

const struct notice_format notice_german = { "german", marks, sizeof(marks) / sizeof(marks[0]) };
