/*
 * Gmail's answer where something that decides is not known: by cases, the
 * worse one first. Pure.
 *
 *	not signed:            550-5.7.26 Unauthenticated email from example.jp …
 *	signed, and it passes: taken
 */
#ifndef RECEIVER_GMAIL_FORECAST_H
#define RECEIVER_GMAIL_FORECAST_H

#include "receiver/gmail.h"

enum gmail_when {
	GMAIL_WHATEVER, /* nothing that decides is unknown, or it comes to the same */
	GMAIL_UNSIGNED,
	GMAIL_SIGNED, /* RSA, for the author's domain, and it passes */
	GMAIL_SPF_PASSES_NOT,
	GMAIL_SPF_PASSES, /* for a domain that is aligned */
	GMAIL_NEITHER,
	GMAIL_EITHER, /* SPF or DKIM passes, aligned */
	GMAIL_BOTH, /* as is asked of bulk senders */
	GMAIL_WHENS
};

enum { GMAIL_CASES_MAX = 2 };

struct gmail_case {
	enum gmail_when when;
	struct gmail_answer answer;
};

struct gmail_forecast {
	struct gmail_case cases[GMAIL_CASES_MAX];
	size_t n; /* 0: nothing is foretold */
};

struct gmail_unknown {
	bool signature; /* there is no message yet, so it may be signed or not */
	bool spf_never_passes; /* where SPF could not be evaluated: it passes for no host at all */
};

void gmail_foretell(struct arena *arena, const struct gmail_query *query, const struct gmail_unknown *unknown,
    struct gmail_forecast *forecast);

/* Refused in every case. */
bool gmail_is_refused(const struct gmail_forecast *forecast);

/* Refused in one case, taken in another. */
bool gmail_is_undecided(const struct gmail_forecast *forecast);

#endif
