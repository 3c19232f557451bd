/*
 * The Authenticated Received Chain. RFC 8617 section 5.2
 *
 * What forwarders say they saw, sealed by each. It is evidence, not a rescue:
 * few receivers trust a chain whose sealers they do not know.
 */
#ifndef AUTH_ARC_H
#define AUTH_ARC_H

#include "auth/dkim.h"

enum arc_result { ARC_NONE, ARC_PASS, ARC_FAIL, ARC_TEMPERROR, ARC_NEEDS_ANSWERS };

struct arc_set {
	struct span authentication_results; /* the value behind "i=N;" */
	struct span results_field; /* whole fields */
	struct dkim_check message; /* ARC-Message-Signature */
	struct dkim_check seal; /* ARC-Seal */
};

struct arc_evaluation {
	enum arc_result result;
	unsigned n; /* the highest instance; sets[0] is instance 1 */
	struct arc_set sets[ARC_SETS_MAX];
	unsigned failed_at; /* the instance at fault; 0: none */
	enum problem problem;
	struct span problem_at;
};

/* ARC_NEEDS_ANSWERS: put in what is wanted and ask again. */
void arc_validate(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct arc_evaluation *e);

const char *arc_result_name(enum arc_result result);

#endif
