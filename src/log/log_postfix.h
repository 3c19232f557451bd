/*
 * One line of Postfix's log, as a view.
 *
 *	Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234: to=<taro@example.jp>,
 *	relay=mx.example.jp[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=5.1.1,
 *	status=bounced (host mx.example.jp[192.0.2.1] said: 550 ...)
 *
 * (in one line). Before "postfix" anything may stand: a traditional date, an
 * ISO 8601 one, RFC 5424's "<22>1 ..." or what journalctl writes.
 */
#ifndef LOG_LOG_POSTFIX_H
#define LOG_LOG_POSTFIX_H

#include "log/log_line.h"

extern const struct log_format log_postfix;

#endif
