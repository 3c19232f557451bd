/*
 * The name under which an address is looked up backwards.
 *
 *	192.0.2.25 → 25.2.0.192.in-addr.arpa	RFC 1035 section 3.5
 *	2001:db8::1 → 1.0.0.0. … .ip6.arpa	RFC 3596 section 2.5
 */
#ifndef DNS_REVERSE_H
#define DNS_REVERSE_H

#include "base/arena.h"
#include "grammar/ip_address.h"

struct span dns_reverse_name(struct arena *arena, const struct ip_address *ip);

#endif
