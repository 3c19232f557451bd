/* Whatever stands there: each slip lies within it, and what was mended needs no mending. */
#include <stdlib.h>

#include "record/near_miss.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data + 1, size > 0 ? size - 1 : 0 };
	struct arena arena = { 0 };
	struct near_miss m;

	if (size > 1 && near_miss_read(&arena, (enum record_kind)(data[0] % (RECORD_BIMI + 1)), text, &m)) {
		for (size_t i = 0; i < m.n_slips; i++)
			if (m.slips[i].at + m.slips[i].seen.len > text.len)
				abort();
		if (m.unclear.len > text.len || (m.unclear.len > 0 && m.after.len > 0))
			abort();
	}
	arena_deinit(&arena);
	return 0;
}
