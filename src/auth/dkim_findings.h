/*
 * What broke in each signature of a message, or what is wrong with its key.
 */
#ifndef AUTH_DKIM_FINDINGS_H
#define AUTH_DKIM_FINDINGS_H

#include "auth/dkim_damage.h"
#include "auth/dkim_key_search.h"

/* One for each check of an evaluation. */
struct dkim_findings {
	struct dkim_damage damage[DKIM_SIGNATURES_MAX];
	struct dkim_key_search search[DKIM_SIGNATURES_MAX];
};

/* Looks at what broke in each signature that did. False: answers are missing. */
bool dkim_findings_collect(struct dkim_message *m, const struct dkim_evaluation *e, struct dns_answers *answers,
    struct dkim_findings *findings);

#endif
