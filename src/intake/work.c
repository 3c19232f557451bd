#include "intake/work.h"

#include "base/memory.h"

struct batch *
batch_create(void)
{
	return memory_take_cleared(sizeof(struct batch));
}

void
batch_free(struct batch *b)
{
	arena_deinit(&b->bytes);
	out_deinit(&b->out);
	memory_free(b);
}
