/*
 * Fields of a log line's text, "name=value" one behind the other, and the hosts
 * that stand in them. What is not there is empty.
 */
#ifndef LOG_LOG_FIELD_H
#define LOG_LOG_FIELD_H

#include "base/span.h"

/* All that stands behind `key` ("stat=") where it begins a field: first, or behind a blank or comma. */
bool log_field_find(struct span text, const char *key, struct span *rest);

/* Its value: up to a comma or blank, or within "…" or <…>; neither is part of it. */
struct span log_field_value(struct span text, const char *key);

/* "mx.example.jp. [192.0.2.1]", "mx.example.jp[192.0.2.1]:25", "192.0.2.1 (mx.example.jp)" */
void log_field_split_host(struct span value, struct span *host, struct span *ip);

#endif
