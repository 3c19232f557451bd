#include "grammar/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int64_t seconds;
	int zone;

	if (date_parse((struct span){ (const char *)data, len }, &seconds, &zone) &&
	    (zone < -15 * 60 || zone > 15 * 60))
		__builtin_trap();
	return 0;
}
