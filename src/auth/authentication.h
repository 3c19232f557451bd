/*
 * All the judges on one message: SPF, DKIM, ARC, DMARC and iprev, as a
 * receiver would evaluate them. Pure: where answers are missing it says so.
 */
#ifndef AUTH_AUTHENTICATION_H
#define AUTH_AUTHENTICATION_H

#include "auth/arc.h"
#include "auth/dkim_findings.h"
#include "auth/dmarc.h"
#include "auth/iprev.h"
#include "auth/spf.h"

struct authentication_query {
	struct span message; /* as SMTP carries it */
	struct ip_address ip; /* of the sending host */
	bool has_ip; /* else neither SPF nor iprev can be evaluated */
	struct span helo; /* empty: not known */
	struct span mail_from; /* empty: <> where has_mail_from */
	bool has_mail_from;
	struct span receiver; /* for SPF's %{r}; empty: unknown */
	uint64_t now; /* seconds since 1970 */
	const struct public_suffixes *suffixes;
};

struct authentication {
	bool has_spf, has_helo; /* whether they could be evaluated */
	struct spf_evaluation spf; /* of MAIL FROM; of HELO's name where that is <> */
	struct spf_evaluation helo;
	struct iprev_evaluation iprev;
	struct dkim_message message;
	struct dkim_evaluation dkim;
	struct dkim_findings findings;
	struct arc_evaluation arc;
	struct authors authors;
	struct dmarc_identifier identifiers[DMARC_IDENTIFIERS_MAX];
	size_t n_identifiers;
	struct dmarc_evaluation dmarc;
	bool signatures_known; /* while other answers are missing: signatures are verified once */
};

enum authentication_acceptance { AUTHENTICATION_ACCEPTED, AUTHENTICATION_REFUSED, AUTHENTICATION_UNKNOWN_NOW };

/* Would a receiver that follows the standards take it? */
enum authentication_acceptance authentication_acceptance(const struct authentication *a);

/* Once a message; the struct is large: take it from the arena. */
void authentication_init(
    struct arena *arena, struct crypto *crypto, const struct authentication_query *query, struct authentication *a);

/* False: answers are missing; put them in and evaluate again. */
bool authentication_evaluate(struct arena *arena, const struct authentication_query *query, struct dns_answers *answers,
    struct authentication *a);

/* What a pass of DMARC leaves open. */
enum authentication_doubt {
	DOUBT_NONE,
	DOUBT_SHARED_SUFFIX, /* only a name beside it, below a public suffix without psd=, is proved */
	DOUBT_PART, /* l= leaves the end of the body to anybody */
	DOUBT_MAPPED /* the domain is written with characters that became others */
};

enum authentication_doubt authentication_doubt(const struct authentication *a);

#endif
