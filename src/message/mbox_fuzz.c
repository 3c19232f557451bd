#include <stdlib.h>

#include "message/mbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest = { (const char *)data, len }, message;
	size_t total = 0;

	while (mbox_take_message(&rest, &message)) {
		if (message.len == 0 || (total > 0 && !mbox_is_start(message)))
			abort();
		total += message.len;
	}
	if (total != len)
		abort(); /* no byte is lost */
	return 0;
}
