/*
 *	This is the MAILER-DAEMON, please DO NOT REPLY to this email.
 *
 *	    An error has occurred while attempting to deliver a message for
 *	    the following list of recipients:
 *
 *	taro@example.jp: 550 5.1.1 no such user
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "delivery status notification: error"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery status notification: delayed"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery status notification: failed"),
	NOTICE_MARK(NOTICE_OPENING, "this is the mailer-daemon, please do not reply"),
	NOTICE_MARK(NOTICE_OPENING, "an error has occurred while attempting to deliver a message"),
	NOTICE_MARK(NOTICE_OPENING, "a message is delayed for more than"),
	NOTICE_MARK(NOTICE_WORDS, "an error has occurred while attempting to deliver"),
	NOTICE_MARK(NOTICE_COPY, "below is a copy of the original message"),
	NOTICE_MARK(NOTICE_COPY, "below is a copy of"),
	NOTICE_MARK(NOTICE_DELAYED, "a message is delayed for more than"),
	NOTICE_MARK(NOTICE_DELAYED, "only a temporary failure report"),
};

const struct notice_format notice_opensmtpd = { "opensmtpd", marks, sizeof(marks) / sizeof(marks[0]) };
