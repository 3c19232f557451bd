#include <stdlib.h>

#include "wire/log_postfix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span line = span_trim((struct span){ (const char *)data, len });
	struct log_scan s = { 0 };
	enum log_kind kind = log_postfix.scan(line, &s);
	struct log_line l;

	if (!log_postfix.parse(line, line, &l)) {
		if (kind != LOG_OTHER)
			abort();
	} else if (l.kind != kind || l.text.len > len) {
		abort(); /* the scan and the parser are of one mind */
	}
	return 0;
}
