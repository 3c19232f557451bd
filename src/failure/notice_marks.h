/*
 * The words by which notices are known and their parts told apart: who sends
 * them, how the subject begins, which line opens the prose, behind which the
 * copy of the message stands. They are the catalogue's (catalog/notices.rule).
 * Which mailer's format a notice has is computed: the one whose marks found are
 * longest in all, whatever its place.
 */
#ifndef FAILURE_NOTICE_MARKS_H
#define FAILURE_NOTICE_MARKS_H

#include "base/span.h"

enum notice_mark_kind { /* bits */
	NOTICE_FROM = 1, /* words in From: */
	NOTICE_SUBJECT = 2, /* words in Subject:, decoded */
	NOTICE_WORDS = 4, /* words in the prose that say a message was not delivered */
	NOTICE_OPENING = 8, /* a line of the prose begins so */
	NOTICE_COPY = 16, /* a line begins so, rules of "-=*" before it aside: behind it stands the message sent */
	NOTICE_DELAYED = 32, /* words in the prose: not given up yet */
	NOTICE_SUCCESS = 64, /* words in the prose: it was delivered */
	NOTICE_REPLY = 128, /* words in the prose: right behind them stands the reply that was got */
};

enum { NOTICE_FORMATS_MAX = 128, NOTICE_MARKS_MAX = 4096, NOTICE_SLOTS = 1024, NOTICE_MARK_MIN = 3 };

struct notice_mark {
	const char *words; /* lower case ASCII, or as they are in UTF-8; they stand at a word's beginning */
	uint16_t len; /* at least NOTICE_MARK_MIN */
	uint16_t next; /* filed under the same three bytes; 0: none */
	uint8_t kind, format;
};

/* All marks by their first three bytes. */
struct notice_index {
	const struct notice_mark *marks; /* marks[0] is not used */
	const struct span *formats; /* their names: "qmail"; the first is what all mailers have in common */
	uint16_t n_marks, n_formats;
	uint16_t heads[NOTICE_SLOTS];
};

/* The built-in catalogue's. */
extern const struct notice_index notice_index_builtin;

/* Where a mark that begins with these three bytes is filed. Letters of both cases share a slot. */
static inline unsigned
notice_slot(const char *s)
{
	const unsigned a = (uint8_t)s[0] | 0x20U, b = (uint8_t)s[1] | 0x20U, c = (uint8_t)s[2] | 0x20U;

	return (a * 961 + b * 31 + c) % NOTICE_SLOTS;
}

/* What was found so far. */
struct notice_found {
	unsigned kinds;
	uint32_t score[NOTICE_FORMATS_MAX]; /* bytes of each format's marks */
	uint64_t seen[NOTICE_MARKS_MAX / 64]; /* each mark counts once */
};

/* Marks of some kinds at the beginning of any word of `text`. */
void notice_find_words(const struct notice_index *index, struct span text, unsigned kinds, struct notice_found *found);

/* Marks of some kinds at the beginning of `line`; those found, as bits. */
unsigned notice_find_line(
    const struct notice_index *index, struct span line, unsigned kinds, struct notice_found *found);

/* What stands behind the first of the marks of some kinds; empty where there is none. */
struct span notice_behind(const struct notice_index *index, struct span text, unsigned kinds);

/* The name of the format with most found; "general" where two are even. */
struct span notice_format_name(const struct notice_index *index, const struct notice_found *found);

#endif
