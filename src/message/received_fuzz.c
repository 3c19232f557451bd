/* A Received: field of any bytes. */
#include <stdlib.h>

#include "message/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct received r;

	received_read(bytes, &r);
	if (r.helo.len > bytes.len || r.by.len > bytes.len)
		abort();
	received_find_border(bytes, &r);
	return 0;
}
