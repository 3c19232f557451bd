/*
 * What broke a signature, as far as it can be known from what arrived: each
 * supposition is tried, and said only where the hash then fits.
 */
#ifndef AUTH_DKIM_DAMAGE_H
#define AUTH_DKIM_DAMAGE_H

#include "auth/dkim.h"

enum dkim_body_damage {
	DKIM_BODY_WHOLE, /* or never looked at */
	DKIM_BODY_UNKNOWN, /* changed, in no way that can be told */
	DKIM_BODY_APPENDED, /* a prefix of it fits: a footer was added */
	DKIM_BODY_BLANKS, /* blanks were changed: the other canonicalization fits */
	DKIM_BODY_ENCODED, /* another Content-Transfer-Encoding */
	DKIM_BODY_LINE_ENDS, /* bare CR or LF were, or became, line ends */
	DKIM_BODY_DOTS, /* dots at the front of lines were doubled or undoubled */
	DKIM_BODY_FROM_LINES, /* "From " became ">From " */
	DKIM_BODY_PREPENDED, /* a suffix of it fits: a banner was put before */
	DKIM_BODY_AROUND, /* both */
	DKIM_BODY_INSERTED, /* lines were put into a part of it */
	DKIM_BODY_HASH_DAMAGED, /* not the body, but bh= itself */
	DKIM_BODY_EMPTIED /* there is no body, but one was signed: a bounce that returns the header alone */
};

enum dkim_header_damage {
	DKIM_HEADER_WHOLE,
	DKIM_HEADER_UNKNOWN,
	DKIM_HEADER_BLANKS, /* folded anew: on one line it fits */
	DKIM_HEADER_ADDED, /* without it it fits */
	DKIM_HEADER_ALTERED, /* with what the changes say in their places it fits, or z= says so */
	DKIM_HEADER_REMOVED, /* `removed` is signed, and every mail has it, but not this one; no proof */
	DKIM_HEADER_OR_KEY, /* Ed25519 does not tell a changed header from another key */
	DKIM_HEADER_OTHER_KEY /* the signature was not made by the published key at all */
};

enum {
	DKIM_CHANGES_MAX = 4,
	DKIM_DAMAGES_MAX = 4, /* signatures of a message that are looked at */
	DKIM_DAMAGE_LINES_MAX = 50000,
	DKIM_DAMAGE_FIELDS_MAX = 256,
	DKIM_DAMAGE_TRIALS_MAX = 512, /* headers put together anew */
	DKIM_DAMAGE_HEADER_SIZE_MAX = 128 * 1024,
	DKIM_DAMAGE_BANNER_MAX = 64, /* lines */
	DKIM_DAMAGE_AROUND_MAX = 2000, /* lines of a body where banner and footer are looked for together */
	DKIM_DAMAGE_WITHIN_MAX = 4000, /* … where lines put in are looked for */
	DKIM_DAMAGE_ANY_MAX = 120, /* … wherever they may end */
	DKIM_DAMAGE_INSERTED_MAX = 64, /* lines put in */
	DKIM_DAMAGE_FOOTER_MAX = 16, /* … in two places */
	DKIM_DAMAGE_HASHED_MAX = 96 * 1024 * 1024, /* bytes, for all trials of a body */
	DKIM_DAMAGE_ENCODED_MAX = 48 * 1024 * 1024, /* … until transfer encodings are given up */
	DKIM_DAMAGE_SIZE_MAX = 32 * 1024 * 1024 /* of the body */
};

struct dkim_damage {
	enum dkim_body_damage body;
	enum dkim_header_damage header;
	uint64_t kept; /* DKIM_BODY_APPENDED: bytes of the canonical body that fit */
	struct span added; /* … and the first line behind them */
	struct dkim_change changes[DKIM_CHANGES_MAX]; /* all of them together; `before` empty: the field was added */
	size_t n_changes;
	struct span removed; /* a name in h= that the message has none of; a hint, no proof */
	unsigned trials; /* how many suppositions were tried */
};

#endif
