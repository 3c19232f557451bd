/*
 * A bounce: the failed recipients a message tells of, whether in a report
 * (RFC 3464), a complaint (RFC 5965) or in prose alone.
 */
#ifndef BOUNCE_BOUNCE_H
#define BOUNCE_BOUNCE_H

#include "failure/failure.h"
#include "message/message.h"
#include "bounce/notice.h"

enum bounce_kind { BOUNCE_NOT_A_BOUNCE, BOUNCE_REPORT, BOUNCE_NOTICE, BOUNCE_COMPLAINT, BOUNCE_AUTO_REPLY };

enum { BOUNCE_SEARCHES_MAX = 1000 }; /* of a report's recipients in its prose */

struct bounce {
	enum bounce_kind kind;
	size_t n_delivered; /* recipients a report tells no failure of */
	/* the rest is the reader's own */
	struct arena *arena;
	const struct notice_index *index;
	struct span own_header[MESSAGE_N_FIELDS]; /* the message's fields */
	struct span jmrp_recipient;
	struct span rest; /* of the report or the complaint */
	const struct mime_part *first_text; /* the part for people */
	const struct mime_part *text; /* the part for people, not yet read */
	struct span raw; /* its text, decoded and no more; of a report */
	struct transcript transcript; /* `raw`, once it was read as one */
	struct notice notice;
	struct span failed_header; /* X-Failed-Recipients, not yet taken */
	struct failure common; /* what holds for every recipient */
	size_t n_taken, n_searches;
	bool by_header;
	bool cut; /* the message was cut short */
	const struct message *outer; /* it is attached to this one, whose part `next_attached` comes next */
	size_t next_attached;
};

/* Borrows from the message, the index (by which notices are known) and the arena. */
void bounce_open(struct arena *arena, const struct notice_index *index, const struct message *m, struct bounce *b);

/* The same of a report's fields without their message, as people paste them. RFC 3464 section 2 */
void bounce_open_report(struct arena *arena, const struct notice_index *index, struct span fields, struct bounce *b);

/* The same of a notice's text alone, as a mail reader shows it and people copy it; false where it is none, or names nobody. */
bool bounce_open_text(struct arena *arena, const struct notice_index *index, struct span text, struct bounce *b);

/* The next failed or delayed recipient; false when none is left. */
bool bounce_take_failure(struct bounce *b, struct failure *f);

#endif
