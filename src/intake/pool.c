#include "intake/pool.h"

#include <stdlib.h>

struct worker {
	struct pool *pool;
	unsigned number;
};

void
pool_init(struct pool *p)
{
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_cond_init(&p->ready, NULL);
	pthread_cond_init(&p->turn, NULL);
}

static void *
work_on(void *argument)
{
	struct worker w = *(struct worker *)argument;
	struct pool *p = w.pool;

	free(argument);
	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct pool_job *j;
		bool stopped;

		while (p->taken == p->handed_in && !p->closing)
			pthread_cond_wait(&p->more, &p->lock);
		if (p->taken == p->handed_in)
			break;
		j = &p->ring[p->taken++ % POOL_RING];
		stopped = p->stopped;
		pthread_mutex_unlock(&p->lock);
		if (!stopped)
			p->run(p->context, w.number, j->job);
		pthread_mutex_lock(&p->lock);
		j->done = true;
		pthread_cond_signal(&p->ready);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void
start_threads(struct pool *p)
{
	while (p->n_started < p->n_threads) {
		struct worker *w = malloc(sizeof(*w));

		if (w == NULL)
			break;
		*w = (struct worker){ p, p->n_started };
		if (pthread_create(&p->threads[p->n_started], NULL, work_on, w) != 0) {
			free(w);
			break;
		}
		p->n_started++;
	}
}

/* Only this thread ever writes `stopped`, so it may read it without the lock. */
static void
finish_one(struct pool *p, void *job)
{
	const bool stop = !p->stopped && !p->finish(p->context, job);

	p->release(job);
	if (!stop)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopped = true;
	pthread_mutex_unlock(&p->lock);
}

/* Finishes what is done, in order; waits while more than `most` are under way. */
static void
finish_in_order(struct pool *p, uint64_t most)
{
	pthread_mutex_lock(&p->lock);
	while (p->finished < p->handed_in) {
		struct pool_job *j = &p->ring[p->finished % POOL_RING];

		if (!j->done) {
			if (p->handed_in - p->finished <= most)
				break;
			pthread_cond_wait(&p->ready, &p->lock);
			continue;
		}
		pthread_mutex_unlock(&p->lock);
		finish_one(p, j->job);
		pthread_mutex_lock(&p->lock);
		p->finished++;
		pthread_cond_broadcast(&p->turn);
	}
	pthread_mutex_unlock(&p->lock);
}

static void
put_in_ring(struct pool *p, void *job)
{
	finish_in_order(p, p->n_started * 2);
	pthread_mutex_lock(&p->lock);
	p->ring[p->handed_in++ % POOL_RING] = (struct pool_job){ job, false };
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
}

void
pool_wait_for_turn(struct pool *p, const void *job)
{
	pthread_mutex_lock(&p->lock);
	while (p->finished < p->handed_in && p->ring[p->finished % POOL_RING].job != job)
		pthread_cond_wait(&p->turn, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

static void
run_first_here(struct pool *p)
{
	void *job = p->first;

	p->first = NULL;
	if (!p->stopped)
		p->run(p->context, 0, job);
	finish_one(p, job);
}

bool
pool_hand_in(struct pool *p, void *job)
{
	if (p->n_started == 0 && p->first == NULL) {
		p->first = job;
		return !p->stopped;
	}
	if (p->n_started == 0)
		start_threads(p);
	if (p->n_started == 0) {
		run_first_here(p);
		p->first = job;
		return !p->stopped;
	}
	if (p->first != NULL)
		put_in_ring(p, p->first);
	p->first = NULL;
	put_in_ring(p, job);
	return !p->stopped;
}

void
pool_deinit(struct pool *p)
{
	if (p->first != NULL)
		run_first_here(p);
	finish_in_order(p, 0);
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_started; i++)
		pthread_join(p->threads[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->more);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->turn);
}
