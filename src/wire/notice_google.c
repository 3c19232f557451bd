/*
 *	** Address not found **
 *
 *	Your message wasn't delivered to taro@example.jp because the address
 *	couldn't be found.
 *
 *	The response was:
 *
 *	550 5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@googlemail.com"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery status notification (failure)"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery status notification (delay)"),
	NOTICE_MARK(NOTICE_OPENING, "** address not found **"),
	NOTICE_MARK(NOTICE_OPENING, "** message not delivered **"),
	NOTICE_MARK(NOTICE_OPENING, "** message blocked **"),
	NOTICE_MARK(NOTICE_OPENING, "** delivery incomplete **"),
	NOTICE_MARK(NOTICE_OPENING, "** recipient inbox full **"),
	NOTICE_MARK(NOTICE_OPENING, "** message too large **"),
	NOTICE_MARK(NOTICE_OPENING, "** you have reached a limit"),
	NOTICE_MARK(NOTICE_OPENING, "technical details of permanent failure"),
	NOTICE_MARK(NOTICE_OPENING, "technical details of temporary failure"),
	NOTICE_MARK(NOTICE_OPENING, "the response was:"),
	NOTICE_MARK(NOTICE_OPENING, "the response from the remote server was:"),
	NOTICE_MARK(NOTICE_OPENING, "the error that the other server returned was"),
	NOTICE_MARK(NOTICE_OPENING, "delivery to the following recipient failed permanently"),
	NOTICE_MARK(NOTICE_OPENING, "delivery to the following recipients failed permanently"),
	NOTICE_MARK(NOTICE_WORDS, "failed permanently"),
	NOTICE_MARK(NOTICE_COPY, "message header follows"),
	NOTICE_MARK(NOTICE_DELAYED, "message will be retried for"),
	NOTICE_MARK(NOTICE_DELAYED, "delivery incomplete"),
};

const struct notice_format notice_google = { "google", marks, sizeof(marks) / sizeof(marks[0]) };
