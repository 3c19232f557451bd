/*
 * How often something happened lately, by key; shared by all loops. Bounded:
 * beyond its room the oldest are forgotten.
 */
#ifndef GATE_COUNTERS_H
#define GATE_COUNTERS_H

#include <pthread.h>

#include "base/span.h"

enum { COUNTERS_MAX = 65536 };

struct counter {
	uint64_t key; /* hash; 0: free */
	uint64_t since; /* seconds */
	uint32_t count;
};

struct counters {
	pthread_mutex_t lock;
	struct counter *all; /* COUNTERS_MAX, open addressing over a short run */
};

void counters_init(struct counters *c);
void counters_deinit(struct counters *c);

/* Counts one more of `kind` and `key` within `seconds` from the first; returns how many there are now. */
uint32_t counters_add(struct counters *c, const char *kind, struct span key, uint64_t now, uint32_t seconds);

#endif
