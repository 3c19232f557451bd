#include <stdlib.h>

#include "log/log_journald.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span line = { (const char *)data, len }, text;
	struct arena arena = { 0 };

	if (log_journald_is(line)) {
		text = log_journald_unwrap(&arena, line);
		if (text.len > 2 * len + 64 || (text.len > 0 && memchr(text.at, '\n', text.len) != NULL))
			abort();
	}
	arena_deinit(&arena);
	return 0;
}
