/* Every tag lies within the text, and none stands twice. */
#include <stdlib.h>

#include "grammar/tag_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };
	struct tag_list list;

	tag_list_parse(bytes, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct tag *t = &list.tags[i];

		if (t->whole.at < bytes.at || t->whole.at + t->whole.len > bytes.at + bytes.len ||
		    t->value.len > t->whole.len)
			abort();
		for (size_t k = 0; k < i; k++)
			if (span_equal(list.tags[k].name, t->name))
				abort();
	}
	return 0;
}
