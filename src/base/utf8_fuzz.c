#include <stdlib.h>
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = { (const char *)data, len };

	while (s.len > 0) {
		const struct span before = s;
		char bytes[4];
		uint32_t code;

		if (!utf8_take(&s, &code))
			continue;
		if (utf8_put(code, bytes) != before.len - s.len || memcmp(bytes, before.at, before.len - s.len) != 0)
			abort(); /* there is one form for each character */
	}
	return 0;
}
