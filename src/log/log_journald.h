/*
 * Any MTA's log as `journalctl -o json` and `-o export`'s JSON kin write it:
 *
 *	{"__REALTIME_TIMESTAMP":"1795392000000000","_HOSTNAME":"mx1",
 *	"SYSLOG_IDENTIFIER":"postfix/smtp","_PID":"123","MESSAGE":"4ABC1234: to=<…>, …"}
 *
 * (in one line). A message that is not UTF-8 is an array of its bytes.
 */
#ifndef LOG_LOG_JOURNALD_H
#define LOG_LOG_JOURNALD_H

#include "base/arena.h"

/* Whether a line is such an entry. */
bool log_journald_is(struct span line);

/* The same as a line of syslog: "2026-11-23T01:00:00Z mx1 postfix/smtp[123]: …". */
struct span log_journald_unwrap(struct arena *arena, struct span line);

#endif
