#include <stdlib.h>

#include "bounce/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every recipient is named once, and what is said of it is bounded. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct span recipient, reply;
	struct notice n;
	size_t taken = 0;

	notice_read(
	    &arena, &notice_index_builtin, (struct span){ (const char *)data, len }, span_of("a@b.c"), false, &n);
	while (notice_take(&n, &recipient, &reply)) {
		if (++taken > NOTICE_MENTIONS_MAX || recipient.len == 0 || reply.len > NOTICE_REPLY_SIZE_MAX)
			abort();
		if (taken < 8)
			notice_about(&n, recipient);
	}
	arena_deinit(&arena);
	return 0;
}
