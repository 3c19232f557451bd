#include "gate/authres.h"

#include "grammar/cfws.h"

static bool
stands_in(struct span s, struct span name)
{
	for (; name.len > 0 && s.len >= name.len; s = span_skip(s, 1))
		if (ascii_lower(s.at[0]) == ascii_lower(name.at[0]) && span_equal_folded(span_first(s, name.len), name))
			return true;
	return false;
}

static size_t
id_len(struct span s)
{
	size_t n = 0;

	while (n < s.len && !ascii_is_space(s.at[n]) && s.at[n] != ';' && s.at[n] != '(' && s.at[n] != '"')
		n++;
	return n;
}

static struct span
without_dot(struct span name)
{
	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	return name;
}

/* "i" "=" number ";", as ARC-Authentication-Results has it in front: some readers would pass over it. */
static void
skip_instance(struct span *s)
{
	struct span rest = *s;
	uint16_t n;

	if (!span_take_char(&rest, 'i') || !span_take_char(&rest, '=') || !span_take_digits(&rest, 1, 4, &n) ||
	    !span_take_char(&rest, ';'))
		return;
	*s = rest;
}

/* [CFWS] authserv-id. RFC 8601 section 2.2 */
bool
authres_claims(struct arena *arena, struct span value, struct span authserv_id)
{
	struct span rest = value, id;

	if (!cfws_skip(&rest, NULL))
		return stands_in(value, authserv_id);
	skip_instance(&rest);
	if (!cfws_skip(&rest, NULL))
		return stands_in(value, authserv_id);
	if (rest.len > 0 && rest.at[0] == '"') {
		if (!cfws_take_quoted(arena, &rest, &id))
			return stands_in(value, authserv_id);
	} else {
		id = span_first(rest, id_len(rest));
	}
	return span_equal_folded(without_dot(id), without_dot(authserv_id));
}
