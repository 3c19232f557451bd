#include "record/received_spf.h"

#include "grammar/cfws.h"

static bool
is_name_char(char c)
{
	return ascii_is_alpha(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ). RFC 7208 section 4.6.1 */
static struct span
take_name(struct span *s)
{
	size_t n = 0;

	if (s->len > 0 && ascii_is_alpha(s->at[0]))
		while (n < s->len && is_name_char(s->at[n]))
			n++;
	*s = span_skip(*s, n);
	return (struct span){ s->at - n, n };
}

/* result = "pass" / "fail" / "softfail" / "neutral" / "none" / "temperror" / "permerror". RFC 7208 section 9.1 */
static bool
is_result(struct span word)
{
	static const struct span results[] = { SPAN_INIT("pass"), SPAN_INIT("fail"), SPAN_INIT("softfail"),
		SPAN_INIT("neutral"), SPAN_INIT("none"), SPAN_INIT("temperror"), SPAN_INIT("permerror") };

	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (span_equal_folded(word, results[i]))
			return true;
	return false;
}

/* A dot-atom, or what receivers write as if it were one: all up to a blank, ";", comment or quote. */
static struct span
take_bare(struct span *s)
{
	const struct span all = *s;

	while (s->len > 0 && (s->at[0] == '\0' || strchr(" ;(\"", s->at[0]) == NULL) && cfws_take_char(s))
		;
	return span_first(all, all.len - s->len);
}

/* key = "client-ip" / "envelope-from" / "helo" / "problem" / "receiver" / "identity" / "mechanism" / name
   RFC 7208 section 9.1 */
static void
note(struct received_spf *r, struct span key, struct span value)
{
	const struct {
		struct span key;
		struct span *to;
	} keys[] = { { SPAN_INIT("client-ip"), &r->client_ip }, { SPAN_INIT("envelope-from"), &r->envelope_from },
		{ SPAN_INIT("helo"), &r->helo }, { SPAN_INIT("problem"), &r->problem },
		{ SPAN_INIT("receiver"), &r->receiver }, { SPAN_INIT("identity"), &r->identity },
		{ SPAN_INIT("mechanism"), &r->mechanism } };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (span_equal_folded(key, keys[i].key) && keys[i].to->at == NULL)
			*keys[i].to = value;
}

/* key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string ). RFC 7208 section 9.1
   A blank behind "=" is put up with before a quote only: else the value is empty, not the next pair. */
static bool
take_pair(struct arena *arena, struct span *s, struct received_spf *r)
{
	const struct span key = take_name(s);
	struct span value, rest;

	if (key.len == 0 || !cfws_skip(s, NULL) || !span_take_char(s, '='))
		return false;
	rest = *s;
	if (cfws_skip(&rest, NULL) && rest.len > 0 && rest.at[0] == '"') {
		*s = rest;
		if (!cfws_take_quoted(arena, s, &value))
			return false;
	} else {
		value = take_bare(s);
	}
	note(r, key, value);
	return true;
}

static bool
blame(struct received_spf *r, size_t at, const char *fault)
{
	r->fault = fault;
	r->at = at;
	return false;
}

/* [CFWS] and the ";" between two pairs or behind the last. */
static bool
skip_between(struct span *s)
{
	do
		if (!cfws_skip(s, NULL))
			return false;
	while (span_take_char(s, ';'));
	return true;
}

/* header-field = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ] CRLF. RFC 7208 section 9.1 */
bool
received_spf_parse(struct arena *arena, struct span value, struct received_spf *r)
{
	static const char
	    bad_comment[] = "a comment that does not end, or holds a control character or what is no UTF-8";
	struct span rest, word, comment = { NULL, 0 };

	*r = (struct received_spf){ .fault = NULL };
	while (value.len > 0 && (value.at[value.len - 1] == '\n' || value.at[value.len - 1] == '\r'))
		value.len--;
	rest = value = value.len > 0 ? value : (struct span){ "", 0 };
	if (!cfws_skip(&rest, NULL))
		return blame(r, value.len - rest.len, bad_comment);
	word = take_name(&rest);
	if (!is_result(word))
		return blame(r, (size_t)(word.at - value.at), "no result of SPF");
	r->result = word;
	if (!cfws_skip(&rest, &comment))
		return blame(r, value.len - rest.len, bad_comment);
	if (comment.at != NULL)
		r->comment = cfws_plain(arena, comment);
	for (;;) {
		if (!skip_between(&rest))
			return blame(r, value.len - rest.len, bad_comment);
		if (rest.len == 0)
			return true;
		if (!take_pair(arena, &rest, r))
			return blame(r, value.len - rest.len, "no key=value pair, or one badly written");
	}
}
