#include <stdlib.h>

#include "log/syslog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span line = { (const char *)data, len };
	struct syslog s;

	if (syslog_parse(line, &s) && (s.text.at + s.text.len != line.at + line.len || s.ident.len == 0))
		abort();
	return 0;
}
