/* What was written of any bytes is read again as the same number of results. */
#include <stdlib.h>

#include "record/auth_results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct arena arena = { 0 };
	struct auth_results r;
	struct out out = { 0 };

	auth_results_parse(&arena, bytes, &r);
	auth_results_begin(&out, bytes);
	auth_results_add(&out, "dkim", "fail");
	auth_results_comment(&out, bytes);
	auth_results_reason(&out, bytes);
	auth_results_property(&out, "header", "d", bytes);
	auth_results_end(&out, 1);
	if (!auth_results_parse(&arena, out_view(&out), &r) || r.n != 1 || r.results[0].n_properties != 1)
		abort();
	out_deinit(&out);
	arena_deinit(&arena);
	return 0;
}
