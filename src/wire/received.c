#include "wire/received.h"

#include "wire/header.h"

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

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
		if (depth == 0 && n > 0 && (is_blank(s->at[n]) || s->at[n] == '(' || s->at[n] == ';'))
			break;
	}
	*word = span_first(*s, n);
	*s = span_skip(*s, n);
	return true;
}

static struct span
without_brackets(struct span s)
{
	if (s.len >= 2 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		s = span_first(span_skip(s, 1), s.len - 2);
	if (span_starts_folded(s, "IPv6:"))
		s = span_skip(s, 5);
	return s;
}

static bool
read_ip(struct span s, struct received *r)
{
	if (!r->has_ip)
		r->has_ip = ip_address_read(without_brackets(s), &r->ip);
	return r->has_ip;
}

/* "unknown [192.0.2.25]", "helo=x", "HELO x", "192.0.2.25", "[192.0.2.25]:4711" */
static void
read_comment(struct span s, struct received *r)
{
	s = s.len >= 2 ? span_first(span_skip(s, 1), s.len - 2) : s;
	for (bool helo = false; (s = span_trim(s)).len > 0;) {
		size_t n = 0, colon;
		struct span word;

		while (n < s.len && !is_blank(s.at[n]) && s.at[n] != '(' && s.at[n] != ')')
			n++;
		word = span_first(s, n ? n : 1);
		s = span_skip(s, word.len);
		colon = span_index(word, ']');
		if (word.at[0] == '[' && colon + 1 < word.len)
			word = span_first(word, colon + 1); /* a port stands behind it */
		if (helo || span_starts_folded(word, "helo=") || span_starts_folded(word, "ehlo="))
			r->helo = helo ? word : span_skip(word, 5);
		else
			read_ip(word, r);
		helo = !helo && (span_equal_folded(word, span_of("HELO")) || span_equal_folded(word, span_of("EHLO")));
	}
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

static void
read_from(struct span word, struct received *r)
{
	if (word.at[0] == '(')
		read_comment(word, r);
	else if (!read_ip(word, r) && r->helo.len == 0)
		r->helo = word;
}

void
received_read(struct span value, struct received *r)
{
	enum { NOWHERE, FROM, BY, WITH } at = NOWHERE;
	struct span word;

	*r = (struct received){ .helo = { "", 0 }, .by = { "", 0 }, .with = { "", 0 } };
	while (take_word(&value, &word)) {
		if (word.at[0] == ';')
			break;
		if (span_equal_folded(word, span_of("from")))
			at = FROM;
		else if (span_equal_folded(word, span_of("by")))
			at = BY;
		else if (span_equal_folded(word, span_of("with")))
			at = WITH;
		else if (at == FROM)
			read_from(word, r);
		else if (at == BY && r->by.len == 0 && word.at[0] != '(')
			r->by = word;
		else if (at == WITH && r->with.len == 0 && word.at[0] != '(')
			r->with = word;
		else if (word.at[0] == '(' && memmem(word.at, word.len, "TLS", 3) != NULL)
			r->tls = true;
	}
	r->tls = r->tls || is_tls(r->with);
}

bool
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

bool
received_find_border(struct span header, struct received *r)
{
	struct header_field f;

	while (header_take_field(&header, &f)) {
		if (!span_equal_folded(f.name, span_of("received")))
			continue;
		received_read(f.value, r);
		if (r->has_ip && !received_is_inner(&r->ip))
			return true;
	}
	return false;
}
