#include <stdlib.h>

#include "bounce/arf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span part = { (const char *)data, len }, recipient = { 0 };
	struct arf a;
	size_t before = len + 1;

	arf_parse(part, &a);
	for (; arf_take_original_rcpt_to(&part, &recipient); before = part.len)
		if (part.len >= before)
			abort();
	if (a.original_rcpt_to.len > 0 && before > len)
		abort(); /* who was parsed is also iterated */
	return 0;
}
