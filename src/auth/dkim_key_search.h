/*
 * Where a key that was not found may be, and what became of one that is
 * unsound: what DNS editors make of a record.
 */
#ifndef AUTH_DKIM_KEY_SEARCH_H
#define AUTH_DKIM_KEY_SEARCH_H

#include "auth/dkim.h"

enum dkim_key_damage {
	DKIM_KEY_NOT_FOUND,
	DKIM_KEY_ELSEWHERE, /* it stands at `name` */
	DKIM_KEY_IN_PIECES, /* records that only together make a key */
	DKIM_KEY_QUOTED, /* quotation marks or backslashes became part of it */
	DKIM_KEY_PLUS_LOST, /* each + of it became a blank */
	DKIM_KEY_MISWRITTEN, /* a version or separator is not as it must be */
	DKIM_KEY_SELECTOR, /* it stands at `name`, under another selector, and the signature is its own */
	DKIM_KEY_CUT, /* its DER says it is longer */
	DKIM_KEY_OTHER /* what the check's problem says */
};

struct dkim_key_search {
	enum dkim_key_damage damage;
	struct span name; /* where the key was found */
	struct span text; /* as it should stand; empty: not known */
	bool proved; /* with it at the right name the signature passes */
};

/* For DKIM_PERMERROR, or another key than the one that stands there: where the key may be, or what became of it. False: answers are missing. */
bool dkim_search_key(struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers,
    struct dkim_key_search *search);

#endif
