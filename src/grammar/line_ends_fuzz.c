/* Restored once, nothing is left to restore. */
#include <stdlib.h>

#include "grammar/line_ends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct arena arena = { 0 };
	struct span once, twice;
	bool changed;

	once = line_ends_restore(&arena, bytes, NULL);
	twice = line_ends_restore(&arena, once, &changed);
	if (changed || !span_equal(once, twice))
		abort();
	arena_deinit(&arena);
	return 0;
}
