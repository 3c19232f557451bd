/*
 * Haraka's outbound log, plain, as logfmt or as JSON:
 *
 *	2026-11-23T10:00:00.000Z [NOTICE] [4C1A….1.1] [outbound] recipient <taro@example.jp> rejected: 550 5.1.1 no
 *	… level=NOTICE uuid=4C1A….1.1 origin=outbound message="recipient <taro@example.jp> rejected: 550 5.1.1 no"
 *	{"level":"NOTICE","uuid":"4C1A….1.1","origin":"outbound","message":"bouncing mail: 550 …"}
 *
 * A refusal of the whole message names no recipient. What only repeats the lines
 * before ("Some recipients failed: …") is passed over.
 */
#ifndef LOG_LOG_HARAKA_H
#define LOG_LOG_HARAKA_H

#include "log/log_line.h"

extern const struct log_format log_haraka;

#endif
