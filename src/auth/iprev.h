/*
 * Whether the sending host's address has a name that leads back to it.
 * RFC 8601 section 3
 */
#ifndef AUTH_IPREV_H
#define AUTH_IPREV_H

#include "dns/answers.h"
#include "grammar/ip_address.h"

enum iprev_result { IPREV_PASS, IPREV_FAIL, IPREV_TEMPERROR, IPREV_PERMERROR, IPREV_NEEDS_ANSWERS };

enum { IPREV_NAMES_MAX = 10 };

struct iprev_evaluation {
	enum iprev_result result; /* permerror: there is no PTR record */
	struct span reverse_name; /* 25.2.0.192.in-addr.arpa */
	struct span name; /* the name that leads back, else the first; empty: none */
	struct span leads_to; /* where the first name leads instead, the address as text; empty: nowhere */
};

void iprev_evaluate(
    struct arena *arena, const struct ip_address *ip, struct dns_answers *answers, struct iprev_evaluation *e);

const char *iprev_result_name(enum iprev_result result);

#endif
