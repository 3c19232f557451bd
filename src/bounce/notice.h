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
#ifndef BOUNCE_NOTICE_H
#define BOUNCE_NOTICE_H

#include "base/arena.h"
#include "bounce/transcript.h"
#include "failure/notice_marks.h"

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
	const struct notice_index *index;
	struct notice_mention *mentions;
	size_t n_mentions, next;
	uint32_t *slots; /* by hash of an address: its first mention + 1 */
	size_t n_slots; /* a power of two */
	unsigned strength;
	bool prose_has_code, one_alone; /* one_alone: all that are named surely enough are one address, only_one */
	struct span only_one;
	size_t list_first, list_last; /* the list of addresses that was looked around last, and what is said of it */
	struct span list_said;
	struct transcript transcript; /* the prose, once it was read as one */
};

/* Reads UTF-8 text whose lines end in LF or CRLF. `own` is the address that
   the notice went to: not a failed one, unless no other is named. `cut`: what
   names the failed one may be missing, so that only what names it surely counts. */
void notice_read(struct arena *arena, const struct notice_index *index, struct span text, struct span own, bool cut,
    struct notice *n);

/* The next failed recipient and what is said of it, line ends kept; false when
   none is left. Borrowed from the text or the arena. */
bool notice_take(struct notice *n, struct span *recipient, struct span *reply);

/* Which command was refused, by the transcript in the prose; empty: it does not tell. */
struct span notice_command(struct notice *n, struct span recipient);

/* Whether somebody is named so surely that no other reading is needed. */
bool notice_names_someone(const struct notice *n);

/* What is said of one recipient; empty when the prose does not name it. */
struct span notice_about(struct notice *n, struct span recipient);

#endif
