#include <stdlib.h>

#include "grammar/cfws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_printable(struct span s)
{
	while (s.len > 0)
		if (!cfws_take_char(&s))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span in = { (const char *)data, len }, rest = in, text = { NULL, 0 };
	struct arena arena = { 0 };

	if (cfws_skip(&rest, &text) ? rest.len > 0 && rest.at[0] == '(' : rest.len == 0 || rest.at[0] != '(')
		abort();
	if (text.at != NULL)
		check_printable(cfws_plain(&arena, text));
	if (cfws_take_quoted(&arena, &rest, &text))
		check_printable(text);
	arena_deinit(&arena);
	return 0;
}
