#include "base/template.h"

static bool
may_name_hole(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool
template_take(struct span *rest, struct span *literal, struct span *name)
{
	const struct span all = *rest;
	size_t open, end;

	for (size_t at = 0; (open = at + span_index(span_skip(all, at), '{')) < all.len; at = end) {
		for (end = open + 1; end < all.len && may_name_hole(all.at[end]); end++)
			;
		if (end == open + 1 || end == all.len || all.at[end] != '}')
			continue;
		*literal = span_first(all, open);
		*name = (struct span){ all.at + open + 1, end - open - 1 };
		*rest = span_skip(all, end + 1);
		return true;
	}
	*literal = all;
	*rest = span_skip(all, all.len);
	return false;
}
