/*
 * What broke a signature, as far as it can be known from what arrived: each
 * supposition is tried, and said only where the hash then fits.
 */
#ifndef AUTH_DKIM_DAMAGE_H
#define AUTH_DKIM_DAMAGE_H

#include "auth/dkim_key_search.h"

enum dkim_body_damage {
	DKIM_BODY_WHOLE, /* or never looked at */
	DKIM_BODY_UNKNOWN, /* changed, in no way that can be told */
	DKIM_BODY_APPENDED, /* a prefix of it fits: a footer was added */
	DKIM_BODY_BLANKS, /* blanks were changed: the other canonicalization fits */
	DKIM_BODY_ENCODED, /* another Content-Transfer-Encoding */
	DKIM_BODY_LINE_ENDS, /* bare CR or LF were, or became, line ends */
	DKIM_BODY_DOTS, /* dots at the front of lines were doubled or undoubled */
	DKIM_BODY_FROM_LINES, /* "From " became ">From " */
	DKIM_BODY_EMPTIED /* there is no body, but one was signed: a bounce that returns the header alone */
};

enum dkim_header_damage {
	DKIM_HEADER_WHOLE,
	DKIM_HEADER_UNKNOWN,
	DKIM_HEADER_BLANKS, /* folded anew: on one line it fits */
	DKIM_HEADER_ADDED, /* without `field` it fits */
	DKIM_HEADER_ALTERED, /* with `before` in its place it fits, or z= says so */
	DKIM_HEADER_OTHER_KEY /* the signature was not made by the published key at all */
};

struct dkim_damage {
	enum dkim_body_damage body;
	enum dkim_header_damage header;
	uint64_t kept; /* DKIM_BODY_APPENDED: bytes of the canonical body that fit */
	struct span added; /* … and the first line behind them */
	struct span field, before; /* whole header fields; `before` may be empty */
	struct span removed; /* names in h= that the message has none of, the first; a hint, no proof */
};

enum {
	DKIM_DAMAGES_MAX = 4, /* signatures of a message that are looked at */
	DKIM_DAMAGE_LINES_MAX = 50000,
	DKIM_DAMAGE_FIELDS_MAX = 256,
	DKIM_DAMAGE_TRIALS_MAX = 512, /* headers put together anew */
	DKIM_DAMAGE_HEADER_SIZE_MAX = 128 * 1024,
	DKIM_DAMAGE_SIZE_MAX = 32 * 1024 * 1024 /* of the body */
};

/* For a check that failed: DKIM_FAIL. */
void dkim_look_at_damage(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *damage);

/* One for each check of an evaluation. */
struct dkim_findings {
	struct dkim_damage damage[DKIM_SIGNATURES_MAX];
	struct dkim_key_search search[DKIM_SIGNATURES_MAX];
};

/* Looks at what broke in each signature that did. False: answers are missing. */
bool dkim_findings_collect(struct dkim_message *m, const struct dkim_evaluation *e, struct dns_answers *answers,
    struct dkim_findings *findings);

#endif
