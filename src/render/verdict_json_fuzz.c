#include <stdlib.h>
#include "base/utf8.h"
#include "render/json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct out out = { 0 };
	struct span s;
	uint32_t code;

	json_write_string(&out, (struct span){ (const char *)data, len });
	s = span_skip(out_view(&out), 1);
	s.len--;
	while (s.len > 0)
		if (!utf8_take(&s, &code) || code < 0x20 || code == '"' ||
		    (code == '\\' && (s.len == 0 || !utf8_take(&s, &code) || strchr("\"\\nrtu", (int)code) == NULL)))
			abort(); /* RFC 8259 section 7 */
	out_deinit(&out);
	return 0;
}
