/*
 * One thread is all there is in a browser's worker: locks are always free, and a second thread is never begun.
 */
#ifndef WASM_PTHREAD_H
#define WASM_PTHREAD_H

#include <sys/types.h>

#define PTHREAD_MUTEX_INITIALIZER \
	{ \
		0 \
	}
#define PTHREAD_COND_INITIALIZER \
	{ \
		0 \
	}
#define PTHREAD_ONCE_INIT 0

typedef int pthread_once_state;
#define pthread_once_t pthread_once_state

static inline int
pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	(void)mutex;
	(void)attributes;
	return 0;
}

static inline int
pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
	(void)condition;
	(void)attributes;
	return 0;
}

static inline int
pthread_cond_destroy(pthread_cond_t *condition)
{
	(void)condition;
	return 0;
}

static inline int
pthread_cond_signal(pthread_cond_t *condition)
{
	(void)condition;
	return 0;
}

static inline int
pthread_cond_broadcast(pthread_cond_t *condition)
{
	(void)condition;
	return 0;
}

static inline int
pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
	(void)condition;
	(void)mutex;
	__builtin_trap(); /* nobody would ever signal it */
}

static inline int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context)
{
	(void)thread;
	(void)attributes;
	(void)run;
	(void)context;
	return -1;
}

static inline int
pthread_join(pthread_t thread, void **result)
{
	(void)thread;
	(void)result;
	return 0;
}

static inline int
pthread_once(pthread_once_t *once, void (*run)(void))
{
	if (*once == 0)
		run();
	*once = 1;
	return 0;
}

#endif
