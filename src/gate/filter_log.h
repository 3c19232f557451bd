/*
 * What became of a message, as a line for the log, and below it what is to be
 * mended where it was or would be refused.
 *
 *	4Xyz: judged taro@example.jp from 192.0.2.25 (mail.example.jp): spf=fail dkim=none dmarc=fail: refused
 *	4Xyz:   550 5.7.26 Unauthenticated email from example.jp is not accepted …
 *	4Xyz:   DMARC rejects the mail. Publish …
 */
#ifndef GATE_FILTER_LOG_H
#define GATE_FILTER_LOG_H

#include "gate/filter.h"

/* After filter_decide() or filter_conclude(); `queue_id` may be empty. */
void filter_write_log(struct out *out, enum lang lang, const struct filter *f, struct span queue_id);

#endif
