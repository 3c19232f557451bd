/*
 * All the judges on one message: SPF, DKIM, ARC, DMARC and iprev, as a
 * receiver would evaluate them. Pure: where answers are missing it says so.
 */
#ifndef AUTH_AUTHENTICATION_H
#define AUTH_AUTHENTICATION_H

#include "auth/arc.h"
#include "auth/dkim_damage.h"
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
};

/* Once a message; the struct is large: take it from the arena. */
void authentication_init(
    struct arena *arena, struct crypto *crypto, const struct authentication_query *query, struct authentication *a);

/* False: answers are missing; put them in and evaluate again. */
bool authentication_evaluate(struct arena *arena, const struct authentication_query *query, struct dns_answers *answers,
    struct authentication *a);

/* Writes the Authentication-Results value (RFC 8601). The header's name is not written. */
void authentication_write_results(
    struct out *out, const struct authentication_query *query, const struct authentication *a, struct span authserv_id);

#endif
