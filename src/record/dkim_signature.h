/*
 * A DKIM-Signature field's value, and its relatives of ARC.
 * RFC 6376 section 3.5, RFC 8617 sections 4.1.2 and 4.1.3
 *
 *	v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.jp; s=mail; t=1700000000;
 *	 h=from:to:subject:date; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=…
 *
 * Everything is borrowed from the value.
 */
#ifndef RECORD_DKIM_SIGNATURE_H
#define RECORD_DKIM_SIGNATURE_H

#include "grammar/tag_list.h"

enum dkim_kind { DKIM_SIGNATURE, ARC_MESSAGE_SIGNATURE, ARC_SEAL };

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256, DKIM_RSA_SHA1, DKIM_UNKNOWN_ALGORITHM };

enum canonicalization { CANONICALIZATION_SIMPLE, CANONICALIZATION_RELAXED };

enum { DKIM_NUMBER_DIGITS = 18, DKIM_LENGTH_DIGITS = 76, DKIM_IDENTITY_SIZE_MAX = 1024, ARC_SETS_MAX = 50 };

struct dkim_signature {
	enum dkim_algorithm algorithm; /* a= */
	struct span algorithm_name; /* as written */
	enum canonicalization header, body; /* c= */
	struct span domain, selector; /* d=, s= */
	struct span identity; /* i=, as written; empty: @d. DKIM-Signature alone */
	bool identity_below; /* it is of a subdomain */
	struct span signature, body_hash; /* b=, bh=: base64, with folds */
	struct span signature_hole; /* what b= holds, to be left out of the hash. RFC 6376 section 3.7 */
	struct span headers; /* h= */
	struct span copied; /* z=; empty: none */
	uint64_t timestamp, expiration; /* t=, x=; 0: not told */
	uint64_t length; /* l= */
	bool has_length;
	unsigned instance; /* ARC's i= */
	struct span chain; /* an ARC-Seal's cv= */
	enum problem problem; /* PROBLEM_NONE: sound */
	struct span problem_at;
};

/* False: unsound; what was read before the fault is there. */
bool dkim_signature_parse(enum dkim_kind kind, struct span value, struct dkim_signature *s);

/* "rsa-sha256" */
const char *dkim_algorithm_name(enum dkim_algorithm algorithm);

#endif
