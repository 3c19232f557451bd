#include <stdlib.h>
#include "render/fake_verdict.h"
#include "render/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct out out = { 0 };
	struct fake f;

	fake_undetermined(&f);
	f.failure.reply = (struct span){ (const char *)data, len };
	summary_write_pattern(&out, &f.verdict);
	if (out.len > SUMMARY_REPLY_SIZE_MAX || (out.len > 0 && memchr(out.at, '\n', out.len) != NULL))
		abort(); /* one line, bounded */
	out_deinit(&out);
	return 0;
}
