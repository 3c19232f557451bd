/*
 * The networks whose clients are ours: "192.0.2.0/24", "2001:db8::/32",
 * "192.0.2.1".
 */
#ifndef GATE_NETWORK_H
#define GATE_NETWORK_H

#include "grammar/ip_address.h"

struct network {
	struct ip_address ip;
	unsigned bits;
};

/* False: it is none, or has bits set behind its length. */
bool network_read(struct span text, struct network *network);

bool network_holds(const struct network *networks, size_t n, const struct ip_address *ip);

#endif
