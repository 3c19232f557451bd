#include <stdlib.h>
#include "base/utf8.h"
#include "render/terminal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct terminal t = { false, len > 0 ? data[0] : 80 };
	const struct span in = { (const char *)data, len };
	struct out out = { 0 }, lines = { 0 };
	struct span s;

	terminal_escape(&out, in);
	for (s = out_view(&out); s.len > 0;) {
		uint32_t code;

		if (!utf8_take(&s, &code) || code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
			abort(); /* nothing may steer the terminal */
	}
	if (terminal_width(in) != terminal_width(out_view(&out)))
		abort(); /* columns are counted as drawn */
	terminal_paragraph(&t, &lines, in, 4);
	for (size_t i = 0; i < lines.len; i++)
		if ((uint8_t)lines.at[i] < 0x20 && lines.at[i] != '\n')
			abort();
	out_deinit(&out);
	out_deinit(&lines);
	return 0;
}
