#include <stdlib.h>

#include "intake/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Only blanks are empty, and what a document is does not hang on what stands far behind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = { (const char *)data, len };
	enum document_kind kind = document_recognise(s);

	if (kind == DOCUMENT_EMPTY && len > 3 && span_trim(span_skip(s, 3)).len > 0)
		abort();
	if (document_recognise(span_first(s, DOCUMENT_LOOK_SIZE)) != kind)
		abort();
	if (document_has_cr_lines(s) && memchr(data, '\n', len < DOCUMENT_LOOK_SIZE ? len : DOCUMENT_LOOK_SIZE) != NULL)
		abort();
	return 0;
}
