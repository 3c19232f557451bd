/*
 * The last transactions, kept in memory for tests to look at. Bounded: the
 * oldest go. Shared by all loops.
 */
#ifndef GATE_STORE_H
#define GATE_STORE_H

#include <pthread.h>

#include "base/out.h"
#include "gate/transaction.h"

enum { STORE_MAX = 1000, STORE_BYTES_MAX = 64 * 1024 * 1024 };

struct stored {
	uint64_t number; /* from 1 */
	bool taken;
	struct span record; /* as transaction_write_json() has it, without its line end */
	struct span summary; /* as a list of messages has it; empty: no message came */
	struct span raw; /* as it came, with what the gate put before it */
	struct span id, from, to, subject, message_id; /* to be searched */
	char *bytes; /* what the spans above borrow from */
	size_t size;
};

struct store {
	pthread_mutex_t lock;
	struct stored *ring[STORE_MAX];
	size_t first, n;
	size_t bytes;
	uint64_t numbers;
};

void store_init(struct store *s);
void store_deinit(struct store *s);

/* Copies what it keeps. `head`: what the gate puts before the message. */
void store_add(struct store *s, const struct transaction *r, struct span head);

/* Visits the latest first, under the store's lock, until `visit` says false. */
void store_visit(struct store *s, bool (*visit)(void *context, const struct stored *item), void *context);

/* Forgets those for which `which` says true; NULL: all. */
void store_forget(struct store *s, bool (*which)(void *context, const struct stored *item), void *context);

#endif
