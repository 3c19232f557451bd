/*
 * A mailing list that takes mail from its members alone: Mailman, Majordomo, ezmlm.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	{ NOTICE_FROM, "-bounces@" },
	{ NOTICE_FROM, "-owner@" },
	{ NOTICE_FROM, "majordomo" },
	{ NOTICE_FROM, "mailman" },
	{ NOTICE_FROM, "listserv@" },
	{ NOTICE_SUBJECT, "rejected posting" },
	{ NOTICE_WORDS, "was rejected:" },
	{ NOTICE_WORDS, "you are not authorized to send mail to the" },
	{ NOTICE_SUBJECT, "request to mailing list" },
	{ NOTICE_SUBJECT, "delivery refused" },
	{ NOTICE_SUBJECT, "non-member submission" },
	{ NOTICE_WORDS, "you are not allowed to post to this mailing list" },
	{ NOTICE_WORDS, "has been automatically rejected" },
	{ NOTICE_WORDS, "non-members are not allowed to post" },
	{ NOTICE_WORDS, "only members may post" },
	{ NOTICE_DELAYED, "awaits moderator approval" },
	{ NOTICE_DELAYED, "is being held until the list moderator" },
};

const struct notice_format notice_listserver = { "listserver", marks, sizeof(marks) / sizeof(marks[0]) };
