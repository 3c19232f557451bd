/*
 * Exim's main log, by itself or through syslog:
 *
 *	2026-11-23 10:00:00 1rXyZa-000123-AB ** taro@example.jp F=<a@example.com> R=dnslookup
 *	T=remote_smtp H=mx.example.jp [192.0.2.1]: SMTP error from remote mail server after RCPT
 *	TO:<taro@example.jp>: 550-5.1.1 no\n550 5.1.1 such user
 *
 * (in one line; the \n are two characters). "<=" tells the sender, "=>" and "->"
 * a delivery, "**" a refusal, "==" one put off. Exim specification, chapter 53.
 */
#ifndef LOG_LOG_EXIM_H
#define LOG_LOG_EXIM_H

#include "log/log_line.h"

extern const struct log_format log_exim;

#endif
