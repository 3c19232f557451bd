/*
 * An address, as envelopes, header fields, reports and prose write it.
 *
 *	taro@example.jp  "a b"@example.jp  x@[192.0.2.1]  用户@例え.jp
 *	Taro (home) <taro@example.jp>
 *	rfc822; taro+40example.jp
 */
#ifndef MESSAGE_MAILBOX_H
#define MESSAGE_MAILBOX_H

#include "base/arena.h"

enum {
	MAILBOX_LOCAL_SIZE_MAX = 512, /* more than RFC 5321 section 4.5.3.1.1 has: VERP */
	MAILBOX_DOMAIN_SIZE_MAX = 255,
};

/* Mailbox = Local-part "@" ( Domain / address-literal ) off the front of `s`.
   RFC 5321 section 4.1.2, UTF-8: RFC 6531 section 3.3; dots may stand at odd
   places in the local part, as some Japanese carriers once let them. */
bool mailbox_take(struct span *s, struct span *addr);

/* The first address in free text: <a@b>, or bare, punctuation around it left. */
bool mailbox_find(struct span s, struct span *addr);

/* Behind the last "@"; at == NULL: there is none. */
struct span mailbox_domain(struct span addr);

/* The first addr-spec of a From: or To: value, past display names, comments,
   groups and routes; at == NULL: there is none. RFC 5322 section 3.4 */
struct span mailbox_from_field(struct arena *arena, struct span value);

/*
 * The address of `Final-Recipient: rfc822; user@example.jp`: xtext (RFC 3461
 * section 4) and utf-8-addr-xtext (RFC 6533 section 3) are decoded, angle
 * brackets and comments go. What is no mail address (x400; ...) is returned
 * as written, without its type.
 */
struct span mailbox_from_dsn(struct arena *arena, struct span value);

#endif
