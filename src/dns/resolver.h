/*
 * Fetches what is wanted, all at once, from the system's resolvers or from
 * given ones (libunbound). A resolver that answers nothing, garbage or in
 * circles makes a failed answer: never a wrong one, and never a wait beyond
 * the deadline.
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include "dns/answers.h"

enum { RESOLVER_SERVERS_MAX = 8, RESOLVER_SECONDS = 10 };

struct resolver;

struct resolver_options {
	const char
	    *servers[RESOLVER_SERVERS_MAX]; /* "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53"; none: the system's */
	size_t n_servers;
	const char
	    *trust_anchor; /* a file of DS or DNSKEY records, such as /usr/share/dns/root.key: answers are validated
	                             (RFC 4035), and a bogus one has failed; NULL: they are not */
	unsigned seconds; /* for all there is to ask; 0: RESOLVER_SECONDS */
};

/* NULL: `what` says why. */
struct resolver *resolver_create(const struct resolver_options *options, const char **what);
void resolver_free(struct resolver *resolver); /* NULL is taken */

/* What went wrong with the last question that failed. */
enum resolver_trouble {
	RESOLVER_NO_TROUBLE,
	RESOLVER_TIME_OUT,
	RESOLVER_SERVFAIL, /* or none of the servers that were asked answered */
	RESOLVER_REFUSED,
	RESOLVER_BOGUS, /* DNSSEC. RFC 4035 section 4.3 */
	RESOLVER_GARBAGE
};

struct resolver_account {
	unsigned asked, failed;
	enum resolver_trouble trouble;
};

struct resolver_account resolver_account(const struct resolver *resolver);

/* Called once when a wait takes longer than a second; NULL: nobody. */
void resolver_set_patience(struct resolver *resolver, void (*waits)(void));

/* Puts an answer in for everything wanted; what is not there by the deadline has failed. */
void resolver_answer(struct resolver *resolver, struct dns_answers *answers);

/*
 * The same for a program with an event loop, which never waits: whenever
 * resolver_descriptor() can be read, it calls resolver_process().
 */
int resolver_descriptor(const struct resolver *resolver);
void resolver_process(struct resolver *resolver);

struct resolver_batch;

/* Asks for everything wanted. `done` is called once, from within resolver_process() or resolver_expire(), never from here;
   the batch is gone when it returns. Answers and their arena must live until then. NULL: nothing is on its way, `done` is not
   called; evaluate again. */
struct resolver_batch *resolver_start(
    struct resolver *resolver, struct dns_answers *answers, void (*done)(void *context), void *context);

/* What has not come has failed; calls `done`. */
void resolver_expire(struct resolver_batch *batch);

/* The same, and `done` is not called: nobody waits any more. */
void resolver_abandon(struct resolver_batch *batch);

#endif
