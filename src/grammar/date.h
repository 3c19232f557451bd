/*
 * A point in time as mail, logs and web hooks write it:
 *
 *	Mon, 23 Nov 2026 10:00:00 +0900		RFC 5322 section 3.3
 *	2026-11-23T10:00:00.5+09:00		RFC 3339, also with a blank for the T
 *	1795392000.5				seconds since 1970
 *	@400000006a629c8024f0a8c4		TAI64N, as multilog writes
 *
 * The traditional syslog date has no year and is not read.
 */
#ifndef GRAMMAR_DATE_H
#define GRAMMAR_DATE_H

#include "base/span.h"

/* `seconds` since 1970, UTC; `zone` in minutes east of it, 0 where not told. */
bool date_parse(struct span text, int64_t *seconds, int *zone);

enum { DATE_TEXT_MAX = 32 };

/* As RFC 3339 section 5.6 has it: "2026-11-23T10:00:00+09:00", "…Z" for a zone of 0; its length, 0: no such year. */
size_t date_write(char text[DATE_TEXT_MAX], int64_t seconds, int zone);

#endif
