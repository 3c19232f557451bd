/*
 * What a log tells of one failed delivery: its own line, and what lines before
 * and after it said of the same message.
 */
#ifndef LOG_LOG_FAILURE_H
#define LOG_LOG_FAILURE_H

#include "failure/failure.h"
#include "log/log_line.h"

struct log_told { /* by other lines than the failure's own; empty: not told */
	const struct log_format *format;
	struct span sender, message_id, recipient, queue_id;
	bool sender_known; /* an empty sender is <> */
	struct span heading; /* the names of its columns, if its format has such */
	struct span milter; /* a filter's trouble shortly before */
	enum failure_outcome outcome;
};

/* Borrows from the line, what was told and the arena. False: the line is not of this format. */
bool log_failure_read(struct arena *arena, const struct log_told *told, struct span line, struct failure *f);

#endif
