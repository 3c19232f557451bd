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
void resolver_free(struct resolver *resolver);

/* Puts an answer in for everything wanted; what is not there by the deadline has failed. */
void resolver_answer(struct resolver *resolver, struct dns_answers *answers);

#endif
