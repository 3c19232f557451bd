#include "grammar/cfws.h"

#include "base/utf8.h"

bool
cfws_is_printable(uint32_t code)
{
	return code >= ' ' && !(code >= 0x7f && code < 0xa0) && code != 0x2028 && code != 0x2029;
}

bool
cfws_take_char(struct span *s)
{
	struct span rest = *s;
	uint32_t code;

	if (s->len == 0 || !utf8_take(&rest, &code) || !cfws_is_printable(code))
		return false;
	*s = rest;
	return true;
}

/* FWS = ([*WSP CRLF] 1*WSP) / obs-FWS, one blank at a time; lines end in LF or CRLF. RFC 5322 section 3.2.2 */
static bool
take_fold(struct span *s)
{
	size_t n = 0;

	while (n < s->len && s->at[n] == '\r')
		n++;
	if (n < s->len && s->at[n] == '\n')
		n++;
	else if (n > 0)
		return false;
	if (n == s->len || !ascii_is_blank(s->at[n]))
		return false;
	*s = span_skip(*s, n + 1);
	return true;
}

/* quoted-pair = "\" (VCHAR / WSP). RFC 5322 section 3.2.1 */
static bool
take_quoted_pair(struct span *s)
{
	struct span rest = *s;

	if (!span_take_char(&rest, '\\') || (!span_take_char(&rest, '\t') && !cfws_take_char(&rest)))
		return false;
	*s = rest;
	return true;
}

/* comment = "(" *([FWS] ccontent) [FWS] ")". RFC 5322 section 3.2.2 */
static bool
take_comment(struct span *s, struct span *text)
{
	struct span rest = *s;
	size_t depth = 0;

	do {
		const char c = rest.len > 0 ? rest.at[0] : '\0';

		if (!take_fold(&rest) && !(c == '\\' ? take_quoted_pair(&rest) : cfws_take_char(&rest)))
			return false;
		depth += c == '(';
		depth -= c == ')';
	} while (depth > 0);
	*text = (struct span){ s->at + 1, s->len - rest.len - 2 };
	*s = rest;
	return true;
}

/* CFWS = (1*([FWS] comment) [FWS]) / FWS. RFC 5322 section 3.2.2 */
bool
cfws_skip(struct span *s, struct span *comment)
{
	struct span text;
	bool first = true;

	for (;;) {
		while (take_fold(s))
			;
		if (s->len == 0 || s->at[0] != '(')
			return true;
		if (!take_comment(s, &text))
			return false;
		if (first && comment != NULL)
			*comment = text;
		first = false;
	}
}

/* quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE. RFC 5322 section 3.2.4 */
bool
cfws_take_quoted(struct arena *arena, struct span *s, struct span *text)
{
	struct span rest = *s, raw;

	if (!span_take_char(&rest, '"'))
		return false;
	raw = rest;
	while (rest.len > 0 && rest.at[0] != '"')
		if (!take_fold(&rest) && !(rest.at[0] == '\\' ? take_quoted_pair(&rest) : cfws_take_char(&rest)))
			return false;
	raw.len -= rest.len;
	if (!span_take_char(&rest, '"'))
		return false;
	*s = rest;
	*text = cfws_plain(arena, raw);
	return true;
}

static bool
is_plain(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\\' || (s.at[i] >= '\t' && s.at[i] <= '\r'))
			return false;
	return true;
}

struct span
cfws_plain(struct arena *arena, struct span raw)
{
	char *start, *to;

	if (is_plain(raw))
		return raw;
	start = to = arena_take(arena, raw.len + 1);
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.at[i] == '\r' || raw.at[i] == '\n')
			continue;
		if (raw.at[i] == '\\' && i + 1 < raw.len)
			i++;
		*to++ = raw.at[i] == '\t' ? ' ' : raw.at[i];
	}
	return (struct span){ start, (size_t)(to - start) };
}
