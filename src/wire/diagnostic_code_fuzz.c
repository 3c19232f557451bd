#include <stdlib.h>

#include "wire/diagnostic_code.h"

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
	struct span raw = { (const char *)data, len }, rest = raw, reply;
	struct arena arena = { 0 };
	struct diagnostic_code d;
	size_t before;

	diagnostic_code_read(&arena, raw, true, &d);
	check_text(&d, len);
	for (before = rest.len; diagnostic_code_take_reply(&rest, &reply); before = rest.len)
		if (rest.len >= before)
			abort(); /* each reply takes something away */
	diagnostic_code_looks_like_reply(raw);
	arena_deinit(&arena);
	return 0;
}
