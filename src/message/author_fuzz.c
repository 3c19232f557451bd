/* As many authors as are allowed, each domain within its address. */
#include <stdlib.h>

#include "message/author.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct arena arena = { 0 };
	struct authors authors = { .n = 0 };

	authors_add(&arena, bytes, &authors);
	authors_add(&arena, bytes, &authors);
	if (authors.n > AUTHORS_MAX)
		abort();
	for (size_t i = 0; i < authors.n; i++)
		if (authors.all[i].domain.len > authors.all[i].address.len)
			abort();
	authors_find(&arena, bytes, &authors);
	arena_deinit(&arena);
	return 0;
}
