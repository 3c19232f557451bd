#include "failure/notice_marks.h"

static bool
is_letter(char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26;
}

static bool
begins_with(struct span s, const struct notice_mark *m)
{
	return s.len >= m->len && span_equal_folded(span_first(s, m->len), (struct span){ m->words, m->len });
}

/* The marks of some kinds that `s` begins with. */
static unsigned
find_here(const struct notice_index *ix, struct span s, unsigned kinds, struct notice_found *found)
{
	unsigned here = 0;

	for (uint16_t i = ix->heads[notice_slot(s.at)]; i != 0; i = ix->marks[i].next) {
		const struct notice_mark *m = &ix->marks[i];
		const uint64_t bit = UINT64_C(1) << i % 64;

		if (!(m->kind & kinds) || !begins_with(s, m))
			continue;
		here |= m->kind;
		if (!(found->seen[i / 64] & bit))
			found->score[m->format] += m->len;
		found->seen[i / 64] |= bit;
	}
	found->kinds |= here;
	return here;
}

void
notice_find_words(const struct notice_index *ix, struct span s, unsigned kinds, struct notice_found *found)
{
	bool letter_before = false;

	for (size_t i = 0; i + 2 < s.len; i++) {
		const bool letter = is_letter(s.at[i]);

		if (!(letter & letter_before) && (uint8_t)s.at[i] > ' ' && ix->heads[notice_slot(s.at + i)] != 0)
			find_here(ix, span_skip(s, i), kinds, found);
		letter_before = letter;
	}
}

struct span
notice_behind(const struct notice_index *ix, struct span s, unsigned kinds)
{
	for (; s.len > 2; s = span_skip(s, 1))
		for (uint16_t i = ix->heads[notice_slot(s.at)]; i != 0; i = ix->marks[i].next)
			if ((ix->marks[i].kind & kinds) && begins_with(s, &ix->marks[i]))
				return span_skip(s, ix->marks[i].len);
	return span_first(s, 0);
}

unsigned
notice_find_line(const struct notice_index *ix, struct span line, unsigned kinds, struct notice_found *found)
{
	unsigned here;

	line = span_trim(line);
	if (line.len < 3)
		return 0;
	here = find_here(ix, line, kinds, found);
	if (strchr("-=*#", line.at[0]) == NULL)
		return here;
	while (line.len > 0 && strchr("-=*# ", line.at[0]) != NULL)
		line = span_skip(line, 1);
	return line.len < 3 ? here : here | find_here(ix, line, kinds, found);
}

struct span
notice_format_name(const struct notice_index *ix, const struct notice_found *found)
{
	size_t best = 0;
	bool even = true;

	for (size_t f = 1; f < ix->n_formats; f++) { /* the first is what all have in common */
		if (found->score[f] == 0 || (best > 0 && found->score[f] < found->score[best]))
			continue;
		even = best > 0 && found->score[f] == found->score[best];
		best = f;
	}
	return ix->n_formats > 0 ? ix->formats[even ? 0 : best] : (struct span){ "", 0 };
}
