#include <stdlib.h>

#include "grammar/charset.h"
#include "message/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = { (const char *)data, len }, header, body, text;
	struct arena arena = { 0 };
	struct header_field f;

	header_split(s, &header, &body);
	if (header.len + body.len > len)
		abort(); /* the two never overlap */
	while (header_take_field(&header, &f)) {
		text = header_decode(&arena, f.value);
		if (f.name.len == 0 || charset_utf8_len(text) != text.len)
			abort();
	}
	arena_deinit(&arena);
	return 0;
}
