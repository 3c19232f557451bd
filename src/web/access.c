#include "web/access.h"

#include "grammar/ip_address.h"

/* "[::1]:8025" → "::1"; "localhost:8025" → "localhost" */
static bool
without_port(struct span host, struct span *name)
{
	struct span port;

	if (span_take_char(&host, '[')) {
		*name = span_first(host, span_index(host, ']'));
		if (name->len == host.len)
			return false;
		port = span_skip(host, name->len + 1);
	} else {
		*name = span_first(host, span_index(host, ':'));
		port = span_skip(host, name->len);
	}
	if (port.len == 0)
		return name->len > 0;
	for (size_t i = 1; i < port.len; i++)
		if (!ascii_is_digit(port.at[i]))
			return false;
	return name->len > 0 && port.at[0] == ':' && port.len > 1 && port.len <= 6;
}

bool
access_knows_host(const struct access *access, struct span host)
{
	struct ip_address ip;
	struct span name;

	if (!without_port(host, &name))
		return false;
	if (ip_address_read(name, &ip) || span_equal_folded(name, span_of("localhost")))
		return true;
	for (size_t i = 0; i < access->n_names; i++)
		if (span_equal_folded(name, span_of(access->names[i])))
			return true;
	return false;
}

bool
access_is_own_origin(struct span origin, struct span host)
{
	if (!span_take(&origin, "http://") && !span_take(&origin, "https://"))
		return false;
	return span_equal_folded(origin, host);
}

bool
access_has_token(const struct access *access, struct span given)
{
	unsigned differences = 0;

	if (access->token.len == 0)
		return true;
	if (!span_starts_folded(given, "Bearer "))
		return false;
	given = span_trim(span_skip(given, 7));
	if (given.len != access->token.len)
		return false;
	for (size_t i = 0; i < given.len; i++)
		differences |= (unsigned)((uint8_t)given.at[i] ^ (uint8_t)access->token.at[i]);
	return differences == 0;
}
