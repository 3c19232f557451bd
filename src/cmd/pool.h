/*
 * Work shared among all cores, its results in the order of the input. Batches
 * are handed in by one thread; a batch is run by any worker and finished by
 * the thread that handed it in, in order. Threads start with the second batch:
 * a small input never pays for them.
 */
#ifndef CMD_POOL_H
#define CMD_POOL_H

#include <pthread.h>

#include "base/arena.h"
#include "base/out.h"
#include "wire/failure.h"
#include "wire/log_line.h"

enum { POOL_THREADS_MAX = 32, POOL_RING = 128, BATCH_SIZE = 1024 * 1024, BATCH_WORKS_MAX = 512 };

enum work_kind { WORK_MESSAGE, WORK_TEXT, WORK_REPORT, WORK_LOG_LINE, WORK_EVENTS };

struct work { /* one message, text or log line to be explained; borrowed from its batch */
	enum work_kind kind;
	const char *file;
	uint64_t message, line, byte; /* where it stands; message and line from 1, 0: none */
	struct span bytes;
	/* of a log line, joined from others: */
	const struct log_format *format;
	struct span sender, message_id, recipient, queue_id;
	bool sender_known;
	struct span heading; /* the names of its columns, if its format has such */
	struct span milter; /* a filter's trouble shortly before */
	enum failure_later later;
};

struct batch {
	uint64_t number;
	struct arena bytes; /* what the works are borrowed from */
	size_t size; /* of these bytes */
	struct work works[BATCH_WORKS_MAX];
	size_t n;
	struct out out; /* what its worker wrote */
	size_t n_explained, n_undetermined, n_nothing;
	bool done;
};

struct pool {
	void (*run)(void *context, unsigned thread, struct batch *batch);
	bool (*finish)(void *context, struct batch *batch); /* false: stop, nothing more is wanted */
	void *context;
	unsigned n_threads; /* wanted */
	/* the rest is the pool's own */
	pthread_t threads[POOL_THREADS_MAX];
	unsigned n_started;
	struct batch *first, *ring[POOL_RING];
	uint64_t handed_in, taken, finished;
	pthread_mutex_t lock;
	pthread_cond_t more, ready;
	bool closing, stopped;
};

struct batch *batch_create(void);

void pool_init(struct pool *pool);

/* Takes the batch over. False when nothing more is wanted. */
bool pool_hand_in(struct pool *pool, struct batch *batch);

/* Waits for everything handed in and ends the threads. */
void pool_deinit(struct pool *pool);

#endif
