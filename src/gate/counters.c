#include "gate/counters.h"

#include "base/memory.h"

enum { RUN = 8 }; /* places looked at */

void
counters_init(struct counters *c)
{
	pthread_mutex_init(&c->lock, NULL);
	c->all = memory_take_cleared(COUNTERS_MAX * sizeof(*c->all));
}

void
counters_deinit(struct counters *c)
{
	pthread_mutex_destroy(&c->lock);
	memory_free(c->all);
}

static uint64_t
hash_of(const char *kind, struct span key)
{
	uint64_t h = 14695981039346656037u;

	for (; *kind != '\0'; kind++)
		h = (h ^ (uint8_t)*kind) * 1099511628211u;
	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (uint8_t)ascii_lower(key.at[i])) * 1099511628211u;
	return h ? h : 1;
}

/* The key's own place, else a free one, else the oldest of the run. */
static struct counter *
place_of(struct counters *c, uint64_t key)
{
	struct counter *best = NULL;

	for (size_t i = 0; i < RUN; i++) {
		struct counter *at = &c->all[(key + i) % COUNTERS_MAX];

		if (at->key == key)
			return at;
		if (best == NULL || (best->key != 0 && (at->key == 0 || at->since < best->since)))
			best = at;
	}
	*best = (struct counter){ .key = 0 };
	return best;
}

uint32_t
counters_add(struct counters *c, const char *kind, struct span key, uint64_t now, uint32_t seconds)
{
	const uint64_t hash = hash_of(kind, key);
	struct counter *at;
	uint32_t count;

	pthread_mutex_lock(&c->lock);
	at = place_of(c, hash);
	if (at->key != hash || now - at->since >= seconds)
		*at = (struct counter){ hash, now, 0 };
	count = ++at->count;
	pthread_mutex_unlock(&c->lock);
	return count;
}
