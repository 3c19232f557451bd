#include <stdlib.h>

#include "failure/notice_marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* All marks, as words and as a line: each is counted once, and there is always a name. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct notice_index *index = &notice_index_builtin;
	struct notice_found found = { 0 };
	const struct span text = { (const char *)data, len };

	notice_find_words(index, text, ~0U, &found);
	notice_find_line(index, text, ~0U, &found);
	for (size_t i = 0; i < NOTICE_FORMATS_MAX; i++)
		if (found.score[i] > 100000)
			abort();
	if (notice_format_name(index, &found).len == 0)
		abort();
	return 0;
}
