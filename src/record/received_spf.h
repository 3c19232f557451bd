/*
 * Received-SPF. RFC 7208 section 9.1
 *
 *	pass (mx.example.com: domain of taro@example.jp designates 192.0.2.1) client-ip=192.0.2.1;
 *		envelope-from="taro@example.jp"; helo=mail.example.jp;
 *
 * Receivers leave out the comment, end with ";", part the pairs with blanks,
 * and write IPv6 addresses and <taro@example.jp> without quotes: put up with.
 */
#ifndef RECORD_RECEIVED_SPF_H
#define RECORD_RECEIVED_SPF_H

#include "base/arena.h"

/* All spans are UTF-8 without control characters; borrowed from the value, or in the arena. at == NULL: not told.
   Where a key stands twice, the first counts. */
struct received_spf {
	struct span result; /* one of the seven, in any case of letters */
	struct span comment; /* undone, inner ones in their parentheses */
	struct span client_ip, envelope_from, helo, problem, receiver, identity, mechanism;
	const char *fault; /* NULL: it is sound */
	size_t at; /* where the fault stands, in bytes */
};

/* Reads a field's value, folded or not. False: it is unsound; what stands before the fault is there. */
bool received_spf_parse(struct arena *arena, struct span value, struct received_spf *r);

#endif
