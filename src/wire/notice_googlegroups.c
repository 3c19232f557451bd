/*
 *	We're writing to let you know that the group you tried to contact (staff)
 *	may not exist, or you may not have permission to post messages to the group.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_OPENING, "we're writing to let you know that the group you tried to contact"),
	NOTICE_MARK(NOTICE_OPENING, "we are writing to let you know that the group"),
	NOTICE_MARK(NOTICE_WORDS, "the group you tried to contact"),
};

const struct notice_format notice_googlegroups = { "googlegroups", marks, sizeof(marks) / sizeof(marks[0]) };
