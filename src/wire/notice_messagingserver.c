/*
 *	This report relates to a message you sent with the following header fields:
 *	…
 *	Your message cannot be delivered to the following recipients:
 *
 *	  Recipient address: taro@example.jp
 *	  Reason: Remote SMTP server has rejected address
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "delivery notification: delivery has failed"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery notification: delivery has been delayed"),
	NOTICE_MARK(NOTICE_OPENING, "this report relates to a message you sent"),
	NOTICE_MARK(NOTICE_OPENING, "recipient address:"),
	NOTICE_MARK(NOTICE_OPENING, "your message cannot be delivered to the following recipients"),
	NOTICE_MARK(NOTICE_DELAYED, "has been enqueued and undelivered"),
};

const struct notice_format notice_messagingserver = { "messagingserver", marks, sizeof(marks) / sizeof(marks[0]) };
