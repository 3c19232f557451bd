#include "log/log_line.h"

static bool
take_one(struct span *list, struct span *recipient)
{
	struct span s = *list;
	size_t n = 0;

	while (s.len > 0 && (s.at[0] == ',' || s.at[0] == ' '))
		s = span_skip(s, 1);
	if (s.len == 0)
		return false;
	if (span_take_char(&s, '<')) {
		for (; n < s.len && !(s.at[n] == '>' && (n + 1 == s.len || s.at[n + 1] == ',')); n++)
			;
		*recipient = span_first(s, n);
		*list = span_skip(s, n < s.len ? n + 1 : n);
		return true;
	}
	for (bool quoted = false; n < s.len && (quoted || s.at[n] != ','); n++)
		if (s.at[n] == '"')
			quoted = !quoted;
	*recipient = span_trim(span_first(s, n));
	if (recipient->len > 1 && recipient->at[0] == '"' && recipient->at[recipient->len - 1] == '"')
		*recipient = (struct span){ recipient->at + 1, recipient->len - 2 }; /* of a JSON array */
	*list = span_skip(s, n);
	return true;
}

/* Programs and the mark of a list that was cut are nobody. */
bool
log_take_recipient(struct span *list, struct span *recipient)
{
	while (take_one(list, recipient))
		if (recipient->len > 0 && recipient->at[0] != '|' && !span_equal(*recipient, span_of("[more]")))
			return true;
	return false;
}
