/*
 * A DMARC policy record. RFC 9989 sections 4.7 and 4.8
 *
 *	v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:dmarc@example.jp
 *
 * What is unsound but the version stands for its default, as the standard
 * wants it; it is told all the same. Everything is borrowed.
 */
#ifndef RECORD_DMARC_RECORD_H
#define RECORD_DMARC_RECORD_H

#include "base/span.h"
#include "grammar/problem.h"

enum dmarc_policy {
	DMARC_POLICY_ABSENT,
	DMARC_POLICY_UNSOUND,
	DMARC_POLICY_NONE,
	DMARC_POLICY_QUARANTINE,
	DMARC_POLICY_REJECT
};

enum dmarc_psd { DMARC_PSD_U, DMARC_PSD_N, DMARC_PSD_Y };

struct dmarc_record {
	enum dmarc_policy p, sp, np;
	enum dmarc_psd psd;
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool test; /* t=y */
	bool has_reports; /* rua= holds a URI that could be one */
	struct span rua, ruf, fo; /* as written; empty: none */
	struct span pct; /* of RFC 7489; empty: none */
	enum problem problem; /* the first thing that is not as it should be */
	struct span problem_at;
};

/* Whether it is one: "v=DMARC1" comes first, in this case. */
bool dmarc_record_is(struct span text);

/* False: it is none. */
bool dmarc_record_parse(struct span text, struct dmarc_record *r);

/* The next URI of rua= or ruf=, without an obsolete "!10m". */
bool dmarc_take_uri(struct span *rest, struct span *uri);

/* "quarantine"; "" where there is none */
const char *dmarc_policy_name(enum dmarc_policy policy);

#endif
