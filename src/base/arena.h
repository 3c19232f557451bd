/*
 * An arena hands out memory that is freed all at once: one a message, request
 * or run. No memory: see
 * base/memory.h. The owner resets or deinits it.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first; zeroed: an empty arena */
	char *at, *end;
};

/* Memory of `size` bytes, aligned for any type, not cleared. */
void *arena_take(struct arena *arena, size_t size);

/* The same, for `count` items, cleared. */
void *arena_take_items(struct arena *arena, size_t count, size_t item_size);

/* Grows the newest piece in place when it can, else copies it. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size);

struct span arena_copy(struct arena *arena, struct span s);

/* Forgets everything taken; keeps one block for what comes next. */
void arena_reset(struct arena *arena);
void arena_deinit(struct arena *arena);

#endif
