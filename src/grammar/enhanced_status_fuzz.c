#include <stdlib.h>

#include "grammar/enhanced_status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = { (const char *)data, len };
	struct enhanced_status taken = { 0 }, found = { 0 };

	if (enhanced_status_find(s, &found) && (found.class < 2 || found.subject > 7))
		abort();
	if (enhanced_status_take(&s, &taken) && taken.subject <= 7 && !enhanced_status_equal(taken, found))
		abort(); /* what stands at the front is also found */
	return 0;
}
