#include <stdlib.h>

#include "event/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
tell(void *context, const struct failure *f)
{
	size_t *told = context;

	if (f->recipient.len == 0 && f->reply.len == 0)
		abort();
	(*told)++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	size_t told = 0, unsound = 0, n;

	n = event_read(&arena, (struct span){ (const char *)data, len }, tell, &told, &unsound);
	if (unsound > len || (n == 0 && told > 0) || told > len)
		abort();
	arena_deinit(&arena);
	return 0;
}
