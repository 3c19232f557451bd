/*
 * SPF, RFC 7208: may this host send mail for this domain? A pure function of
 * the query and the DNS answers; where one is missing the result is
 * SPF_NEEDS_ANSWERS, and the answers' list of wanted questions says which:
 * put them in and evaluate again.
 */
#ifndef AUTH_SPF_H
#define AUTH_SPF_H

#include "dns/answers.h"
#include "grammar/ip_address.h"
#include "record/spf_record.h"

enum spf_result { /* RFC 7208 section 2.6 */
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
	SPF_NEEDS_ANSWERS
};

enum {
	SPF_LOOKUPS_MAX = 10, /* terms that ask the DNS. RFC 7208 section 4.6.4 */
	SPF_VOID_LOOKUPS_MAX = 2,
	SPF_MX_MAX = 10,
	SPF_PTR_MAX = 10,
	SPF_STEPS_MAX = 512
};

struct spf_query {
	struct ip_address ip;
	struct span helo;
	struct span mail_from; /* local-part@domain; empty: <>, and HELO's name is judged. RFC 7208 section 2.4 */
	struct span receiver; /* the host that judges, for %{r}; empty: "unknown" */
	uint64_t now; /* seconds since 1970, for %{t} */
	bool
	    nobody; /* the record as a whole: no address matches, so that every term is reached. What a macro makes of the
	                sender is counted, but cannot be looked up. `ip` says only which family */
};

enum spf_matched { SPF_NOT_REACHED, SPF_MATCHED, SPF_NOT_MATCHED, SPF_ERROR };

struct spf_step { /* one term, in the order of evaluation */
	unsigned depth; /* 0: the domain's own record; 1: an include's … */
	struct span domain; /* whose record it stands in */
	struct span term; /* as written */
	struct span target; /* its domain, expanded; empty: none */
	enum spf_matched matched;
	unsigned lookups; /* counted against the ten so far, this one included */
	enum problem why; /* of an error */
};

struct spf_evaluation {
	enum spf_result result;
	struct span domain; /* that was judged */
	bool by_helo; /* HELO's name, for there is no MAIL FROM */
	struct span record; /* the domain's own, or empty */
	struct span
	    astray; /* SPF_NONE: what surely was meant for the record, but is none as it is written; empty: nothing */
	struct span matched; /* the term that decided, or empty: the default */
	struct span matched_in; /* the domain whose record holds it */
	enum problem problem; /* of an error or of none */
	struct span problem_at; /* the term or name at fault */
	struct span explanation; /* exp=, expanded; empty: none. RFC 7208 section 6.2 */
	unsigned lookups, void_lookups;
	const struct spf_step *steps;
	size_t n_steps;
};

/* All spans live in the arena, the answers or the query. */
void spf_evaluate(
    struct arena *arena, const struct spf_query *query, struct dns_answers *answers, struct spf_evaluation *evaluation);

/* "softfail". RFC 8601 section 2.7.2 */
const char *spf_result_name(enum spf_result result);

#endif
