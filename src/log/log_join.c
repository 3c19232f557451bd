/*
 * queue id -> sender, message-id: notes are written one behind the other into
 * a ring, each with the place of the one before it that hashes alike. A slot
 * knows the last of such a chain. A note is known by where in the ever-growing
 * stream it was written; when the ring has gone round it is forgotten without
 * any cleaning up. Writing one touches one slot and the ring's end, no more.
 */
#include "log/log_join.h"

#include "base/memory.h"

enum { CHAIN_MAX = 32 };

/* Where a note was written, its low half: the ring is far shorter than what it counts. 0: none */
typedef uint32_t place;

struct note { /* the queue id and the text stand behind it */
	place before;
	uint16_t id_len, text_len, what;
};

struct log_join_slot {
	place last;
};

void
log_join_init(struct log_join *join)
{
	*join = (struct log_join){ .written = 1 };
	join->slots = memory_take_cleared(LOG_JOIN_SLOTS * sizeof(*join->slots));
	join->ring = memory_take(LOG_JOIN_RING_SIZE);
}

void
log_join_deinit(struct log_join *join)
{
	memory_free(join->slots);
	memory_free(join->ring);
	*join = (struct log_join){ 0 };
}

/* Queue ids are short: eight bytes at a time. */
static struct log_join_slot *
slot_of(const struct log_join *join, struct span s)
{
	uint64_t h = s.len, word;

	for (; s.len >= 8; s = span_skip(s, 8)) {
		memcpy(&word, s.at, 8);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	word = 0;
	memcpy(&word, s.at, s.len);
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return &join->slots[(h >> 40) % LOG_JOIN_SLOTS];
}

/* The note at `at`, if the ring still holds it. */
static bool
read_note(const struct log_join *join, place at, struct note *n, struct span *id, struct span *text)
{
	place ago = (place)join->written - at;
	const char *from;

	if (at == 0 || ago > LOG_JOIN_RING_SIZE || ago > join->written)
		return false;
	from = join->ring + (join->written - ago) % LOG_JOIN_RING_SIZE;
	memcpy(n, from, sizeof(*n));
	*id = (struct span){ from + sizeof(*n), n->id_len };
	*text = (struct span){ id->at + id->len, n->text_len };
	return true;
}

/* A note never goes round the ring's end. */
void
log_join_note(struct log_join *join, enum log_join_what what, struct span id, struct span text)
{
	struct log_join_slot *slot = slot_of(join, id);
	struct note n = { slot->last, (uint16_t)id.len, (uint16_t)text.len, (uint16_t)what };
	size_t size = sizeof(n) + id.len + text.len, room = LOG_JOIN_RING_SIZE - join->written % LOG_JOIN_RING_SIZE;
	char *to;

	if (id.len == 0 || id.len > LOG_JOIN_TEXT_MAX || text.len > LOG_JOIN_TEXT_MAX)
		return;
	if (size > room)
		join->written += room;
	to = join->ring + join->written % LOG_JOIN_RING_SIZE;
	memcpy(to, &n, sizeof(n));
	memcpy(to + sizeof(n), id.at, id.len);
	if (text.len > 0)
		memcpy(to + sizeof(n) + id.len, text.at, text.len);
	slot->last = (place)join->written;
	if (join->written >> 31 != (join->written + size) >> 31) /* before a place could mean another */
		memset(join->slots, 0, LOG_JOIN_SLOTS * sizeof(*join->slots));
	join->written += size;
}

bool
log_join_find(const struct log_join *join, enum log_join_what what, struct span wanted, struct span *found)
{
	place at = slot_of(join, wanted)->last;
	struct span id, text;
	struct note n;

	for (unsigned i = 0; i < CHAIN_MAX && read_note(join, at, &n, &id, &text); i++) {
		if (n.what == what && span_equal(id, wanted)) {
			*found = text;
			return true;
		}
		at = n.before;
	}
	return false;
}
