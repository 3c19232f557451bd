/* Rules of any bytes: read or told with a line that is there. */
#include <stdlib.h>

#include "catalog/builtin.h"
#include "gate/mailboxes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { (const char *)data, size };
	struct arena arena = { 0 };
	struct mailboxes all;
	struct mailbox_fault fault;

	if (mailboxes_read(&arena, &catalog_builtin, text, &all, &fault))
		for (size_t i = 0; i < all.n; i++)
			mailboxes_find(&all, all.rules[i].address);
	else if (fault.line == 0 || fault.line > size + 1)
		abort();
	arena_deinit(&arena);
	return 0;
}
