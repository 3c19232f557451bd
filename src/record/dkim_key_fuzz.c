/* A sound key has a kind; what is none is told why. */
#include <stdlib.h>

#include "record/dkim_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct arena arena = { 0 };
	struct dkim_key key;

	if (dkim_key_parse(&arena, bytes, &key) != (key.problem == PROBLEM_NONE) ||
	    (key.problem == PROBLEM_NONE && key.kind == DKIM_KEY_UNKNOWN))
		abort();
	dkim_key_is(bytes);
	arena_deinit(&arena);
	return 0;
}
