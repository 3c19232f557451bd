/*
 * What stands before the text of a log line, whoever wrote the file:
 *
 *	Nov 23 10:00:00 mx1 sendmail[123]: text
 *	2026-11-23T10:00:00.123456+09:00 mx1 smtpd[123]: text
 *	<22>1 2026-11-23T10:00:00Z mx1 exim 123 - - text	(RFC 5424)
 *	Mon 2026-11-23 10:00:00 JST mx1 qmail: text
 *
 * Postfix's own lines are found by their tag, see log_postfix.c: a busy log is
 * scanned faster so.
 */
#ifndef LOG_SYSLOG_H
#define LOG_SYSLOG_H

#include "base/span.h"

struct syslog {
	struct span date; /* as written */
	struct span host;
	struct span ident; /* "sendmail", without "[123]" */
	struct span text;
};

/* A date as loggers write it, with the blank behind; nothing is advanced on failure. */
bool syslog_take_date(struct span *s, struct span *date);

/* PROCID MSGID STRUCTURED-DATA and the blank behind them. RFC 5424 section 6 */
bool syslog_take_5424(struct span *s);

/* False where the line does not begin so. Borrowed from the line. */
bool syslog_parse(struct span line, struct syslog *s);

#endif
