#include "base/out.h"

#include <stdio.h>
#include <stdlib.h>

void
out_grow(struct out *out, size_t len)
{
	size_t size = out->size < 256 ? 256 : out->size;
	char *at;

	while (size - out->len < len && size < SIZE_MAX / 4)
		size *= 2;
	at = size - out->len < len ? NULL : realloc(out->at, size);
	if (at == NULL) {
		fprintf(stderr, "todoku: out of memory (%zu bytes wanted)\n", len);
		abort();
	}
	out->at = at;
	out->size = size;
}

void
out_number(struct out *out, uint64_t n)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	out_span(out, (struct span){ digits + i, sizeof(digits) - i });
}

void
out_deinit(struct out *out)
{
	free(out->at);
	*out = (struct out){ 0 };
}
