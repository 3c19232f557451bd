/*
 * A client that stands for another: Postfix's XCLIENT, and the PROXY protocol
 * of haproxy, versions 1 and 2. Only who is trusted may be asked.
 *
 *	XCLIENT NAME=mail.example.jp ADDR=192.0.2.25 HELO=mail.example.jp
 *	PROXY TCP4 192.0.2.25 192.0.2.1 56324 25
 */
#ifndef GATE_PROXY_H
#define GATE_PROXY_H

#include "base/arena.h"
#include "gate/client.h"

/* One attribute, in xtext (RFC 3461 section 4). False: it is none, or unsound. Spans are the arena's. */
bool xclient_take(struct arena *arena, struct span attribute, struct smtp_client *client, struct span *helo);

enum { PROXY_SIZE_MAX = 16 + 65535 };

/* A PROXY header off the front of a connection. PARSE_MORE: not all there; PARSE_BAD: none. UNKNOWN and LOCAL leave the
   client as it is. */
enum parse proxy_take(struct span *in, struct smtp_client *client);

#endif
