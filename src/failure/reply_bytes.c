#include "failure/reply_bytes.h"

enum { HOST_MAX = 255 };

void
reply_skip_line(struct span *s)
{
	while (s->len > 0 && !reply_is_line_end(*s))
		*s = span_skip(*s, 1);
}

bool
reply_take_phrase(struct span *s, const char *phrase)
{
	struct span rest = *s;

	for (; *phrase != '\0'; phrase++) {
		if (*phrase == ' ') {
			if (!reply_skip_blanks(&rest))
				return false;
		} else if (rest.len == 0 || ascii_lower(rest.at[0]) != *phrase) {
			return false;
		} else {
			rest = span_skip(rest, 1);
		}
	}
	*s = rest;
	return true;
}

bool
reply_take_until(struct span *s, const char *mark, size_t max, struct span *before)
{
	struct span window = span_first(*s, max), m = span_of(mark);
	const char *p = window.len ? memmem(window.at, window.len, m.at, m.len) : NULL;

	if (p == NULL)
		return false;
	*before = (struct span){ s->at, (size_t)(p - s->at) };
	*s = span_skip(*s, before->len + m.len);
	return true;
}

struct span
reply_take_word(struct span *s)
{
	size_t n = 0;
	struct span word;

	while (n < s->len && reply_blank_len(span_skip(*s, n)) == 0)
		n++;
	word = span_first(*s, n);
	*s = span_skip(*s, n);
	return word;
}

static bool
is_address_byte(char c)
{
	char l = ascii_lower(c);

	return ascii_is_digit(c) || (l >= 'a' && l <= 'f') || c == '.' || c == ':';
}

bool
reply_take_ip(struct span *s, struct span *ip)
{
	size_t n = 0, marks = 0;
	struct span rest = *s;

	if (span_starts_folded(rest, "IPv6:"))
		rest = span_skip(rest, 5);
	while (n < rest.len && n < 46 && is_address_byte(rest.at[n])) {
		marks += rest.at[n] == '.' || rest.at[n] == ':';
		n++;
	}
	while (n > 0 && rest.at[n - 1] == '.')
		n--;
	if (n < 3 || marks < 2)
		return false;
	*ip = span_first(rest, n);
	*s = span_skip(rest, n);
	return true;
}

bool
reply_take_host(struct span *s, struct span *host, struct span *ip)
{
	size_t n = 0;
	struct span rest = *s, address = { 0 };

	while (n < rest.len && n < HOST_MAX && reply_is_host_byte(rest.at[n]))
		n++;
	*host = span_first(rest, n);
	rest = span_skip(rest, n);
	*s = rest;
	reply_skip_blanks(&rest);
	if (span_take_char(&rest, '[') && reply_take_ip(&rest, &address) && span_take_char(&rest, ']')) {
		*ip = address;
		*s = rest;
	}
	if (span_take_char(&rest, ':') && ascii_is_digit(rest.len ? rest.at[0] : 'x')) {
		while (rest.len > 0 && ascii_is_digit(rest.at[0]))
			rest = span_skip(rest, 1);
		*s = rest;
	}
	return host->len > 0 || ip->len > 0;
}
