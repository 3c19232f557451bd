#include <stdlib.h>

#include "failure/diagnostic_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const struct diagnostic_code *d, size_t len)
{
	struct span t = d->text;

	if (t.len > len || (t.len > 0 && (t.at[0] == ' ' || t.at[t.len - 1] == ' ')))
		abort();
	for (size_t i = 0; i < t.len; i++)
		if ((t.at[i] >= 0 && t.at[i] < ' ') || (t.at[i] >= 'A' && t.at[i] <= 'Z') ||
		    (i > 0 && t.at[i] == ' ' && t.at[i - 1] == ' ') || d->offsets[i] >= len)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span raw = { (const char *)data, len };
	struct arena arena = { 0 };
	struct diagnostic_code d;

	diagnostic_code_read(&arena, raw, true, &d);
	check_text(&d, len);
	arena_deinit(&arena);
	return 0;
}
