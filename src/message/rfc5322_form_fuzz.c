/* Findings are bounded and stand within the message. */
#include <stdlib.h>

#include "message/rfc5322_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct arena arena = { 0 };
	struct rfc5322_form form;

	rfc5322_form_check(&arena, bytes, size % 2, &form);
	if (form.n > FORM_FINDINGS_MAX)
		abort();
	for (size_t i = 0; i < form.n; i++)
		if (form.findings[i].at > size || form.findings[i].count == 0)
			abort();
	arena_deinit(&arena);
	return 0;
}
