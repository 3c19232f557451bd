/*
 * A mailing list that takes mail from its members alone: Mailman, Majordomo, ezmlm.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "-bounces@"),
	NOTICE_MARK(NOTICE_FROM, "-owner@"),
	NOTICE_MARK(NOTICE_FROM, "majordomo"),
	NOTICE_MARK(NOTICE_FROM, "mailman"),
	NOTICE_MARK(NOTICE_FROM, "listserv@"),
	NOTICE_MARK(NOTICE_SUBJECT, "rejected posting"),
	NOTICE_MARK(NOTICE_WORDS, "was rejected:"),
	NOTICE_MARK(NOTICE_WORDS, "you are not authorized to send mail to the"),
	NOTICE_MARK(NOTICE_SUBJECT, "request to mailing list"),
	NOTICE_MARK(NOTICE_SUBJECT, "delivery refused"),
	NOTICE_MARK(NOTICE_SUBJECT, "non-member submission"),
	NOTICE_MARK(NOTICE_WORDS, "you are not allowed to post to this mailing list"),
	NOTICE_MARK(NOTICE_WORDS, "has been automatically rejected"),
	NOTICE_MARK(NOTICE_WORDS, "non-members are not allowed to post"),
	NOTICE_MARK(NOTICE_WORDS, "only members may post"),
	NOTICE_MARK(NOTICE_DELAYED, "awaits moderator approval"),
	NOTICE_MARK(NOTICE_DELAYED, "is being held until the list moderator"),
};

const struct notice_format notice_listserver = { "listserver", marks, sizeof(marks) / sizeof(marks[0]) };
