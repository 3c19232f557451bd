/* The same whether a transcript is read once or searched, and a whole reply is within it. */
#include <stdlib.h>

#include "bounce/transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const recipients[] = { "a@b.c", "taro@example.jp", "" };
	const struct span text = { (const char *)data, len };
	struct arena arena = { 0 };
	struct transcript t;
	struct span whole;

	transcript_read(&arena, text, &t);
	for (size_t i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++) {
		bool several = false, again = false;
		const struct span found = transcript_command(text, span_of(recipients[i]), &several);

		if (!span_equal(found, transcript_find_command(&t, span_of(recipients[i]), &again)) ||
		    several != again || (several && found.len == 0))
			abort();
	}
	whole = transcript_find_reply(&t, span_of("550-5.1.1 no"));
	if (whole.len > len)
		abort();
	arena_deinit(&arena);
	return 0;
}
