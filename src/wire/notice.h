/*
 * A notice: a bounce that tells people, in prose, whom it could not reach.
 *
 *	<taro@example.jp>:
 *	Sorry, no mailbox here by that name. (#5.1.1)
 *
 *	--- Below this line is a copy of the message.
 *
 * qmail, Exim, sendmail, Exchange, web mailers and carriers each have a form
 * of their own. What they share is read here: an address stands at the front
 * of a line, behind a colon or a word like "to", or behind a reply's code;
 * what is said of it stands around it, up to the next address.
 */
#ifndef WIRE_NOTICE_H
#define WIRE_NOTICE_H

#include "base/arena.h"
#include "wire/notice_format.h"

enum {
	NOTICE_SIZE_MAX = 64 * 1024, /* what stands behind is not read */
	NOTICE_REPLY_SIZE_MAX = 4096,
	NOTICE_MENTIONS_MAX = 10000,
};

struct notice_mention;

struct notice {
	struct span prose; /* up to the report or the copy */
	struct span report; /* RFC 3464 fields quoted in the prose; empty: none */
	struct notice_found found; /* the marks of formats that its lines have */
	struct span copy; /* of the message sent, or of its header; empty: none */
	/* the rest is the reader's own */
	struct arena *arena;
	struct notice_mention *mentions;
	size_t n_mentions, next;
	unsigned strength;
};

/* Reads UTF-8 text whose lines end in LF or CRLF. `own` is the address that
   the notice went to: not a failed one, unless no other is named. `cut`: what
   names the failed one may be missing, so that only what names it surely counts. */
void notice_read(struct arena *arena, struct span text, struct span own, bool cut, struct notice *n);

/* The next failed recipient and what is said of it, line ends kept; false when
   none is left. Borrowed from the text or the arena. */
bool notice_take(struct notice *n, struct span *recipient, struct span *reply);

/* What is said of one recipient; empty when the prose does not name it. */
struct span notice_about(const struct notice *n, struct span recipient);

#endif
