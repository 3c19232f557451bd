/*
 * Evaluates one message within an event loop: answers come from the loop's
 * cache, a zone, or the resolver, and nothing waits. Then the receiver's mind
 * is asked.
 */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include <event2/event.h>

#include "dns/resolver.h"
#include "dns/zone.h"
#include "gate/dns_cache.h"
#include "receiver/prospect.h"

enum { JUDGE_SECONDS = 15 }; /* well below a client's patience */

/* What a loop has for it. */
struct judge {
	struct event_base *base;
	struct crypto *crypto;
	struct resolver *resolver; /* NULL: `zone` */
	const struct zone *zone;
	struct event *readable;
	struct dns_cache cache;
	const struct public_suffixes *suffixes;
	const struct catalog *catalog;
	uint64_t now; /* 0: the clock's; for tests */
	unsigned seconds; /* for all that the DNS is asked of a message; 0: JUDGE_SECONDS */
};

/* False: `what` says why. */
bool judge_init(struct judge *judge, const struct resolver_options *options, const char **what);
void judge_deinit(struct judge *judge);

struct case_at_hand { /* one message being judged; in its arena */
	struct judge *judge;
	struct arena *arena;
	struct authentication_query query;
	struct authentication *found;
	struct dns_answers answers;
	struct rfc5322_form *form;
	struct receiver_facts facts;
	struct receiver_answer answer;
	struct prospect prospect; /* where it is refused and wants_prospect: what would mend it */
	bool wants_prospect, has_prospect;
	bool utf8; /* SMTPUTF8 was said: a header that is not ASCII is lawful */
	struct resolver_batch *batch;
	struct event *deadline;
	struct dns_question asked[DNS_WANTED_MAX];
	size_t n_asked;
	unsigned rounds;
	bool out_of_time;
	void (*done)(void *context);
	void *context;
};

/*
 * `c->query`, `c->facts.policy`, `.tls`, `.limit` are the caller's, and what
 * they borrow must live until `done` was called, which may be from within.
 */
void judge_begin(struct judge *judge, struct arena *arena, struct case_at_hand *c);

/* Nobody waits any more: `done` is not called. */
void judge_abandon(struct case_at_hand *c);

#endif
