#include "intake/complain.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/out.h"
#include "base/utf8.h"
#include "grammar/cfws.h"

enum { COMPLAINT_SIZE_MAX = 4096 };

/* Marks that change the direction of what follows, or have no width. */
static bool
is_invisible(uint32_t code)
{
	return (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
	    (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

static void
put_escaped(struct out *out, struct span s)
{
	static const char hex[] = "0123456789abcdef";

	while (s.len > 0) {
		const struct span before = s;
		uint32_t code;
		const bool sound = utf8_take(&s, &code);
		size_t n;

		if (!sound)
			s = span_skip(before, 1);
		n = before.len - s.len;
		if (sound && cfws_is_printable(code) && !is_invisible(code)) {
			out_span(out, span_first(before, n));
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			out_str(out, "\\x");
			out_char(out, hex[(uint8_t)before.at[i] >> 4]);
			out_char(out, hex[(uint8_t)before.at[i] & 15]);
		}
	}
}

void
complain(const char *format, ...)
{
	char text[COMPLAINT_SIZE_MAX];
	struct span line;
	struct out out = { 0 };
	va_list values;
	bool ends;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	line = span_of(text);
	ends = line.len > 0 && line.at[line.len - 1] == '\n';
	put_escaped(&out, span_first(line, line.len - ends));
	if (ends || line.len + 1 == sizeof(text))
		out_char(&out, '\n');
	fwrite(out.at, 1, out.len, stderr);
	out_deinit(&out);
}
