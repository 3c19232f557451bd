/*
 * A receiver's answer where something that decides is not known: by cases, the
 * worse one first. Pure.
 *
 *	not signed:            550-5.7.26 Unauthenticated email from example.jp …
 *	signed, and it passes: taken
 */
#ifndef RECEIVER_FORECAST_H
#define RECEIVER_FORECAST_H

#include "receiver/receiver.h"

enum forecast_when {
	FORECAST_WHATEVER, /* nothing that decides is unknown, or it comes to the same */
	FORECAST_UNSIGNED,
	FORECAST_SIGNED, /* RSA, for the author's domain, and it passes */
	FORECAST_SPF_PASSES_NOT,
	FORECAST_SPF_PASSES, /* for a domain that is aligned */
	FORECAST_NEITHER,
	FORECAST_EITHER, /* SPF or DKIM passes, aligned */
	FORECAST_BOTH, /* as is asked of bulk senders */
	FORECAST_WHENS
};

enum { FORECAST_CASES_MAX = 2 };

struct forecast_case {
	enum forecast_when when;
	struct receiver_answer answer;
};

struct forecast {
	struct forecast_case cases[FORECAST_CASES_MAX];
	size_t n; /* 0: nothing is foretold */
};

struct forecast_unknown {
	bool signature; /* there is no message yet, so it may be signed or not */
	bool spf_never_passes; /* where SPF could not be evaluated: it passes for no host at all */
};

void forecast_make(struct arena *arena, const struct receiver_facts *query, const struct forecast_unknown *unknown,
    struct forecast *forecast);

/* Refused in every case. */
bool forecast_is_refused(const struct forecast *forecast);

/* Refused in one case, taken in another. */
bool forecast_is_undecided(const struct forecast *forecast);

#endif
