/*
 *	Your message could not be sent.
 *	A transcript of the attempts to send the message follows.
 *
 *	Addressed To: taro@example.jp
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "your message could not be sent"),
	NOTICE_MARK(NOTICE_OPENING, "a transcript of the attempts to send the message"),
	NOTICE_MARK(NOTICE_OPENING, "the number of attempts made"),
	NOTICE_MARK(NOTICE_OPENING, "addressed to:"),
	NOTICE_MARK(NOTICE_WORDS, "your message could not be sent"),
};

const struct notice_format notice_surfcontrol = { "surfcontrol", marks, sizeof(marks) / sizeof(marks[0]) };
