/*
 * sendmail's log:
 *
 *	Nov 23 10:00:00 mx1 sendmail[123]: xAN1234: to=<taro@example.jp>, delay=00:00:01,
 *	mailer=esmtp, relay=mx.example.jp. [192.0.2.1], dsn=5.1.1, stat=User unknown
 *
 * (in one line). stat= comes last and may hold anything.
 */
#ifndef LOG_LOG_SENDMAIL_H
#define LOG_LOG_SENDMAIL_H

#include "log/log_line.h"

extern const struct log_format log_sendmail;

#endif
