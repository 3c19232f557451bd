/*
 * queue id -> sender, message-id: an open-addressed table over a ring of text.
 * A slot's text is known by where in the ever-growing stream it was written;
 * when the ring has gone round it is forgotten without any cleaning up.
 */
#include "wire/log_join.h"

#include <stdlib.h>

enum { PROBES_MAX = 8 };

struct text {
	uint64_t at;	/* in the stream, counted from 1; 0: not noted */
	uint32_t len;
};

struct log_join_slot {
	uint64_t hash;
	struct text queue_id, sender, message_id;
};

bool
log_join_init(struct log_join *join)
{
	*join = (struct log_join){ 0 };
	join->slots = calloc(LOG_JOIN_SLOTS, sizeof(*join->slots));
	join->ring = malloc(LOG_JOIN_RING_SIZE);
	if (join->slots != NULL && join->ring != NULL)
		return true;
	log_join_deinit(join);
	return false;
}

void
log_join_deinit(struct log_join *join)
{
	free(join->slots);
	free(join->ring);
	*join = (struct log_join){ 0 };
}

/* FNV-1a, its high bits mixed down. */
static uint64_t
hash_of(struct span s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3;
	return h ^ h >> 32;
}

static bool
is_kept(const struct log_join *join, struct text t)
{
	return t.at != 0 && join->written - (t.at - 1) <= LOG_JOIN_RING_SIZE;
}

static bool
read_text(const struct log_join *join, struct text t, struct span *s)
{
	if (!is_kept(join, t))
		return false;
	*s = (struct span){ join->ring + (t.at - 1) % LOG_JOIN_RING_SIZE, t.len };
	return true;
}

/* A text never goes round the ring's end. */
static struct text
write_text(struct log_join *join, struct span s)
{
	size_t room = LOG_JOIN_RING_SIZE - join->written % LOG_JOIN_RING_SIZE;
	struct text t;

	if (s.len > room)
		join->written += room;
	t = (struct text){ join->written + 1, (uint32_t)s.len };
	if (s.len > 0)
		memcpy(join->ring + join->written % LOG_JOIN_RING_SIZE, s.at, s.len);
	join->written += s.len;
	return t;
}

static bool
is_of(const struct log_join *join, const struct log_join_slot *slot, uint64_t hash,
    struct span queue_id)
{
	struct span id;

	return slot->hash == hash && read_text(join, slot->queue_id, &id) &&
	    span_equal(id, queue_id);
}

static struct log_join_slot *
find(const struct log_join *join, struct span queue_id)
{
	uint64_t hash = hash_of(queue_id);

	for (unsigned i = 0; i < PROBES_MAX; i++) {
		struct log_join_slot *slot = &join->slots[(hash + i) % LOG_JOIN_SLOTS];

		if (is_of(join, slot, hash, queue_id))
			return slot;
	}
	return NULL;
}

/* The id's slot, else a free one, else the oldest near by. */
static struct log_join_slot *
find_or_add(struct log_join *join, struct span queue_id)
{
	uint64_t hash = hash_of(queue_id);
	struct log_join_slot *slot = find(join, queue_id);

	if (slot != NULL)
		return slot;
	slot = &join->slots[hash % LOG_JOIN_SLOTS];
	for (unsigned i = 0; i < PROBES_MAX; i++) {
		struct log_join_slot *other = &join->slots[(hash + i) % LOG_JOIN_SLOTS];

		if (other->queue_id.at < slot->queue_id.at)
			slot = other;
	}
	*slot = (struct log_join_slot){ .hash = hash };
	slot->queue_id = write_text(join, queue_id);
	return slot;
}

static bool
may_note(struct span queue_id, struct span text)
{
	return queue_id.len > 0 && queue_id.len <= LOG_JOIN_TEXT_MAX &&
	    text.len <= LOG_JOIN_TEXT_MAX;
}

void
log_join_note_sender(struct log_join *join, struct span queue_id, struct span sender)
{
	if (may_note(queue_id, sender))
		find_or_add(join, queue_id)->sender = write_text(join, sender);
}

void
log_join_note_message_id(struct log_join *join, struct span queue_id, struct span id)
{
	if (may_note(queue_id, id))
		find_or_add(join, queue_id)->message_id = write_text(join, id);
}

void
log_join_forget(struct log_join *join, struct span queue_id)
{
	struct log_join_slot *slot = find(join, queue_id);

	if (slot != NULL)
		*slot = (struct log_join_slot){ 0 };
}

bool
log_join_sender(const struct log_join *join, struct span queue_id, struct span *sender)
{
	const struct log_join_slot *slot = find(join, queue_id);

	return slot != NULL && read_text(join, slot->sender, sender);
}

bool
log_join_message_id(const struct log_join *join, struct span queue_id, struct span *id)
{
	const struct log_join_slot *slot = find(join, queue_id);

	return slot != NULL && read_text(join, slot->message_id, id);
}
