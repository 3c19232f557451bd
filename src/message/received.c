#include "message/received.h"

#include "message/header.h"

/* A word, or what stands in parentheses as a whole, nested ones too. */
static bool
take_word(struct span *s, struct span *word)
{
	size_t n = 0, depth = 0;

	*s = span_trim(*s);
	if (s->len == 0)
		return false;
	for (; n < s->len; n++) {
		depth += s->at[n] == '(';
		if (s->at[n] == ')' && depth > 0 && --depth == 0) {
			n++;
			break;
		}
		if (depth == 0 && n > 0 && (ascii_is_space(s->at[n]) || s->at[n] == '(' || s->at[n] == ';'))
			break;
	}
	*word = span_first(*s, n);
	*s = span_skip(*s, n);
	return true;
}

/* A port behind an IPv4 address: "192.0.2.25:4711" */
static struct span
without_port(struct span s)
{
	const size_t colon = span_index(s, ':');

	return colon < s.len && span_index(span_skip(s, colon + 1), ':') == s.len - colon - 1 ? span_first(s, colon)
											      : s;
}

/* address-literal, with a port or a zone of the system's own behind it: "[192.0.2.25]:4711", "fe80::1%12".
   `glued`: the brackets may stand behind a word, as in "user@[192.0.2.25]" and "Verified[192.0.2.25]". RFC 5321 section 4.1.3 */
static bool
read_address(struct span s, bool glued, struct ip_address *ip)
{
	const size_t open = span_index(s, '['), close = span_index(s, ']');

	while (s.len > 0 && strchr(",;", s.at[s.len - 1]) != NULL)
		s.len--;
	if (open < close && close < s.len && (open == 0 || glued))
		s = span_first(span_skip(s, open + 1), close - open - 1);
	else if (open < s.len)
		return false;
	else if (glued && span_index(s, '@') < s.len)
		s = span_skip(s, span_index(s, '@') + 1);
	s = span_first(s, span_index(s, '%'));
	return ip_address_read(without_port(s), ip);
}

/* What the peer said of itself, in a comment: "HELO x", "EHLO x", "helo=x". It ends the comment, for it may hold
   anything. */
static bool
take_helo(struct span word, struct span rest, struct received *r)
{
	struct span name;

	if (span_starts_folded(word, "helo=") || span_starts_folded(word, "ehlo="))
		name = span_skip(word, 5);
	else if (span_equal_folded(word, span_of("helo")) || span_equal_folded(word, span_of("ehlo")))
		name = span_trim(rest);
	else
		return false;
	r->helo = span_first(name, span_index(name, ' '));
	return true;
}

static struct span
take_comment_word(struct span *s)
{
	size_t n = 0, depth = 0;

	for (; n < s->len; n++) {
		depth += s->at[n] == '(';
		if (s->at[n] == ')' && depth > 0 && --depth == 0)
			return (n++, *s = span_skip(*s, n), (struct span){ s->at - n, n });
		if (depth == 0 && n > 0 && (ascii_is_space(s->at[n]) || s->at[n] == '('))
			break;
	}
	*s = span_skip(*s, n);
	return (struct span){ s->at - n, n };
}

/*
 * TCP-info and its kin: "unknown [192.0.2.25]", "IDENT:taro@host [192.0.2.25] (may be forged)", "192.0.2.25",
 * "[192.0.2.25]:4711 helo=x". What stands in brackets is surer than what does not, and the last than the first: a name
 * and an answer of ident stand before it. False: it tells no address. RFC 5321 section 4.4
 */
static bool
read_comment(struct span s, struct received *r, struct ip_address *ip)
{
	bool found = false, bracketed = false;

	s = s.len >= 2 ? span_first(span_skip(s, 1), s.len - 2) : s;
	while ((s = span_trim(s)).len > 0) {
		const struct span word = take_comment_word(&s);
		const bool brackets = span_index(word, '[') < word.len;
		struct ip_address one;

		if (word.at[0] == '(')
			continue;
		if (take_helo(word, s, r))
			break;
		if (span_starts_folded(word, "ident=") || (bracketed && !brackets) || !read_address(word, true, &one))
			continue;
		*ip = one;
		found = true;
		bracketed = brackets;
	}
	return found;
}

static bool
is_tls(struct span with)
{
	static const char *const names[] = { "ESMTPS", "ESMTPSA", "LMTPS", "LMTPSA", "UTF8SMTPS", "UTF8SMTPSA",
		"SMTPS" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(with, span_of(names[i])))
			return true;
	return false;
}

/* The clause "from", as it is read. */
struct from {
	struct span name; /* the first word */
	bool named; /* it was there */
	bool has_comment;
	bool names_helo; /* in a comment: then the first word is the MTA's own */
};

