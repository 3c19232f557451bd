#include <stdlib.h>

#include "message/header.h"
#include "message/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct span bytes = { (const char *)data, len }, header;
	struct mime_part part = { 0 };

	header_split(bytes, &header, &part.body);
	mime_read_header(&arena, header, &part);
	if (mime_decode(&arena, &part).len > part.body.len)
		abort(); /* decoding never adds */
	mime_find_param(&arena, bytes, "name");
	arena_deinit(&arena);
	return 0;
}
