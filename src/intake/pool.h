/*
 * Jobs shared among all cores and finished in the order they were handed in.
 * They are handed in by one thread; a job is run by any worker and finished by
 * the thread that handed it in. Threads start with the second job: a small
 * input never pays for them.
 */
#ifndef INTAKE_POOL_H
#define INTAKE_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { POOL_THREADS_MAX = 32, POOL_RING = 128 };

struct pool {
	void (*run)(void *context, unsigned thread, void *job);
	bool (*finish)(void *context, void *job); /* false: stop, nothing more is wanted */
	void (*release)(void *job); /* each one, also those no longer run or finished */
	void *context;
	unsigned n_threads; /* wanted; 0: all is done by the thread that hands in */
	/* the rest is the pool's own */
	pthread_t threads[POOL_THREADS_MAX];
	unsigned n_started;
	struct pool_job {
		void *job;
		bool done;
	} ring[POOL_RING];
	void *first; /* waits for a second */
	uint64_t handed_in, taken, finished;
	pthread_mutex_t lock; /* of what a worker reads: the ring, its counts, and the two below */
	pthread_cond_t more, ready, turn;
	bool closing, stopped;
};

void pool_init(struct pool *pool);

/* Takes the job over. False when nothing more is wanted. */
bool pool_hand_in(struct pool *pool, void *job);

/* Called by run(): waits until all jobs before this one are finished, so that what it wrote may go out at once. */
void pool_wait_for_turn(struct pool *pool, const void *job);

/* Waits for everything handed in and ends the threads. */
void pool_deinit(struct pool *pool);

#endif
