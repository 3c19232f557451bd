/*
 * DMARC, RFC 9989; and beside it what RFC 7489 with the public suffix list
 * would answer, for receivers differ. A pure function of the authors, the
 * identifiers that SPF and DKIM gave, and the DNS answers.
 */
#ifndef AUTH_DMARC_H
#define AUTH_DMARC_H

#include "auth/organizational_domain.h"
#include "message/author.h"

enum dmarc_result { /* RFC 9989 section 5.3, RFC 8601 section 2.7.8 */
	DMARC_NONE, /* no policy applies */
	DMARC_PASS,
	DMARC_FAIL,
	DMARC_TEMPERROR,
	DMARC_PERMERROR, /* not one author domain */
	DMARC_UNKNOWN, /* ours: what SPF would say decides, and the host or MAIL FROM is not known */
	DMARC_NEEDS_ANSWERS
};

enum dmarc_method { DMARC_BY_SPF, DMARC_BY_DKIM };
enum dmarc_authenticated {
	DMARC_AUTHENTICATED,
	DMARC_NOT_AUTHENTICATED,
	DMARC_UNKNOWN_NOW,
	/* a temperror */ DMARC_NOT_TOLD /* nobody can evaluate it: the host is not known */
};

struct dmarc_identifier {
	enum dmarc_method method;
	enum dmarc_authenticated state;
	struct span domain; /* MAIL FROM's (HELO's only where that is <>), or d=; empty: not known */
};

enum { DMARC_IDENTIFIERS_MAX = 20 };

struct dmarc_query {
	const struct authors *authors;
	const struct dmarc_identifier *identifiers;
	size_t n_identifiers;
	const struct public_suffixes *suffixes; /* NULL: every domain is its own organization for RFC 7489 */
};

enum dmarc_tag { DMARC_TAG_ABSENT, DMARC_TAG_P, DMARC_TAG_SP, DMARC_TAG_NP };

struct dmarc_view { /* one standard's answer */
	enum dmarc_result result;
	struct span organizational_domain;
	struct span policy_domain; /* whose record applies; empty: none */
	struct span text; /* the record */
	bool secure; /* validated by DNSSEC */
	struct dmarc_record record;
	enum dmarc_tag tag;
	enum dmarc_policy policy; /* as published */
	enum dmarc_policy applied; /* one level lower where t=y */
	bool spf_aligned, dkim_aligned; /* and authenticated */
	uint32_t aligned; /* which of the identifiers, a bit each */
	enum problem problem;
	struct span problem_at;
};

struct dmarc_evaluation {
	struct span author_domain; /* A-labels, lower case; empty: there is not one */
	bool mapped; /* it is written with characters that became others: a reader may see another name */
	struct dmarc_view view; /* RFC 9989 */
	struct dmarc_view old; /* RFC 7489 */
	bool differs; /* in result, policy or organizational domain */
	struct tree_walk walk; /* of the author domain */
	const struct policy_lookup *astray; /* no record: the step that found one not written as such; NULL: none did */
};

void dmarc_evaluate(
    struct arena *arena, const struct dmarc_query *query, struct dns_answers *answers, struct dmarc_evaluation *e);

const char *dmarc_result_name(enum dmarc_result result);
const char *dmarc_tag_name(enum dmarc_tag tag);

#endif
