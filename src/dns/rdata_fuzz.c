/* Data of any bytes as every type: what is read is no longer than it was. */
#include <stdlib.h>

#include "dns/rdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_TXT, DNS_MX, DNS_PTR };
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct dns_record r;

		if (rdata_read(&arena, types[i], (struct span){ (const char *)data, size }, &r) && r.data.len > size)
			abort();
	}
	arena_deinit(&arena);
	return 0;
}
