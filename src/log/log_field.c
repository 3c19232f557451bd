#include "log/log_field.h"

static bool
begins_field(struct span text, const char *at)
{
	return at == text.at || at[-1] == ' ' || at[-1] == ',';
}

bool
log_field_find(struct span text, const char *key, struct span *rest)
{
	const size_t n = strlen(key);
	const char *at = text.at, *end = text.at + text.len;

	while ((size_t)(end - at) >= n && (at = memmem(at, (size_t)(end - at), key, n)) != NULL) {
		if (begins_field(text, at)) {
			*rest = (struct span){ at + n, (size_t)(end - at) - n };
			return true;
		}
		at += n;
	}
	return false;
}

/* A quoted local-part may hold ">": the one that ends the field counts. */
static struct span
within_angles(struct span s)
{
	for (size_t n = 0; n < s.len; n++)
		if (s.at[n] == '>' && (n + 1 == s.len || strchr(", ):;", s.at[n + 1]) != NULL))
			return span_first(s, n);
	return span_first(s, span_index(s, '>'));
}

static struct span
within_quotes(struct span s)
{
	for (size_t n = 0; n < s.len; n++)
		if (s.at[n] == '\\')
			n++;
		else if (s.at[n] == '"' && (n + 1 == s.len || s.at[n + 1] == ' ' || s.at[n + 1] == ','))
			return span_first(s, n);
	return s;
}

struct span
log_field_value(struct span text, const char *key)
{
	struct span rest;
	size_t n = 0;

	if (!log_field_find(text, key, &rest))
		return (struct span){ "", 0 };
	if (span_take_char(&rest, '<'))
		return within_angles(rest);
	if (span_take_char(&rest, '"'))
		return within_quotes(rest);
	while (n < rest.len && rest.at[n] != ',' && rest.at[n] != ' ')
		n++;
	return span_first(rest, n);
}

static bool
is_address(struct span s)
{
	size_t of_address = 0;

	for (size_t i = 0; i < s.len; i++)
		of_address += s.at[i] == ':' || s.at[i] == '.' || (s.at[i] >= '0' && s.at[i] <= '9') ||
		    (ascii_lower(s.at[i]) >= 'a' && ascii_lower(s.at[i]) <= 'f');
	return s.len > 2 && of_address == s.len && ((s.at[0] >= '0' && s.at[0] <= '9') || span_index(s, ':') < s.len);
}

static struct span
within(struct span s, char open, char close)
{
	size_t n = span_index(s, open);

	s = span_skip(s, n < s.len ? n + 1 : n);
	return span_first(s, span_index(s, close));
}

void
log_field_split_host(struct span value, struct span *host, struct span *ip)
{
	struct span first = span_trim(value), bracketed = within(value, '[', ']'), round = within(value, '(', ')');

	for (size_t i = 0; i < first.len; i++)
		if (first.at[i] == ' ' || first.at[i] == '[' || first.at[i] == '(')
			first = span_first(first, i);
	if (span_starts_folded(bracketed, "ipv6:"))
		bracketed = span_skip(bracketed, 5);
	*ip = is_address(bracketed) ? bracketed : is_address(first) ? first : (struct span){ "", 0 };
	*host = is_address(first) || first.len == 0 ? round : first;
	if (host->len > 0 && host->at[host->len - 1] == '.')
		host->len--;
}
