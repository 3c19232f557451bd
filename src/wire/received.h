/*
 * What a Received: field tells of the host that handed the message over.
 * RFC 5321 section 4.4, and as Exim, qmail, sendmail and Exchange write it
 *
 *	from mail.example.jp (unknown [192.0.2.25]) by mx.example.com with ESMTPS id …; …
 *	from [192.0.2.25] (helo=mail.example.jp) by …
 *	from unknown (HELO mail.example.jp) (192.0.2.25) by …
 */
#ifndef WIRE_RECEIVED_H
#define WIRE_RECEIVED_H

#include "base/arena.h"
#include "wire/ip_address.h"

struct received {
	struct span helo; /* the name it gave; empty: not told */
	struct span by; /* who took it */
	struct span with; /* "ESMTPS" */
	struct ip_address ip;
	bool has_ip;
	bool tls; /* `with` ends in S or SA, or a TLS version is told. RFC 3848 */
};

void received_read(struct span value, struct received *r);

/* Whether an address is of no use to others: loopback, private, link-local. RFC 6890 */
bool received_is_inner(const struct ip_address *ip);

/* The topmost field with an address that is not an inner one: where the message came in from outside. */
bool received_find_border(struct span header, struct received *r);

#endif
