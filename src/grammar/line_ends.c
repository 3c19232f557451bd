#include "grammar/line_ends.h"

static bool
ends_bare(struct span s, size_t lf)
{
	return lf < s.len && (lf == 0 || s.at[lf - 1] != '\r');
}

static size_t
count_lf(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

struct span
line_ends_restore(struct arena *arena, struct span s, bool *changed)
{
	size_t first = span_index(s, '\n');
	char *start, *to;
	bool bare;

	bare = ends_bare(s, first);
	if (changed != NULL)
		*changed = bare;
	if (!bare)
		return s;
	start = to = arena_take(arena, s.len + count_lf(s) + 1);
	while (s.len > 0) {
		const size_t n = span_index(s, '\n');

		memcpy(to, s.at, n);
		to += n;
		if (n < s.len) {
			if (ends_bare(s, n))
				*to++ = '\r';
			*to++ = '\n';
		}
		s = span_skip(s, n < s.len ? n + 1 : n);
	}
	return (struct span){ start, (size_t)(to - start) };
}
