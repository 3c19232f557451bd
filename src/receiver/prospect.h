/*
 * What becomes of a mail that was authenticated: the reply that Gmail would
 * give, and the SPF record that would let its host pass. Pure.
 */
#ifndef RECEIVER_PROSPECT_H
#define RECEIVER_PROSPECT_H

#include "diagnose/repair.h"
#include "receiver/forecast.h"

struct prospect {
	struct forecast forecast;
	bool mended; /* a record was sought: the mail is not accepted, its host is known, and SPF does not pass */
	struct spf_query query; /* what it was sought for */
	struct repair_spf repair;
	struct span zone; /* the organizational domain of the record, by the public suffix list */
};

/* `restored`: the message's line ends are not as they came. False: answers are missing. */
bool prospect_evaluate(struct arena *arena, const struct catalog *catalog, const struct authentication_query *query,
    bool restored, const struct authentication *found, struct dns_answers *answers, struct prospect *p);

#endif