/*
 * from-clause: the name that the peer gave, and in parentheses what the MTA saw. Exim, qmail and CommuniGate put what
 * they saw first, and the name in the comment. RFC 5321 section 4.4
 */
static void
read_from(struct span word, struct from *from, struct received *r)
{
	const struct span helo = r->helo;
	struct ip_address ip;

	if (word.at[0] == '(') {
		from->has_comment = true;
		r->helo.len = 0;
		if (read_comment(word, r, &ip) && !r->has_ip) {
			r->has_ip = true;
			r->ip = ip;
		}
		from->names_helo = from->names_helo || r->helo.len > 0;
		if (r->helo.len == 0)
			r->helo = helo;
	} else if (!from->named) {
		from->named = true;
		from->name = word;
	} else if (!from->has_comment && !r->has_ip && span_index(word, '[') == 0) {
		r->has_ip = read_address(word, false, &r->ip); /* "from mail.example.jp [192.0.2.25] by" */
	}
}

/* Whether a literal that stands alone is what the MTA saw: Exim leaves out a name that says the same, and HTTP has none
   that the peer could give. */
static bool
is_observed(struct span value, struct span with)
{
	return span_starts_folded(with, "http") || span_holds(value, "(Exim ") || span_holds(value, "via HTTP");
}

static void
end_from(struct span value, const struct from *from, struct received *r)
{
	struct ip_address ip;
	const bool literal = from->named && read_address(from->name, false, &ip);

	if (!r->has_ip && literal && (from->names_helo || is_observed(value, r->with))) {
		r->has_ip = true;
		r->ip = ip;
	} else if (r->helo.len == 0 && from->named && (!literal || from->name.at[0] == '[')) {
		r->helo = from->name;
	}
	r->has_from = from->named || from->has_comment;
}

void
received_read(struct span value, struct received *r)
{
	enum { NOWHERE, FROM, BY, WITH } at = NOWHERE;
	struct span word, rest = value;
	struct from from = { .name = { "", 0 } };

	*r = (struct received){ .helo = { "", 0 }, .by = { "", 0 }, .with = { "", 0 } };
	while (take_word(&rest, &word)) {
		const bool clause = at != FROM || from.named || from.has_comment; /* a name may be "by" */

		if (word.at[0] == ';')
			break;
		if (at == NOWHERE && span_equal_folded(word, span_of("from")))
			at = FROM;
		else if (clause && r->by.len == 0 && span_equal_folded(word, span_of("by")))
			at = BY;
		else if (clause && span_equal_folded(word, span_of("with")))
			at = WITH;
		else if (at == FROM)
			read_from(word, &from, r);
		else if (at == BY && r->by.len == 0 && word.at[0] != '(')
			r->by = word;
		else if (at == WITH && r->with.len == 0 && word.at[0] != '(')
			r->with = word;
		else if (word.at[0] == '(' && memmem(word.at, word.len, "TLS", 3) != NULL)
			r->tls = true;
	}
	end_from(value, &from, r);
	r->tls = r->tls || is_tls(r->with);
}

/* Whether an address is of no use to others: loopback, private, link-local. RFC 6890 */
static bool
received_is_inner(const struct ip_address *ip)
{
	static const struct {
		uint8_t bytes[16];
		unsigned bits;
		bool is_v6;
	} inner[] = { { { 127 }, 8, false }, { { 10 }, 8, false }, { { 172, 16 }, 12, false },
		{ { 192, 168 }, 16, false }, { { 169, 254 }, 16, false }, { { 0 }, 8, false },
		{ { 100, 64 }, 10, false }, { { [15] = 1 }, 128, true }, { { 0xfc }, 7, true },
		{ { 0xfe, 0x80 }, 10, true } };

	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		if (ip->is_v6 == inner[i].is_v6 && ip_address_in(inner[i].bytes, ip->bytes, inner[i].bits))
			return true;
	return false;
}

/* A hop that surely never left the house: nobody sent it by SMTP, or the host to itself. */
static bool
is_inner(const struct received *r)
{
	static const char *const ours[] = { "LMTP", "local", "pipe", "MAPI", "LMTPS", "LMTPA" };

	if (!r->has_from || span_starts_folded(r->helo, "localhost"))
		return true;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (span_equal_folded(r->with, span_of(ours[i])))
			return true;
	return false;
}

bool
received_find_border(struct span header, struct received *r)
{
	return received_take_border(&header, r);
}

bool
received_take_border(struct span *header, struct received *r)
{
	struct header_field f;

	while (header_take_field(header, &f)) {
		if (!span_equal_folded(f.name, span_of("received")))
			continue;
		received_read(f.value, r);
		if (r->has_ip && !received_is_inner(&r->ip))
			return true;
		if (!r->has_ip && !is_inner(r))
			return false;
	}
	return false;
}
