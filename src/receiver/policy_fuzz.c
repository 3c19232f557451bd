/* A file of policies of any bytes. */
#include <stdlib.h>

#include "receiver/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policies all;
	struct policy_fault fault;

	all = *policies_built_in();
	if (policies_read(&all, (struct span){ (const char *)data, size }, &fault)) {
		for (size_t i = 0; i < all.n; i++)
			if (all.all[i].n > CONCERNS)
				abort();
	} else if (fault.line == 0 || fault.line > size + 1) {
		abort();
	}
	return 0;
}
