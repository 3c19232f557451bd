/*
 * Which address in a line of a program, or in a structure it prints, is the
 * recipient's: what stands before it tells.
 *
 *	to=<taro@example.jp>   recipient: 'taro@example.jp'   RCPT TO:<taro@example.jp>
 *	{'taro@example.jp': (550, …   ** taro@example.jp R=dnslookup
 */
#ifndef FAILURE_ADDRESS_KEY_H
#define FAILURE_ADDRESS_KEY_H

#include "base/span.h"

/* The first address that a key names as the recipient. */
bool address_key_find(struct span s, struct span *address);

/* The same, or an address that stands alone before a reply: "taro@example.jp: 550 no". */
bool address_key_before_reply(struct span before, struct span *address);

/* Whether a line is an address alone, as notices put it above what they say of it: "<taro@example.jp>:" */
bool address_key_is_line(struct span line, struct span *address);

#endif
