/* Evidence that is sound is written and read again the same. */
#include <stdlib.h>

#include "dns/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct dns_answers answers, again;
	struct evidence_fault fault;
	struct out first = { 0 }, second = { 0 };
	uint64_t now;

	dns_answers_init(&answers, &arena);
	dns_answers_init(&again, &arena);
	if (evidence_parse((struct span){ (const char *)data, size }, &answers, &now, &fault)) {
		evidence_write(&first, &answers, now);
		if (!evidence_parse(out_view(&first), &again, &now, &fault))
			abort();
		evidence_write(&second, &again, now);
		if (!span_equal(out_view(&first), out_view(&second)))
			abort();
	}
	out_deinit(&first);
	out_deinit(&second);
	arena_deinit(&arena);
	return 0;
}
