/* A PROXY header and an XCLIENT attribute of any bytes: alike whether they come whole or byte by byte. */
#include <stdlib.h>

#include "gate/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct smtp_client client = { .name = { "", 0 } };
	struct span in = { (const char *)data, size }, helo = { "", 0 };
	const enum parse whole = proxy_take(&in, &client);

	for (size_t n = 0; n < size && n < 300; n++) {
		struct span part = { (const char *)data, n };
		struct smtp_client other = { .name = { "", 0 } };
		const enum parse p = proxy_take(&part, &other);

		if (p == PARSE_BAD && whole != PARSE_BAD)
			abort();
		if (p == PARSE_OK && (whole != PARSE_OK || size - in.len > n))
			abort();
	}
	xclient_take(&arena, (struct span){ (const char *)data, size }, &client, &helo);
	arena_deinit(&arena);
	return 0;
}
