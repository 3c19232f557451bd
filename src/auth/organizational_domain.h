/*
 * The domain at the top of those under one administration, found in two ways:
 * by the DNS tree walk (RFC 9989 section 4.10), and by the public suffix list
 * (RFC 7489 section 3.2).
 */
#ifndef AUTH_ORGANIZATIONAL_DOMAIN_H
#define AUTH_ORGANIZATIONAL_DOMAIN_H

#include "dns/answers.h"
#include "record/dmarc_record.h"

enum { TREE_WALK_QUERIES_MAX = 8, TREE_WALK_LABELS_MAX = 8 };

/* What one look-up of a policy record came to. */
enum policy_found { POLICY_FOUND, POLICY_NOT_FOUND, POLICY_SEVERAL, POLICY_FAILED, POLICY_MISSING /* the answer is */ };

struct policy_lookup {
	struct span domain; /* _dmarc. not included */
	enum policy_found found;
	struct span text;
	struct span
	    astray; /* not found: what surely was meant for the record, but is none as it is written; empty: nothing */
	bool secure; /* validated by DNSSEC */
	struct dmarc_record record;
};

enum policy_found policy_look_up(
    struct arena *arena, struct dns_answers *answers, struct span domain, struct policy_lookup *lookup);

struct tree_walk {
	struct policy_lookup steps[TREE_WALK_QUERIES_MAX]; /* in order, up to where it stops */
	size_t n;
	struct span organizational_domain;
	const struct policy_lookup *psd; /* the record with psd=y that ended it, above the start; NULL: none */
	bool failed; /* a look-up failed: the domain is not known */
};

/* Domains are in lower case, as A-labels. `known`: a walk whose look-ups need not be made again; NULL: none.
   False: answers are missing. */
bool tree_walk(struct arena *arena, struct dns_answers *answers, struct span domain, const struct tree_walk *known,
    struct tree_walk *walk);

struct public_suffixes;

/* What libpsl was built with, or a list's text; NULL: it is none. */
struct public_suffixes *public_suffixes_builtin(void);
struct public_suffixes *public_suffixes_read(struct span text);
void public_suffixes_free(struct public_suffixes *suffixes);

/* One label below the longest public suffix; an empty span where there is none. In any case, any labels. */
struct span public_suffixes_registrable(
    struct arena *arena, const struct public_suffixes *suffixes, struct span domain);

/* Whether a public suffix lies at the domain, or between it and the one it is below of. */
bool public_suffixes_divide(
    struct arena *arena, const struct public_suffixes *suffixes, struct span domain, struct span above);

/* public_suffixes_registrable(), but the domain itself where that is one. */
struct span organizational_domain_by_suffix(
    struct arena *arena, const struct public_suffixes *suffixes, struct span domain);

#endif
