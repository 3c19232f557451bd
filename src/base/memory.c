#include "base/memory.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct memory_block {
	struct memory *of; /* NULL: of no account */
	struct memory_block *next, **link;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

struct guard {
	jmp_buf back;
	struct memory *account;
	struct guard *outer;
};

static _Thread_local struct guard *innermost;

void
memory_fail(size_t wanted)
{
	if (innermost != NULL)
		longjmp(innermost->back, 1);
	fprintf(stderr, "todoku: out of memory (%zu bytes wanted)\n", wanted);
	abort();
}

static struct memory_block *
block_of(void *p)
{
	return (struct memory_block *)((char *)p - offsetof(struct memory_block, bytes));
}

static void
enter(struct memory_block *b, struct memory *account, size_t size)
{
	b->of = account;
	b->size = size;
	if (account == NULL)
		return;
	account->used += size;
	b->next = account->first;
	b->link = &account->first;
	if (b->next != NULL)
		b->next->link = &b->next;
	account->first = b;
}

static void
leave(struct memory_block *b)
{
	if (b->of == NULL)
		return;
	b->of->used -= b->size;
	*b->link = b->next;
	if (b->next != NULL)
		b->next->link = b->link;
}

static bool
may_have(const struct memory *account, size_t size, size_t given_back)
{
	if (size > SIZE_MAX / 4)
		return false;
	return account == NULL || account->most == 0 || size <= account->most - (account->used - given_back);
}

static void *
take(size_t size, bool cleared)
{
	struct memory *account = innermost ? innermost->account : NULL;
	const size_t whole = sizeof(struct memory_block) + size;
	struct memory_block *b = NULL;

	if (may_have(account, size, 0))
		b = cleared ? calloc(1, whole) : malloc(whole);
	if (b == NULL)
		memory_fail(size);
	enter(b, account, size);
	return b->bytes;
}

void *
memory_take(size_t size)
{
	return take(size, false);
}

void *
memory_take_cleared(size_t size)
{
	return take(size, true);
}

void *
memory_resize(void *old, size_t size)
{
	struct memory_block *b, *grown = NULL;
	struct memory *account;

	if (old == NULL)
		return memory_take(size);
	b = block_of(old);
	account = b->of;
	if (!may_have(account, size, b->size))
		memory_fail(size);
	leave(b);
	grown = realloc(b, sizeof(*b) + size);
	if (grown == NULL) {
		enter(b, account, b->size);
		memory_fail(size);
	}
	enter(grown, account, size);
	return grown->bytes;
}

void
memory_free(void *p)
{
	if (p == NULL)
		return;
	leave(block_of(p));
	free(block_of(p));
}

void
memory_release(struct memory *account)
{
	struct memory_block *b = account->first, *next;

	account->first = NULL;
	account->used = 0;
	for (; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
}

bool
memory_try(struct memory *account, void (*run)(void *context), void *context)
{
	struct guard g = { .account = account, .outer = innermost };

	innermost = &g;
	if (setjmp(g.back) != 0) {
		innermost = g.outer;
		memory_release(account);
		return false;
	}
	run(context);
	innermost = g.outer;
	return true;
}
