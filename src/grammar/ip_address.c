#include "grammar/ip_address.h"

#include <arpa/inet.h>

bool
ip_address_take_v4(struct span *s, uint8_t bytes[4])
{
	struct span rest = *s;

	for (size_t i = 0; i < 4; i++) {
		uint16_t n;

		if (i > 0 && !span_take_char(&rest, '.'))
			return false;
		if (rest.len > 1 && rest.at[0] == '0' && rest.at[1] >= '0' && rest.at[1] <= '9')
			return false;
		if (!span_take_digits(&rest, 1, 3, &n) || n > 255)
			return false;
		bytes[i] = (uint8_t)n;
	}
	*s = rest;
	return true;
}

bool
ip_address_read_v6(struct span s, uint8_t bytes[16])
{
	char text[IP_ADDRESS_TEXT_MAX];

	if (s.len == 0 || s.len >= sizeof(text) || memchr(s.at, '\0', s.len) != NULL)
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET6, text, bytes) == 1;
}

bool
ip_address_read(struct span s, struct ip_address *ip)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct span rest = s;

	*ip = (struct ip_address){ .is_v6 = false };
	if (ip_address_take_v4(&rest, ip->bytes) && rest.len == 0)
		return true;
	*ip = (struct ip_address){ .is_v6 = true };
	if (span_starts_folded(s, "IPv6:"))
		s = span_skip(s, 5);
	if (!ip_address_read_v6(s, ip->bytes))
		return false;
	if (memcmp(ip->bytes, mapped, sizeof(mapped)) == 0) {
		memmove(ip->bytes, ip->bytes + 12, 4);
		memset(ip->bytes + 4, 0, 12);
		ip->is_v6 = false;
	}
	return true;
}

size_t
ip_address_write(const struct ip_address *ip, char text[IP_ADDRESS_TEXT_MAX])
{
	inet_ntop(ip->is_v6 ? AF_INET6 : AF_INET, ip->bytes, text, IP_ADDRESS_TEXT_MAX);
	return strlen(text);
}

bool
ip_address_in(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}
