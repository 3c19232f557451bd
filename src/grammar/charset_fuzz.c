#include <stdlib.h>

#include "grammar/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const labels[] = { "", "iso-2022-jp", "shift_jis", "euc-jp", "gb2312", "big5", "euc-kr",
		"utf-7", "utf-16", "iso-8859-1", "koi8-r", "iso-2022-kr" };
	struct span bytes = { (const char *)data, len }, text;
	struct arena arena = { 0 };

	if (len == 0)
		return 0;
	text = charset_to_utf8(
	    &arena, span_skip(bytes, 1), span_of(labels[data[0] % (sizeof(labels) / sizeof(labels[0]))]));
	if (charset_utf8_len(text) != text.len)
		abort(); /* whatever came in, UTF-8 goes out */
	arena_deinit(&arena);
	return 0;
}
