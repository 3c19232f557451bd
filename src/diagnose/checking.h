/*
 * What the parts of a check share: the query, the answers, and the list that
 * findings are noted in.
 */
#ifndef DIAGNOSE_CHECKING_H
#define DIAGNOSE_CHECKING_H

#include "diagnose/check_item.h"

struct checking {
	struct arena *arena;
	const struct sender_check_query *q;
	struct dns_answers *answers;
	struct sender_check *check;
	bool missing, key_seen, key_matches; /* the signer's, among those published */
	bool hidden; /* a CNAME at the apex hides all records of that name */
	bool parked; /* the domain says that it neither sends nor takes mail */
};

/* A finding to be filled further; never NULL. */
struct sender_check_item *check_note(struct checking *c, enum check_what what, enum check_state state,
    enum check_weight weight, struct span seen, struct span value);

/* What should stand in the DNS instead, where that is known. */
void check_publish(struct sender_check_item *item, struct span name, struct span record, bool proved);

/* NULL: the answer is missing. A name that cannot be asked for does not exist. */
const struct dns_answer *check_ask(struct checking *c, struct span name, enum dns_type type);

struct span check_join(struct checking *c, const char *label, struct span name);

/* Where there is no SPF or DMARC record: what stands there instead, or elsewhere. False: nothing does. `meant`: the record
   as it should stand; its text is empty where that cannot be told. */
bool check_spf_astray(struct checking *c);
bool check_dmarc_astray(struct checking *c, struct policy_lookup *meant);

/* A record whose words are almost right; its own kind of finding where anything is wrong. What follows is of the record as
   it was meant: `l` becomes it. */
bool check_spf_words(struct checking *c, struct span text, enum problem problem, struct span problem_at);
bool check_dmarc_words(struct checking *c, struct policy_lookup *l, enum check_state state, enum check_weight weight);

/* Tags that are sound, but do not do what they seem to. `names`: also those that nobody reads. */
void check_dmarc_tags(struct checking *c, const struct policy_lookup *l, bool names);

/* A record that is broken by includes of names without one: as it stands without them. */
void check_spf_dead_includes(struct checking *c, const struct spf_evaluation *found, struct sender_check_item *item);

/* The record without the tags whose values are unsound, where that leaves a policy: those have a default. */
void check_dmarc_drop_unsound(struct checking *c, const struct policy_lookup *l, struct sender_check_item *item);

/* What answers and reports reach: MX, MTA-STS, TLS-RPT, BIMI. */
void check_incoming(struct checking *c);

#endif
