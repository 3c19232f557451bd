/*
 * Where arenas, outputs and buffers take their memory from. None left: whoever
 * called memory_try() gets false, and all that was taken within is freed with
 * its account; without one the program ends with a message.
 *
 * So no function between has an error path for it. An account is used by one
 * thread at a time; which one is current is the thread's own.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

struct memory_block;

struct memory { /* an account */
	struct memory_block *first;
	size_t used, most; /* bytes; most 0: no limit but the system's */
};

void *memory_take(size_t size);
void *memory_take_cleared(size_t size);
void *memory_resize(void *old, size_t size);
void memory_free(void *p);

/* What the caller wants cannot be had: as if memory_take() had failed. */
_Noreturn void memory_fail(size_t wanted);

/* Runs with this account. False: memory ran out; the account is empty then, and what was borrowed from it is gone. */
bool memory_try(struct memory *account, void (*run)(void *context), void *context);

void memory_release(struct memory *account);

#endif
