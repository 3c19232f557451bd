#include <stdlib.h>

#include "bounce/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { TAKEN_MAX = 1 << 20 };

/* Whatever the message holds, its failures come to an end, and only bounces have any. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct message m;
	struct bounce b;
	struct failure f;
	size_t taken = 0;

	message_parse(&arena, (struct span){ (const char *)data, len }, &m);
	bounce_open(&arena, &notice_index_builtin, &m, &b);
	while (bounce_take_failure(&b, &f))
		if (++taken > TAKEN_MAX || b.kind == BOUNCE_NOT_A_BOUNCE || b.kind == BOUNCE_AUTO_REPLY)
			abort();
	arena_deinit(&arena);
	return 0;
}
