/*
 * The corrected record, proved: it is built, the answer is swapped in, and the
 * judge evaluates again. Only what passes then is handed out.
 */
#ifndef DIAGNOSE_REPAIR_H
#define DIAGNOSE_REPAIR_H

#include "auth/spf.h"
#include "catalog/catalog.h"
#include "diagnose/spf_flatten.h"
#include "record/near_miss_slip.h"

enum { REPAIR_STRING_MAX = 255 }; /* of a TXT record's strings. RFC 1035 section 3.3 */

enum repair_obstacle {
	REPAIR_NONE, /* it is proved */
	REPAIR_NOT_NEEDED, /* it passes as it is */
	REPAIR_NO_DOMAIN, /* the judged name is none that could have a record */
	REPAIR_LOOKUP_FAILED, /* what stands in the DNS is not known */
	REPAIR_BROKEN_TERM, /* a term is unsound, and what was meant cannot be told */
	REPAIR_TOO_LONG, /* the record would not fit */
	REPAIR_NOT_PROVED
};

enum { REPAIR_RECORD_MAX = 4096, REPAIR_REMOVED_MAX = 4 };

struct repair_spf {
	enum repair_obstacle obstacle;
	struct span name; /* whose TXT record it is, no dot at its end */
	struct span before; /* what stands there; empty: nothing */
	struct span after; /* what should stand there */
	struct span added; /* "ip4:192.0.2.25", or "include:_spf.google.com" where a known service has the address */
	const struct provider *service; /* whose include it is; NULL: the address alone */
	size_t n_merged; /* SPF records made one; 0 or 1: none were */
	size_t n_mended; /* what was badly written */
	const struct near_miss *miss; /* that, of the first record where anything was; NULL: nothing */
	struct span meant; /* `before` as it was meant */
	struct span
	    removed[REPAIR_REMOVED_MAX]; /* includes of names without a record: they break it, and let nobody pass */
	size_t n_removed;
	size_t n_kept; /* old terms of which an address was tried, and passes still */
	struct span lost; /* an old term whose address would not pass any more; empty: none */
	struct span at_fault; /* the term, for REPAIR_BROKEN_TERM */
	struct span
	    replaced[SPF_FLATTEN_REPLACED_MAX]; /* terms that gave way to their addresses, for the ten look-ups */
	size_t n_replaced;
	struct spf_evaluation proof; /* of the query, with the new record */
	struct spf_evaluation whole; /* of an address that no term names: all look-ups, and what stays broken */
};

/*
 * The smallest change that lets the query's address pass: one mechanism in
 * front, so that no other term can come before it and nobody who passed
 * before fails. Several records become one; where that needs more than ten
 * look-ups, terms give way to the addresses they stand for. The answers are left as they were.
 * False: an answer is missing, put it in and ask again.
 */
bool repair_spf(struct arena *arena, const struct catalog *catalog, const struct spf_query *query,
    struct dns_answers *answers, const struct spf_evaluation *evaluation, struct repair_spf *repair);

/* The include of a name without a record: it lets nobody pass, and breaks the record for all that stand behind it. Empty:
   that is not what is wrong. */
struct span repair_dead_include(const struct spf_evaluation *e);

/* Every occurrence of it gone. */
struct span repair_without_term(struct arena *arena, struct span record, struct span term);

/* Takes the next string of at most 255 bytes off a record's text, cut behind a blank where there is one. */
bool repair_take_string(struct span *rest, struct span *string);

#endif
