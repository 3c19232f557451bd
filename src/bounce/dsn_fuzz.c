#include <stdlib.h>

#include "bounce/dsn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest, part = { (const char *)data, len };
	struct dsn d;
	struct dsn_recipient r;
	size_t before;

	dsn_parse(part, &d, &rest);
	for (before = rest.len; dsn_take_recipient(&rest, &r); before = rest.len)
		if (rest.len >= before || r.block.len == 0 || r.diagnostic_code.len > r.block.len)
			abort(); /* each block takes something away */
	return 0;
}
