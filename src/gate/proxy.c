#include "gate/proxy.h"

enum { V1_SIZE_MAX = 107, V2_HEAD = 16, V2_TCP4 = 0x11, V2_TCP6 = 0x21 };

static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";

/* "+2B" → "+". RFC 3461 section 4 */
static struct span
decode_xtext(struct arena *arena, struct span s)
{
	char *text = arena_take(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		const int byte = span_hex_byte(s, i, '+');

		text[n++] = byte > 0 ? (char)byte : s.at[i];
		i += byte > 0 ? 2 : 0;
	}
	return (struct span){ text, n };
}

static bool
read_port(struct span s, uint16_t *port)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.at[i]) || s.len > 5)
			return false;
		n = n * 10 + (uint32_t)(s.at[i] - '0');
	}
	*port = (uint16_t)n;
	return s.len > 0 && n <= UINT16_MAX;
}

static bool
is_unavailable(struct span s)
{
	return span_equal_folded(s, span_of("[unavailable]")) || span_equal_folded(s, span_of("[tempunavail]"));
}

bool
xclient_take(struct arena *arena, struct span attribute, struct smtp_client *client, struct span *helo)
{
	const size_t equals = span_index(attribute, '=');
	const struct span name = span_first(attribute, equals);
	struct span value;

	if (equals == attribute.len)
		return false;
	value = decode_xtext(arena, span_skip(attribute, equals + 1));
	if (span_equal_folded(name, span_of("addr"))) {
		if (span_starts_folded(value, "ipv6:"))
			value = span_skip(value, 5);
		return ip_address_read(value, &client->ip);
	}
	if (is_unavailable(value))
		value.len = 0;
	if (span_equal_folded(name, span_of("port")))
		return value.len == 0 || read_port(value, &client->port);
	if (span_equal_folded(name, span_of("name")))
		client->name = value;
	else if (span_equal_folded(name, span_of("helo")))
		*helo = value;
	else
		return span_equal_folded(name, span_of("proto")) || span_equal_folded(name, span_of("login")) ||
		    span_equal_folded(name, span_of("destaddr")) || span_equal_folded(name, span_of("destport"));
	return true;
}

static struct span
take_word(struct span *rest)
{
	const struct span word = span_first(*rest, span_index(*rest, ' '));

	*rest = span_skip(*rest, word.len + (word.len < rest->len));
	return word;
}

/* "PROXY TCP4 192.0.2.25 192.0.2.1 56324 25\r\n" */
static enum parse
take_v1(struct span *in, struct smtp_client *client)
{
	struct span head = span_first(*in, V1_SIZE_MAX), line, family;
	struct smtp_client read = *client;

	if (!span_take_line(&head, &line))
		return in->len < V1_SIZE_MAX ? PARSE_MORE : PARSE_BAD;
	span_take(&line, "PROXY ");
	family = take_word(&line);
	if (!span_equal(family, span_of("UNKNOWN"))) {
		const struct span from = take_word(&line), to = take_word(&line), port = take_word(&line);

		if (!ip_address_read(from, &read.ip) || to.len == 0 || !read_port(port, &read.port) ||
		    read.ip.is_v6 != span_equal(family, span_of("TCP6")))
			return PARSE_BAD;
	}
	*client = read;
	*in = span_skip(*in, (size_t)(head.at - in->at));
	return PARSE_OK;
}

static uint16_t
read_16(const char *at)
{
	return (uint16_t)((uint8_t)at[0] << 8 | (uint8_t)at[1]);
}

static enum parse
take_v2(struct span *in, struct smtp_client *client)
{
	const char *at = in->at;
	size_t size, address;
	bool v6;

	if (in->len < V2_HEAD)
		return PARSE_MORE;
	size = (size_t)read_16(at + 14) + V2_HEAD;
	if ((uint8_t)at[12] >> 4 != 2)
		return PARSE_BAD;
	if (in->len < size)
		return PARSE_MORE;
	v6 = at[13] == V2_TCP6;
	address = v6 ? 16 : 4;
	if ((at[12] & 0xf) == 1 && (v6 || at[13] == V2_TCP4)) {
		if (size < V2_HEAD + 2 * address + 4)
			return PARSE_BAD;
		client->ip = (struct ip_address){ .is_v6 = v6 };
		memcpy(client->ip.bytes, at + V2_HEAD, address);
		client->port = read_16(at + V2_HEAD + 2 * address);
	}
	*in = span_skip(*in, size);
	return PARSE_OK;
}

enum parse
proxy_take(struct span *in, struct smtp_client *client)
{
	static const char v1[] = "PROXY ";
	const size_t n1 = in->len < sizeof(v1) - 1 ? in->len : sizeof(v1) - 1,
		     n2 = in->len < sizeof(signature) - 1 ? in->len : sizeof(signature) - 1;

	if (in->len == 0)
		return PARSE_MORE;
	if (memcmp(in->at, v1, n1) == 0)
		return n1 == sizeof(v1) - 1 ? take_v1(in, client) : PARSE_MORE;
	if (memcmp(in->at, signature, n2) == 0)
		return n2 == sizeof(signature) - 1 ? take_v2(in, client) : PARSE_MORE;
	return PARSE_BAD;
}
