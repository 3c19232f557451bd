/*
 * A delivery status report: the fields of the message once, then a block for
 * each recipient. RFC 3464 section 2, RFC 6533 section 3
 *
 *	Reporting-MTA: dns; mail.example.jp
 *
 *	Final-Recipient: rfc822; taro@example.jp
 *	Action: failed
 *	Status: 5.1.1
 *	Diagnostic-Code: smtp; 550 5.1.1 no such user
 *
 * Nothing is allocated: every span is borrowed from the part. A value folded
 * over several lines keeps its line ends.
 */
#ifndef BOUNCE_DSN_H
#define BOUNCE_DSN_H

#include "base/span.h"
#include "grammar/enhanced_status.h"

struct dsn { /* RFC 3464 section 2.2; types ("dns;") are split off */
	struct span reporting_mta, received_from_mta, arrival_date, original_envelope_id;
};

struct dsn_recipient { /* RFC 3464 section 2.3; empty: not told */
	struct span original_recipient, final_recipient; /* no type, no angle brackets */
	struct span action; /* first word of the value, as written */
	struct enhanced_status status; /* class 0: not given */
	struct span remote_mta;
	struct span diagnostic_code; /* without its type, folding kept */
	struct span diagnostic_type; /* "smtp", "X-Postfix"; empty: none */
	struct span last_attempt_date, will_retry_until, final_log_id, x_actual_recipient;
	struct span block; /* all its lines */
};

/* Reads the message's fields; `recipients` gets the blocks behind them. */
void dsn_parse(struct span part, struct dsn *d, struct span *recipients);

/* Takes the next recipient's block; false when none is left. */
bool dsn_take_recipient(struct span *recipients, struct dsn_recipient *r);

#endif
