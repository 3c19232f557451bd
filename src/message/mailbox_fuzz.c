#include <stdlib.h>

#include "message/mailbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span in = { (const char *)data, len }, rest = in, addr;
	struct arena arena = { 0 };

	if (mailbox_take(&rest, &addr) && (addr.at != in.at || addr.len + rest.len != len))
		abort(); /* what is taken and what is left are the whole */
	if (mailbox_find(in, &addr) && mailbox_domain(addr).len == 0)
		abort();
	mailbox_from_field(&arena, in);
	mailbox_from_dsn(&arena, in);
	arena_deinit(&arena);
	return 0;
}
