/*
 * What a Received: field tells of the host that handed the message over.
 * RFC 5321 section 4.4, and as Exim, qmail, sendmail and Exchange write it
 *
 *	from mail.example.jp (unknown [192.0.2.25]) by mx.example.com with ESMTPS id …; …
 *	from [192.0.2.25] (helo=mail.example.jp) by …
 *	from unknown (HELO mail.example.jp) (192.0.2.25) by …
 *
 * The name, and a literal in its place, are the peer's own choice; only what
 * the MTA saw for itself is an address here.
 */
#ifndef MESSAGE_RECEIVED_H
#define MESSAGE_RECEIVED_H

#include "base/arena.h"
#include "grammar/ip_address.h"

struct received {
	struct span helo; /* the name it gave; empty: not told */
	struct span by; /* who took it */
	struct span with; /* "ESMTPS" */
	struct ip_address ip; /* as the MTA saw it */
	bool has_ip;
	bool has_from; /* there is a from clause: else nobody handed it over */
	bool tls; /* `with` ends in S or SA, or a TLS version is told. RFC 3848 */
};

void received_read(struct span value, struct received *r);

/* The topmost field whose address is not an inner one: where the message came in from outside. False: there is none,
   or a field above it does not tell the address; what stands below may be anybody's invention. */
bool received_find_border(struct span header, struct received *r);

/* The same; `header` is left at what stands below the field. */
bool received_take_border(struct span *header, struct received *r);

#endif
