/*
 * PowerMTA's accounting file, CSV (RFC 4180), with or without its heading:
 *
 *	type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,…
 *	b,2026-11-23 10:00:00+0900,2026-11-23 09:59:58+0900,a@example.com,taro@example.jp,,failed,
 *	5.1.1 (bad destination mailbox address),"smtp;550 5.1.1 no such user",mx.example.jp (192.0.2.1),…
 *
 * (each in one line)
 */
#ifndef LOG_LOG_POWERMTA_H
#define LOG_LOG_POWERMTA_H

#include "log/log_line.h"

extern const struct log_format log_powermta;

#endif
