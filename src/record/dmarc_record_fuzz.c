/* A record of any bytes; its URIs lie within it. */
#include <stdlib.h>

#include "record/dmarc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct dmarc_record r;
	struct span rest, uri;

	if (dmarc_record_parse(bytes, &r) != dmarc_record_is(bytes))
		abort();
	for (rest = r.rua; dmarc_take_uri(&rest, &uri);)
		if (uri.len > r.rua.len)
			abort();
	return 0;
}
