/*
 * All formats of logs, and which of them wrote a line.
 */
#ifndef LOG_LOG_FORMATS_H
#define LOG_LOG_FORMATS_H

#include "log/log_line.h"

/* All formats; which of them wrote a line that tells of a delivery. NULL: none. */
enum { LOG_FORMATS_MAX = 16 };
extern const struct log_format *const log_formats[LOG_FORMATS_MAX]; /* up to a NULL */
const struct log_format *log_format_of(struct span line, enum log_kind *kind);

#endif
