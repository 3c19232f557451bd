#include <stdlib.h>

#include "record/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = { (const char *)data, len };
	struct arena arena = { 0 };
	struct spf_record r;

	if (spf_record_is(text)) {
		if (spf_record_parse(&arena, text, &r) != (r.problem == PROBLEM_NONE) || r.n_terms > SPF_TERMS_MAX)
			abort();
		for (size_t i = 0; i < r.n_terms; i++)
			if (r.terms[i].cidr4 > 32 || r.terms[i].cidr6 > 128 || r.terms[i].text.len == 0)
				abort();
	}
	arena_deinit(&arena);
	return 0;
}
