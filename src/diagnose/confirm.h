/*
 * What a refusal claims, checked against the DNS: is it still so, has it been
 * mended since, or is it another cause altogether? Pure: answers that are
 * missing are wanted, and it is asked again.
 */
#ifndef DIAGNOSE_CONFIRM_H
#define DIAGNOSE_CONFIRM_H

#include "auth/authentication.h"
#include "diagnose/repair.h"
#include "diagnose/repair_dmarc.h"
#include "diagnose/verdict.h"
#include "record/border_results.h"

enum confirm_state {
	CONFIRM_NOTHING, /* nothing claimed that the DNS could tell */
	CONFIRM_UNKNOWN, /* the DNS did not answer */
	CONFIRM_STILL, /* it shows the fault still */
	CONFIRM_MENDED, /* it does not any more, or not yet everywhere */
};

/* What else explains it; bits. */
enum confirm_hint {
	HINT_FORWARDED = 1, /* SRS, another recipient before, X-Forwarded: SRS cures SPF, never DMARC */
	HINT_LIST = 2, /* a mailing list passed it on */
	HINT_NULL_SENDER = 4, /* HELO's name is what SPF judges */
	HINT_IPV6 = 8, /* it went out over IPv6, perhaps unnoticed */
	HINT_OTHER_SIGNER = 16, /* signed, but with a domain that is not the author's */
	HINT_UNSIGNED = 32, /* the returned message has no signature at all */
	HINT_BODY_CHANGED = 64, /* the returned message was changed after it was signed */
	HINT_PASSED_BEFORE = 128, /* a host on its way found it authentic, by what only that host can have written */
};

struct confirmation {
	enum confirm_state state;
	enum confirm_by about;
	unsigned hints;
	struct ip_address ip;
	struct span domain; /* whose records were looked at */
	struct span
	    zone; /* the organizational domain by the public suffix list: what a DNS panel is likely to manage */
	struct spf_query query;
	struct spf_evaluation spf; /* CONFIRM_SPF, and beside DMARC where the address is known */
	bool has_spf;
	struct repair_spf repair; /* CONFIRM_SPF, CONFIRM_STILL */
	struct iprev_evaluation iprev;
	struct dmarc_evaluation dmarc; /* confirm_is_by_dmarc() */
	struct repair_dmarc dmarc_repair;
	struct dkim_evaluation dkim; /* of the returned message, where it is whole */
	struct dkim_findings findings;
	bool has_dkim;
	struct border_results border; /* what the host that took the returned message in found; n 0: it does not tell */
	struct span signer; /* d= of its first signature; empty: none */
};

struct confirm_tools { /* borrowed */
	const struct catalog *catalog;
	struct crypto *crypto;
	const struct public_suffixes *suffixes;
	uint64_t now;
};

/* What of the DNS could tell of it. */
enum confirm_by confirm_by_of(const struct verdict *v);

/* False: answers are missing. */
bool confirm_evaluate(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v,
    struct dns_answers *answers, struct confirmation *c);

#endif
