/*
 * IPv4 and IPv6 addresses as text and as bytes in network order.
 * RFC 4291 section 2.2, RFC 5952
 */
#ifndef GRAMMAR_IP_ADDRESS_H
#define GRAMMAR_IP_ADDRESS_H

#include "base/span.h"

enum { IP_ADDRESS_TEXT_MAX = 46 };

struct ip_address {
	uint8_t bytes[16]; /* v4: the first four */
	bool is_v6;
};

/* "192.0.2.1" off the front; no leading zeros. */
bool ip_address_take_v4(struct span *s, uint8_t bytes[4]);

/* The whole of `s`, "2001:db8::1" and "::ffff:192.0.2.1". */
bool ip_address_read_v6(struct span s, uint8_t bytes[16]);

/* Either; an IPv4-mapped IPv6 address is IPv4. RFC 7208 section 5 */
bool ip_address_read(struct span s, struct ip_address *ip);

/* Canonical text, NUL-terminated; its length. RFC 5952 section 4 */
size_t ip_address_write(const struct ip_address *ip, char text[IP_ADDRESS_TEXT_MAX]);

/* Whether the first `bits` bits are the same. */
bool ip_address_in(const uint8_t *a, const uint8_t *b, unsigned bits);

#endif
