#include <stdlib.h>

#include "bounce/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { TAKEN_MAX = 1 << 20 };

/* Whatever the message holds, its failures come to an end, and only bounces have any. */
static void
take_all(struct bounce *b)
{
	struct failure f;
	size_t taken = 0;

	while (bounce_take_failure(b, &f))
		if (++taken > TAKEN_MAX || b->kind == BOUNCE_NOT_A_BOUNCE || b->kind == BOUNCE_AUTO_REPLY)
			abort();
}

/* As a message, as a report's fields and as a notice's text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span bytes = { (const char *)data, len };
	struct arena arena = { 0 };
	struct message m;
	struct bounce b;

	message_parse(&arena, bytes, &m);
	bounce_open(&arena, &notice_index_builtin, &m, &b);
	take_all(&b);
	bounce_open_report(&arena, &notice_index_builtin, bytes, &b);
	take_all(&b);
	if (bounce_open_text(&arena, &notice_index_builtin, bytes, &b))
		take_all(&b);
	arena_deinit(&arena);
	return 0;
}
