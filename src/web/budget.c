#include "web/budget.h"

#include <errno.h>
#include <event2/event.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>

/* libevent hands no context to its allocator. */
static size_t used, budget;

static void *
counted(void *p)
{
	used += p != NULL ? malloc_usable_size(p) : 0;
	return p;
}

static bool
exceeds(size_t size)
{
	if (used + size <= (size < BUDGET_PIECE_OF_A_BODY ? budget + budget / 2 : budget))
		return false;
	errno = ENOMEM;
	return true;
}

static void *
take(size_t size)
{
	return exceeds(size) ? NULL : counted(malloc(size));
}

static void *
resize(void *old, size_t size)
{
	const size_t before = old != NULL ? malloc_usable_size(old) : 0;
	void *p = exceeds(size) ? NULL : realloc(old, size);

	if (p != NULL)
		used -= before;
	return counted(p);
}

static void
give_back(void *p)
{
	used -= p != NULL ? malloc_usable_size(p) : 0;
	free(p);
}

void
budget_set(size_t most)
{
	budget = most;
	event_set_mem_functions(take, resize, give_back);
}

size_t
budget_used(void)
{
	return used;
}
