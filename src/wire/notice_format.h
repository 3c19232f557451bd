/*
 * How each mailer words its notices: a format is a list of marks, the words by
 * which it is known and its parts are told apart. The reading itself is shared
 * (wire/notice.h), for what stands between the marks is alike in all of them.
 *
 * A format is a file `notice_<mailer>.c` with its marks, and a row in the table
 * of notice_format.c. Which format a notice has is computed: the one whose marks
 * found are longest in all, whatever its place in the table.
 */
#ifndef WIRE_NOTICE_FORMAT_H
#define WIRE_NOTICE_FORMAT_H

#include "base/span.h"

enum notice_mark_kind { /* bits */
	NOTICE_FROM = 1, /* words in From: */
	NOTICE_SUBJECT = 2, /* words in Subject:, decoded */
	NOTICE_WORDS = 4, /* words in the prose that say a message was not delivered */
	NOTICE_OPENING = 8, /* a line of the prose begins so */
	NOTICE_COPY = 16, /* a line begins so, rules of "-=*" before it aside: behind it stands the message sent */
	NOTICE_SUCCESS = 64, /* words in the prose: it was delivered */
	NOTICE_DELAYED = 32, /* words in the prose: not given up yet */
};

enum { NOTICE_FORMATS_MAX = 64, NOTICE_MARKS_OF_ALL_MAX = 1024, NOTICE_INDEX_SLOTS = 1024 };

struct notice_mark {
	enum notice_mark_kind kind;
	uint16_t len;
	const char *
	    words; /* at least three bytes; lower case ASCII, or as they are in UTF-8; they stand at a word's beginning */
};

#define NOTICE_MARK(kind, words) \
	{ \
		kind, sizeof(words) - 1, words \
	}

struct notice_format {
	const char *name; /* "qmail" */
	const struct notice_mark *marks;
	size_t n_marks;
};

/* All marks by their first three bytes: see notice_index_shared(). */
struct notice_index {
	uint16_t n, head[NOTICE_INDEX_SLOTS], next[NOTICE_MARKS_OF_ALL_MAX];
	const struct notice_mark *marks[NOTICE_MARKS_OF_ALL_MAX];
	uint8_t format[NOTICE_MARKS_OF_ALL_MAX];
};

void notice_index_build(struct notice_index *index);

/* The one that all threads share: a constant table, only that the compiler cannot lay it out. */
const struct notice_index *notice_index_shared(void);

/* What was found so far. */
struct notice_found {
	unsigned kinds;
	uint32_t score[NOTICE_FORMATS_MAX]; /* bytes of each format's marks */
	uint64_t seen[NOTICE_MARKS_OF_ALL_MAX / 64]; /* each mark counts once */
};

/* Marks of some kinds at the beginning of any word of `text`. */
void notice_find_words(const struct notice_index *index, struct span text, unsigned kinds, struct notice_found *found);

/* Marks of some kinds at the beginning of `line`; those found, as bits. */
unsigned notice_find_line(
    const struct notice_index *index, struct span line, unsigned kinds, struct notice_found *found);

/* The name of the format with most found; "general" where two are even. */
const char *notice_format_name(const struct notice_found *found);

#endif
