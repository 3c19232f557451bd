#include <stdlib.h>

#include "catalog/laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct catalog_faults faults = { .n = 0 };
	const struct catalog_source source = { "fuzz", { (const char *)data, len } };
	const struct catalog *c = catalog_load(&arena, &source, 1, &faults);
	struct catalog_counts counts;

	if ((c == NULL) != (faults.n > 0))
		abort(); /* unsound is told, and what is told is not loaded */
	if (c != NULL)
		catalog_laws_check(&arena, c, &faults, &counts);
	arena_deinit(&arena);
	return 0;
}
