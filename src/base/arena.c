#include "base/arena.h"

#include "base/memory.h"

enum { BLOCK_SIZE = 64 * 1024, KEPT_SIZE_MAX = 4 * 1024 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

static void
add_block(struct arena *arena, size_t size)
{
	struct arena_block *b;

	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	if (size > SIZE_MAX / 4)
		memory_fail(size);
	b = memory_take(sizeof(*b) + size);
	b->next = arena->blocks;
	b->size = size;
	arena->blocks = b;
	arena->at = b->bytes;
	arena->end = b->bytes + size;
}

static size_t
aligned(size_t size)
{
	const size_t a = _Alignof(max_align_t);

	return (size + a - 1) & ~(a - 1);
}

void *
arena_take(struct arena *arena, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 4)
		add_block(arena, SIZE_MAX);
	size = aligned(size);
	if (arena->at == NULL || (size_t)(arena->end - arena->at) < size)
		add_block(arena, size);
	p = arena->at;
	arena->at += size;
	return p;
}

void *
arena_take_items(struct arena *arena, size_t count, size_t item_size)
{
	size_t size = count > SIZE_MAX / 8 / (item_size + 1) ? SIZE_MAX : count * item_size;
	void *p = arena_take(arena, size);

	memset(p, 0, size);
	return p;
}

void *
arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
	void *p;

	if (old != NULL && (char *)old + aligned(old_size) == arena->at && new_size < SIZE_MAX / 4 &&
	    (size_t)(arena->end - (char *)old) >= aligned(new_size)) {
		arena->at = (char *)old + aligned(new_size);
		return old;
	}
	p = arena_take(arena, new_size);
	if (old != NULL && old_size > 0)
		memcpy(p, old, old_size < new_size ? old_size : new_size);
	return p;
}

struct span
arena_copy(struct arena *arena, struct span s)
{
	char *p = arena_take(arena, s.len + 1);

	if (s.len > 0)
		memcpy(p, s.at, s.len);
	p[s.len] = '\0';
	return (struct span){ p, s.len };
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->blocks;

	if (keep == NULL)
		return;
	while (keep->next != NULL) {
		struct arena_block *next = keep->next;

		memory_free(keep);
		keep = next;
	}
	arena->blocks = keep;
	if (keep->size > KEPT_SIZE_MAX) {
		arena_deinit(arena);
		return;
	}
	arena->at = keep->bytes;
	arena->end = keep->bytes + keep->size;
}

void
arena_deinit(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *next = arena->blocks->next;

		memory_free(arena->blocks);
		arena->blocks = next;
	}
	arena->at = arena->end = NULL;
}
