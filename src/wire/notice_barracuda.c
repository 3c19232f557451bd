/*
 *	Your message to: taro@example.jp
 *	was blocked by our Spam Firewall. The email you sent has NOT BEEN DELIVERED
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "barracuda"),
	NOTICE_MARK(NOTICE_WORDS, "was blocked by our spam firewall"),
	NOTICE_MARK(NOTICE_WORDS, "has not been delivered"),
};

const struct notice_format notice_barracuda = { "barracuda", marks, sizeof(marks) / sizeof(marks[0]) };
