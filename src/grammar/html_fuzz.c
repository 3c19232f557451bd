#include <stdlib.h>

#include "grammar/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };

	if (html_to_text(&arena, (struct span){ (const char *)data, len }).len > len * 2)
		abort();
	arena_deinit(&arena);
	return 0;
}
