/*
 * The enhanced status code: "5.7.26" at the front, or as a word within text:
 * "user unknown (#5.1.1)".
 */
#include "grammar/enhanced_status.h"

static bool
is_word_byte(char c)
{
	char l = ascii_lower(c);

	return (c >= '0' && c <= '9') || (l >= 'a' && l <= 'z') || c == '_' || c == '-' || c == '@';
}

static bool
word_goes_on(struct span s)
{
	if (s.len > 0 && s.at[0] == '.') /* a full stop, or "5.7.26.example" */
		s = span_skip(s, 1);
	return s.len > 0 && is_word_byte(s.at[0]);
}

/* status-code = class "." subject "." detail. RFC 3463 section 2 */
static bool
take_numbers(struct span *s, struct enhanced_status *status)
{
	struct span rest = *s;
	struct enhanced_status n;

	if (!span_take_digits(&rest, 1, 1, &n.class) || !span_take_char(&rest, '.') ||
	    !span_take_digits(&rest, 1, 3, &n.subject) || !span_take_char(&rest, '.') ||
	    !span_take_digits(&rest, 1, 3, &n.detail))
		return false;
	if (n.class != 2 && n.class != 4 && n.class != 5)
		return false;
	if (word_goes_on(rest))
		return false;
	*s = rest;
	*status = n;
	return true;
}

bool
enhanced_status_take(struct span *s, struct enhanced_status *status)
{
	if (!take_numbers(s, status))
		return false;
	if (s->len > 0 && (s->at[0] == ' ' || s->at[0] == '\t'))
		*s = span_skip(*s, 1);
	return true;
}

/* "550-5.7.26" */
static bool
is_behind_reply_code(const char *start, const char *at)
{
	if (at - start < 4 || at[-1] != '-' || (at - start > 4 && is_word_byte(at[-5])))
		return false;
	for (int i = 2; i <= 4; i++)
		if (at[-i] < '0' || at[-i] > '9')
			return false;
	return true;
}

static bool
is_version(const char *start, const char *at)
{
	static const char word[] = "version ";
	const size_t n = sizeof(word) - 1;

	return (size_t)(at - start) >= n && span_starts_folded((struct span){ at - n, n }, word);
}

static bool
may_begin_at(const char *start, const char *at)
{
	if (at == start)
		return true;
	if (at[-1] == '-')
		return is_behind_reply_code(start, at);
	return !is_word_byte(at[-1]) && at[-1] != '.' && at[-1] != '/' && !is_version(start, at);
}

bool
enhanced_status_find(struct span s, struct enhanced_status *status)
{
	const char *start = s.at;
	size_t dot;

	while ((dot = span_index(s, '.')) < s.len) {
		const char *at = s.at + dot - 1;
		struct span word = { at, s.len - dot + 1 };
		struct enhanced_status n;

		if (at >= start && may_begin_at(start, at) && take_numbers(&word, &n) &&
		    n.subject <= 7) { /* RFC 3463 section 3: no subject beyond; "Exim 4.94.2" */
			*status = n;
			return true;
		}
		s = span_skip(s, dot + 1);
	}
	return false;
}
