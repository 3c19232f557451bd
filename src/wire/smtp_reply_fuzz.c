#include <stdlib.h>

#include "wire/smtp_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span in = { (const char *)data, len }, text;
	struct smtp_reply reply;

	while (smtp_reply_parse(&in, &reply) == PARSE_OK)
		while (reply.lines.len > 0)
			if (!smtp_reply_take_text(&reply.lines, &text))
				abort(); /* what parsed must also read back */
	return 0;
}
