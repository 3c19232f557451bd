#include <stdlib.h>

#include "wire/log_postfix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span line = span_trim((struct span){ (const char *)data, len }), queue_id;
	enum log_postfix_kind kind = log_postfix_kind_of(line, &queue_id);
	struct log_postfix l;

	if (!log_postfix_parse(line, &l)) {
		if (kind != LOG_POSTFIX_OTHER)
			abort();
	} else if (l.kind != kind || l.text.len > len) {
		abort(); /* the scan and the parser are of one mind */
	}
	return 0;
}
