#include <stdlib.h>

#include "grammar/charset.h"
#include "message/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct span bytes = { (const char *)data, len };
	struct message m;
	size_t total = 0;

	message_parse(&arena, bytes, &m);
	if (m.n_parts == 0 || m.n_parts > MESSAGE_PARTS_MAX)
		abort();
	for (size_t i = 0; i < m.n_parts; i++) {
		struct span text = mime_text(&arena, &m.parts[i]);

		total += m.parts[i].body.len;
		if (charset_utf8_len(text) != text.len)
			abort();
	}
	if (total > len)
		abort(); /* no byte is in two parts */
	arena_deinit(&arena);
	return 0;
}
