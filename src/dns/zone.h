/*
 * Zone text as answers. RFC 1035 section 5.1
 *
 *	$ORIGIN example.jp.
 *	$TTL 1h
 *	@	IN TXT ( "v=spf1 ip4:192.0.2.0/24 "
 *	          "-all" )
 *	mail	A 192.0.2.1
 *	slow	SERVFAIL		; asking for any type but those written fails: for tests of temporary errors
 *
 * The types are A, AAAA, CNAME, MX, NS, PTR and TXT; others are passed over.
 */
#ifndef DNS_ZONE_H
#define DNS_ZONE_H

#include "dns/answers.h"

enum { ZONE_SIZE_MAX = 64 * 1024 * 1024, ZONE_RECORDS_MAX = 1000000, ZONE_CNAMES_MAX = 8 };

struct zone_fault {
	unsigned line; /* from 1 */
	const char *what;
	struct span detail;
};

struct zone_entry;

struct zone {
	struct arena *arena;
	struct zone_entry *entries; /* sorted by name */
	size_t n, room;
	struct span *names; /* all that exist, those between included: sorted */
	size_t n_names;
};

/* False at the first unsound line. Spans are copied to the arena. */
bool zone_parse(struct arena *arena, struct span text, struct zone *z, struct zone_fault *fault);

/* Answers all that is wanted. The zone knows everything: what is not there does not exist. CNAMEs are
   followed within it, wildcards applied. RFC 4592 */
void zone_answer(const struct zone *z, struct dns_answers *answers);

#endif
