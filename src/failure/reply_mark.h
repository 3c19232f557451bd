/*
 * Where replies begin within a text of any kind: a code of class 4 or 5, an
 * enhanced status, or both. Most numbers are neither.
 *
 *	550-5.7.26   (550, b'5.1.1   '550 5.7.1   code = 552,   エラーコード550
 */
#ifndef FAILURE_REPLY_MARK_H
#define FAILURE_REPLY_MARK_H

#include "base/span.h"
#include "grammar/enhanced_status.h"

struct reply_mark {
	size_t at; /* its first byte */
	size_t words; /* behind the codes and the blanks there */
	uint16_t code; /* 0: a status alone */
	struct enhanced_status status; /* class 0: none */
	bool more; /* "550-" */
	bool odd; /* brackets or the like stand between code and status: "(421): 4.7.0" */
};

/* The next number from `from` that could be a code, whatever stands around it. Costs little where there is none. */
bool reply_mark_find(struct span text, size_t from, struct reply_mark *m);

/* Whether what stands before it on its line (from `line`), and behind it, makes it a reply's code. */
bool reply_mark_is_credible(struct span text, size_t line, const struct reply_mark *m);

/* Whether no words stand behind it: "code=550,", "(552)", "550" and the line's end. */
bool reply_mark_is_bare(struct span text, const struct reply_mark *m);

/* Skips a date, a level, bullets, quotation marks and a session's arrows: what may stand before a reply on a line. */
void reply_mark_skip_before(struct span *line);

/* Whether a line begins with a bullet or a number of a list: "・", "①", "* ", "1. ", "(1)". */
bool reply_mark_is_item(struct span line);

#endif
