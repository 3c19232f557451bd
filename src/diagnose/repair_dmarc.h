/*
 * What lets a mail that fails DMARC pass, each proved by evaluating again. In
 * this order: signing with the author's domain needs a key that only the
 * sender has, so it is never proved here; another return path; last, relaxed
 * alignment. A weaker policy is no remedy.
 */
#ifndef DIAGNOSE_REPAIR_DMARC_H
#define DIAGNOSE_REPAIR_DMARC_H

#include "auth/dmarc.h"
#include "auth/spf.h"

struct repair_dmarc {
	bool has_address; /* whether the sending host's was known */
	bool return_path_passes; /* with a MAIL FROM of the author domain it passes as things stand */
	struct spf_evaluation return_path; /* SPF for that; has_address alone */
	bool relaxing_passes;
	struct span relaxed; /* the record with relaxed alignment; empty: it is relaxed already */
};

/* `query`: as it was evaluated; `address`: the sending host's, NULL: not known. The answers are left as they were.
   False: answers are missing. */
bool repair_dmarc(struct arena *arena, const struct dmarc_query *query, const struct dmarc_evaluation *evaluation,
    const struct ip_address *address, struct dns_answers *answers, struct repair_dmarc *repair);

#endif
