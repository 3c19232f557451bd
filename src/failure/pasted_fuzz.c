#include <stdlib.h>

#include "failure/pasted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
tell(void *context, const struct failure *f)
{
	size_t *bytes = context;

	if (f->reply.len == 0 && f->recipient.len == 0)
		abort(); /* something is said of each */
	for (size_t i = 0; i < f->reply.len; i++)
		*bytes += (unsigned char)f->reply.at[i];
	for (size_t i = 0; i < f->recipient.len; i++)
		*bytes += (unsigned char)f->recipient.at[i];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	size_t bytes = 0;

	pasted_read(&arena, (struct span){ (const char *)data, len }, tell, &bytes);
	arena_deinit(&arena);
	return 0;
}
