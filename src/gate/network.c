#include "gate/network.h"

enum { BITS_V4 = 32, BITS_V6 = 128 };

static bool
is_bare_behind(const struct network *n)
{
	for (unsigned bit = n->bits; bit < (n->ip.is_v6 ? BITS_V6 : BITS_V4); bit++)
		if (n->ip.bytes[bit / 8] & (0x80 >> bit % 8))
			return false;
	return true;
}

bool
network_read(struct span text, struct network *n)
{
	const size_t slash = span_index(text, '/');
	struct span length = span_skip(text, slash);
	uint16_t bits;

	if (!ip_address_read(span_first(text, slash), &n->ip))
		return false;
	n->bits = n->ip.is_v6 ? BITS_V6 : BITS_V4;
	if (length.len == 0)
		return true;
	if (!span_take_char(&length, '/') || !span_take_digits(&length, 1, 3, &bits) || length.len > 0 ||
	    bits > n->bits)
		return false;
	n->bits = bits;
	return is_bare_behind(n);
}

bool
network_holds(const struct network *networks, size_t n, const struct ip_address *ip)
{
	for (size_t i = 0; i < n; i++)
		if (networks[i].ip.is_v6 == ip->is_v6 &&
		    ip_address_in(networks[i].ip.bytes, ip->bytes, networks[i].bits))
			return true;
	return false;
}
