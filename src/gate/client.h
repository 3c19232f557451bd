/* Who is at the other end of a connection, or is said to be. */
#ifndef GATE_CLIENT_H
#define GATE_CLIENT_H

#include "grammar/ip_address.h"

struct smtp_client {
	struct ip_address ip;
	uint16_t port;
	struct span name; /* its verified host name; empty: none */
};

#endif
