#include "base/out.h"

#include "base/memory.h"

void
out_grow(struct out *out, size_t len)
{
	size_t size = out->size < 256 ? 256 : out->size;

	while (size - out->len < len && size < SIZE_MAX / 4)
		size *= 2;
	if (size - out->len < len)
		memory_fail(len);
	out->at = memory_resize(out->at, size);
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
	memory_free(out->at);
	*out = (struct out){ 0 };
}
