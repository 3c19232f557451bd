/*
 * Joins the lines of a log: queue id -> sender, message-id and the like. Memory of a
 * fixed size; what is oldest is forgotten. Spans it gives out live until the
 * next note.
 */
#ifndef LOG_LOG_JOIN_H
#define LOG_LOG_JOIN_H

#include "base/span.h"

enum log_join_what {
	LOG_JOIN_SENDER,
	LOG_JOIN_MESSAGE_ID,
	LOG_JOIN_ASSIGNED, /* to what: qmail's delivery numbers */
};

struct log_join {
	struct log_join_slot *slots; /* LOG_JOIN_SLOTS */
	char *ring; /* LOG_JOIN_RING_SIZE bytes of notes */
	uint64_t written; /* bytes ever put in the ring */
};

enum {
	LOG_JOIN_SLOTS = 1 << 16,
	LOG_JOIN_RING_SIZE = 16 << 20,
	LOG_JOIN_TEXT_MAX = 1024, /* longer ones are not noted */
};

void log_join_init(struct log_join *join);
void log_join_deinit(struct log_join *join);

void log_join_note(struct log_join *join, enum log_join_what what, struct span id, struct span text);

/* What was noted last. False when not known, or no longer; an empty sender that is known is <>. */
bool log_join_find(const struct log_join *join, enum log_join_what what, struct span id, struct span *text);

#endif
