/*
 * wasi-libc's iconv (musl's) under the names that glibc has for the same charsets.
 */
#include_next <iconv.h>

#ifndef WASM_ICONV_H
#define WASM_ICONV_H

#include <stdint.h>
#include <string.h>

static inline iconv_t
wasm_iconv_open(const char *to, const char *from)
{
	static const char *const names[][2] = { { "EUC-JP-MS", "EUC-JP" }, { "CP932", "SHIFT_JIS" },
		{ "UHC", "EUC-KR" }, { "BIG5-HKSCS", "BIG5" }, { "IBM437", "CP437" }, { "IBM850", "CP850" },
		{ "IBM866", "CP866" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(from, names[i][0]) == 0)
			return iconv_open(to, names[i][1]);
	return iconv_open(to, from);
}

/* musl resets nothing: what a byte order mark or an escape began goes on in the next text. Its state stands behind a pointer in what
   is no odd number. */
static inline size_t
wasm_iconv(iconv_t converter, char **in, size_t *in_left, char **out, size_t *out_left)
{
	if (in == NULL && ((uintptr_t)converter & 1) == 0)
		((unsigned *)converter)[1] = 0;
	return iconv(converter, in, in_left, out, out_left);
}

#define iconv_open wasm_iconv_open
#define iconv wasm_iconv

#endif
