#include <stdlib.h>

#include "log/log_join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Each line is a queue id; its sender is the line itself. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest = { (const char *)data, len }, line, sender;
	struct log_join join;

	log_join_init(&join);
	while (span_take_line(&rest, &line)) {
		log_join_note(&join, LOG_JOIN_SENDER, line, line);
		if (log_join_find(&join, LOG_JOIN_SENDER, line, &sender) !=
			(line.len > 0 && line.len <= LOG_JOIN_TEXT_MAX) ||
		    (line.len > 0 && line.len <= LOG_JOIN_TEXT_MAX && !span_equal(sender, line)))
			abort();
	}
	log_join_deinit(&join);
	return 0;
}
