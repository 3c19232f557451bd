/*
 * A verdict: why one recipient's delivery failed, how sure that is, and what
 * follows for this message and for this address. Borrowed from the failure,
 * the catalogue and the arena it was reached with.
 */
#ifndef DIAGNOSE_VERDICT_H
#define DIAGNOSE_VERDICT_H

#include "catalog/catalog.h"
#include "diagnose/candidates.h"
#include "failure/failure.h"

/* Where a fact was seen; render has the words. */
enum seen {
	SEEN_NOWHERE,
	SEEN_REPLY,
	SEEN_REMOTE_MTA,
	SEEN_LOG,
	SEEN_RECIPIENT,
	SEEN_REPORT,
	SEEN_SENDER,
	SEEN_MESSAGE, /* the header of the message sent */
	SEEN_NOTICE,
	SEEN_HEADER, /* of the bounce */
	SEEN_VERP,
	SEEN_DERIVED
};

struct fact {
	struct span name, value; /* name: one of the catalogue's facts */
	enum seen seen;
};

enum { FACTS_MAX = 40, VERDICT_MARKS_MAX = 8 };

/* The codes say one thing, the words another; the words decided. */
enum contradiction { /* bits */
	CONTRADICTION_CODE_AND_STATUS_CLASS = 1, /* "421 5.7.32" */
	CONTRADICTION_STATUS_AND_WORDS = 2, /* "552 5.1.1 mailbox full" */
	CONTRADICTION_CODE_AND_WORDS = 4,
	CONTRADICTION_REPORT_AND_REPLY = 8, /* the report's Status is not the reply's */
};

struct verdict {
	const struct failure *failure;
	uint16_t code; /* 0: none */
	struct enhanced_status status; /* the reply's, else the report's */
	const struct provider *receiver; /* NULL: not known */
	enum seen receiver_seen;
	struct span receiver_mark; /* the words that gave it away: "gsmtp", "mx.google.com" */
	const struct cause *cause; /* NULL: undetermined */
	const struct rule *rule; /* NULL: undetermined */
	enum permanence permanence; /* never AS_REPLIED */
	enum confidence confidence;
	const uint8_t *acts; /* actor bits in order, ended by 0 */
	struct retry retry; /* after 0: do not retry */
	bool given_up; /* the MTA has stopped trying: resend by hand */
	bool in_vain; /* it is deferred, but the cause will not pass by itself: retries fail until it is mended */
	struct suppress suppress;
	struct span sisimai; /* Sisimai's reason, by the rule or its cause; see render/sisimai.h */
	unsigned contradictions;
	const struct cause *codes_say; /* the cause the codes alone would give, or NULL */
	size_t n_candidates; /* what else, or at all, the codes may mean; the likeliest first */
	struct candidate candidates[CANDIDATES_MAX];
	struct fact facts[FACTS_MAX];
	size_t n_facts;
	struct span title[LANG_COUNT], why[LANG_COUNT], remedy[LANG_COUNT]; /* as templates: {name} unfilled */
	struct span change[LANG_COUNT];
	struct span marks[VERDICT_MARKS_MAX]; /* within failure->reply: the words that decided */
	size_t n_marks;
};

struct catalog;

/*
 * Reaches the verdict on one failure. Everything in `v` is borrowed from the
 * failure, the catalogue and `arena`. `want_marks`: also say where in the reply
 * the words that decided stand (for people; costs a little).
 */
void verdict_reach(struct arena *arena, const struct catalog *catalog, const struct failure *failure, bool want_marks,
    struct verdict *v);

/* The value of the fact called `name`, or an empty span. */
struct span verdict_fact(const struct verdict *v, const char *name);

#endif
