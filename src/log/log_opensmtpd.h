/*
 * OpenSMTPD's log, since 6.4 and before:
 *
 *	Nov 23 10:00:00 mx1 smtpd[123]: 5f3c mta delivery evpid=5f3c from=<a@example.com>
 *	to=<taro@example.jp> rcpt=<-> source="192.0.2.25" relay="192.0.2.1 (mx.example.jp)"
 *	delay=1s result="PermFail" stat="550 5.1.1 no such user"
 *
 *	… smtp-out: PermFail for session 5f3c: from=<…>, to=<…>, …, stat=550 5.1.1 no
 *
 * (each in one line)
 */
#ifndef LOG_LOG_OPENSMTPD_H
#define LOG_LOG_OPENSMTPD_H

#include "log/log_line.h"

extern const struct log_format log_opensmtpd;

#endif
