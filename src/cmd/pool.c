#include "cmd/pool.h"

#include <stdio.h>
#include <stdlib.h>

struct worker {
	struct pool *pool;
	unsigned number;
};

struct batch *
batch_create(void)
{
	struct batch *b = calloc(1, sizeof(*b));

	if (b == NULL) {
		fputs("todoku: out of memory\n", stderr);
		abort();
	}
	return b;
}

static void
batch_free(struct batch *b)
{
	arena_deinit(&b->bytes);
	out_deinit(&b->out);
	free(b);
}

void
pool_init(struct pool *p)
{
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_cond_init(&p->ready, NULL);
}

static void *
work_on(void *argument)
{
	struct worker w = *(struct worker *)argument;
	struct pool *p = w.pool;

	free(argument);
	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct batch *b;

		while (p->taken == p->handed_in && !p->closing)
			pthread_cond_wait(&p->more, &p->lock);
		if (p->taken == p->handed_in)
			break;
		b = p->ring[p->taken++ % POOL_RING];
		pthread_mutex_unlock(&p->lock);
		if (!p->stopped)
			p->run(p->context, w.number, b);
		pthread_mutex_lock(&p->lock);
		b->done = true;
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

static void
finish_one(struct pool *p, struct batch *b)
{
	if (!p->stopped && !p->finish(p->context, b))
		p->stopped = true;
	batch_free(b);
}

/* Finishes what is done, in order; waits while more than `most` are under way. */
static void
finish_in_order(struct pool *p, uint64_t most)
{
	pthread_mutex_lock(&p->lock);
	while (p->finished < p->handed_in) {
		struct batch *b = p->ring[p->finished % POOL_RING];

		if (!b->done) {
			if (p->handed_in - p->finished <= most)
				break;
			pthread_cond_wait(&p->ready, &p->lock);
			continue;
		}
		p->finished++;
		pthread_mutex_unlock(&p->lock);
		finish_one(p, b);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

static void
put_in_ring(struct pool *p, struct batch *b)
{
	finish_in_order(p, p->n_started * 2);
	pthread_mutex_lock(&p->lock);
	p->ring[p->handed_in++ % POOL_RING] = b;
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
}

static void
run_here(struct pool *p, struct batch *b)
{
	p->run(p->context, 0, b);
	finish_one(p, b);
}

bool
pool_hand_in(struct pool *p, struct batch *b)
{
	if (p->n_started == 0 && p->first == NULL) {
		p->first = b;
		return !p->stopped;
	}
	if (p->n_started == 0)
		start_threads(p);
	if (p->n_started == 0) {
		run_here(p, p->first);
		p->first = b;
		return !p->stopped;
	}
	if (p->first != NULL)
		put_in_ring(p, p->first);
	p->first = NULL;
	put_in_ring(p, b);
	return !p->stopped;
}

void
pool_deinit(struct pool *p)
{
	if (p->first != NULL)
		run_here(p, p->first);
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
}
