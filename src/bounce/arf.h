/*
 * A complaint: message/feedback-report. RFC 5965 section 3, RFC 6591 section 3
 *
 *	Feedback-Type: abuse
 *	User-Agent: SomeGenerator/1.0
 *	Version: 1
 *	Original-Rcpt-To: <taro@example.jp>
 *	Source-IP: 192.0.2.1
 *
 * A view: every span is borrowed from the part; a folded value keeps its line
 * ends. Of a field that should stand once the first counts.
 */
#ifndef BOUNCE_ARF_H
#define BOUNCE_ARF_H

#include "base/span.h"

struct arf {
	struct span feedback_type, user_agent;
	struct span original_mail_from; /* no angle brackets */
	struct span original_rcpt_to; /* the first; no angle brackets */
	struct span source_ip, arrival_date;
	struct span reported_domain; /* the first */
	struct span authentication_results; /* the first */
	struct span auth_failure; /* RFC 6591 section 3.1 */
};

/* False when there is no Feedback-Type, the one field that must be there. */
bool arf_parse(struct span part, struct arf *a);

/* Takes the next Original-Rcpt-To off `fields` (at first: the part);
   false when none is left. RFC 5965 section 3.3 */
bool arf_take_original_rcpt_to(struct span *fields, struct span *recipient);

#endif
