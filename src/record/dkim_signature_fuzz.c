/* Whatever the value, of all three kinds: the hole lies within it. */
#include <stdlib.h>

#include "record/dkim_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };

	for (enum dkim_kind kind = DKIM_SIGNATURE; kind <= ARC_SEAL; kind++) {
		struct dkim_signature s;
		const bool sound = dkim_signature_parse(kind, bytes, &s);

		if (sound != (s.problem == PROBLEM_NONE))
			abort();
		if (sound &&
		    (s.signature_hole.at < bytes.at ||
			s.signature_hole.at + s.signature_hole.len > bytes.at + bytes.len))
			abort();
		if (sound && (s.domain.len == 0 || s.selector.len == 0))
			abort();
	}
	return 0;
}
