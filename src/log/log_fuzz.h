/*
 * What every log format's fuzzer does: the scan and the parser are of one mind,
 * and what they hand out is bounded by the line.
 */
#ifndef LOG_LOG_FUZZ_H
#define LOG_LOG_FUZZ_H

#include <stdlib.h>

#include "log/log_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline void
fuzz_log_format(const struct log_format *format, struct span line)
{
	struct arena arena = { 0 };
	struct log_scan s = { 0 };
	struct log_line l = { 0 };
	const enum log_kind kind = format->scan(line, &s);
	struct span list = { "", 0 }, one;
	const bool parsed = format->parse(&arena, line, span_of(""), &l);

	if (kind > LOG_OTHER && (!parsed || l.kind != kind))
		abort();
	if (parsed && (l.text.len > 4 * line.len + 64 || l.to.len > line.len || l.from.len > line.len))
		abort();
	for (enum log_kind k = LOG_SENDER; k <= LOG_EXPIRED; k++)
		if (kind == k && format->key_field(k, s.text, &list) && list.len > line.len)
			abort();
	while (log_take_recipient(&list, &one))
		if (one.len > line.len)
			abort();
	if (format->is_heading != NULL && format->is_heading(line))
		format->parse(&arena, line, line, &l);
	arena_deinit(&arena);
}

#define FUZZ_LOG_FORMAT(format) \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) \
	{ \
		fuzz_log_format(&format, (struct span){ (const char *)data, len }); \
		return 0; \
	}

#endif
