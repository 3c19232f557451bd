#include "bounce/transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	bool several = false;
	struct span found = transcript_command((struct span){ (const char *)data, len }, span_of("a@b.c"), &several);

	if (several && found.len == 0)
		__builtin_trap();
	return 0;
}
