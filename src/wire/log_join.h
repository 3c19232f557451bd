/*
 * Joins the lines of a log: queue id -> sender and message-id. Memory of a
 * fixed size; what is oldest is forgotten. Spans it gives out live until the
 * next note.
 */
#ifndef WIRE_LOG_JOIN_H
#define WIRE_LOG_JOIN_H

#include "base/span.h"

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

/* False when there is no memory. */
bool log_join_init(struct log_join *join);
void log_join_deinit(struct log_join *join);

void log_join_note_sender(struct log_join *join, struct span queue_id, struct span sender);
void log_join_note_message_id(struct log_join *join, struct span queue_id, struct span id);

/* What was noted last. False when not known, or no longer; an empty sender that is known is <>. */
bool log_join_sender(const struct log_join *join, struct span queue_id, struct span *sender);
bool log_join_message_id(const struct log_join *join, struct span queue_id, struct span *id);

#endif
