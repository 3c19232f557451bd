#include "record/near_miss_text.h"

#include "base/utf8.h"

enum { PASTED_WORDS_MAX = 6 };

/* What becomes of one code point: a byte to put, or nothing. */
struct plain {
	enum slip slip;
	char to; /* 0: it goes */
};

static bool
is_curly_quote(uint32_t c)
{
	return (c >= 0x2018 && c <= 0x201f) || c == 0x2032 || c == 0x2033 || c == 0xab || c == 0xbb || c == 0x300c ||
	    c == 0x300d || c == 0x300e || c == 0x300f || c == 0xff02 || c == 0xff07 || c == 0x301d || c == 0x301e ||
	    c == 0x301f;
}

static bool
is_foreign_blank(uint32_t c)
{
	return c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == '\t' ||
	    c == '\r' || c == '\n';
}

static bool
is_zero_width(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xad;
}

static bool
is_dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe63 || c == 0xff0d || c == 0x30fc;
}

static bool
is_tilde(uint32_t c)
{
	return c == 0x301c || c == 0xff5e || c == 0x2dc || c == 0x223c;
}

/* False: the character stays as it is. */
static bool
make_plain(uint32_t c, struct plain *p)
{
	if (c == '"' || is_curly_quote(c))
		*p = (struct plain){ SLIP_QUOTES, 0 };
	else if (c == '\\')
		*p = (struct plain){ SLIP_BACKSLASH, 0 };
	else if (is_foreign_blank(c))
		*p = (struct plain){ SLIP_FOREIGN_BLANK, ' ' };
	else if (is_zero_width(c))
		*p = (struct plain){ SLIP_FOREIGN_BLANK, 0 };
	else if (is_dash(c))
		*p = (struct plain){ SLIP_DASH, '-' };
	else if (is_tilde(c))
		*p = (struct plain){ SLIP_FULL_WIDTH, '~' };
	else if (c == 0x3001 || c == 0x3002)
		*p = (struct plain){ SLIP_FULL_WIDTH, c == 0x3001 ? ',' : '.' };
	else if (c > 0xff00 && c <= 0xff5e)
		*p = (struct plain){ SLIP_FULL_WIDTH, (char)(c - 0xff00 + 0x20) };
	else
		return false;
	return true;
}

static void
note(struct near_miss *m, enum slip slip, size_t at, struct span seen, struct span meant)
{
	if (m->n_slips < NEAR_MISS_SLIPS_MAX)
		m->slips[m->n_slips++] = (struct near_miss_slip){ slip, at, seen, meant };
}

/* One of a kind is enough: a pair of quotation marks is one mistake. */
static void
note_once(struct near_text *t, enum slip slip, struct span seen, struct span meant)
{
	for (size_t i = 0; i < t->miss->n_slips; i++)
		if (t->miss->slips[i].slip == slip)
			return;
	note(t->miss, slip, (size_t)(seen.at - t->miss->before.at), seen, meant);
}

/* `" "` within the text: two strings that were pasted as one; what lies between them goes, too. */
static void
skip_gap(struct span *rest)
{
	size_t n = 0;

	while (n < rest->len && rest->at[n] == ' ')
		n++;
	if (n < rest->len && rest->at[n] == '"')
		*rest = span_skip(*rest, n + 1);
}

static bool
is_single_quote(char c)
{
	return c == '\'' || c == '`';
}

static void
trim(struct near_text *t, char *at, uint32_t *from, size_t n)
{
	size_t start = 0;

	while (start < n && at[start] == ' ')
		start++;
	if (start > 0 && t->miss->kind == RECORD_SPF && from[0] == 0 && t->miss->before.at[0] == ' ')
		note_once(t, SLIP_LEADING_BLANK, span_first(t->miss->before, 1), (struct span){ "", 0 });
	while (n > start && at[n - 1] == ' ')
		n--;
	if (n - start > 1 && is_single_quote(at[start]) && at[n - 1] == at[start]) {
		note_once(
		    t, SLIP_QUOTES, span_first(span_skip(t->miss->before, from[start]), 1), (struct span){ "", 0 });
		start++;
		n--;
	}
	t->text = (struct span){ at + start, n - start };
	t->from = from + start;
	t->current = t->text;
}

void
near_text_read(struct near_text *t)
{
	struct span rest = t->miss->before;
	char *at = arena_take(t->arena, rest.len + 1);
	uint32_t *from = arena_take(t->arena, (rest.len + 1) * sizeof(*from));
	size_t n = 0;

	while (rest.len > 0) {
		const struct span start = rest;
		struct plain p;
		uint32_t code;

		utf8_take(&rest, &code);
		from[n] = (uint32_t)(start.at - t->miss->before.at);
		if (!make_plain(code, &p)) {
			for (size_t i = 0; i < start.len - rest.len; i++) {
				from[n] = (uint32_t)(start.at + i - t->miss->before.at);
				at[n++] = start.at[i];
			}
			continue;
		}
		if (p.to != 0)
			at[n++] = p.to;
		note_once(t, p.slip, span_first(start, start.len - rest.len),
		    p.to != 0 ? (struct span){ &at[n - 1], 1 } : (struct span){ "", 0 });
		if (code == '"')
			skip_gap(&rest);
	}
	from[n] = (uint32_t)t->miss->before.len;
	trim(t, at, from, n);
}

static size_t
place_of(const struct near_text *t, const char *at)
{
	return t->from[at - t->text.at];
}

/* The record's bytes that a part of the plain text stands for. */
static struct span
source_of(const struct near_text *t, struct span part)
{
	const size_t start = place_of(t, part.at), end = part.len > 0 ? place_of(t, part.at + part.len - 1) + 1 : start;

	return span_first(span_skip(t->miss->before, start), end > start ? end - start : 0);
}

static bool
is_of_text(const struct near_text *t, struct span part)
{
	return part.at >= t->text.at && part.at + part.len <= t->text.at + t->text.len;
}

void
near_text_slip(struct near_text *t, enum slip slip, struct span part, struct span meant)
{
	if (!is_of_text(t, part))
		part = t->current;
	note(t->miss, slip, place_of(t, part.at), source_of(t, part), meant);
}

void
near_text_unclear(struct near_text *t, struct span part)
{
	if (t->miss->unclear.len > 0)
		return;
	if (!is_of_text(t, part))
		part = t->current;
	t->miss->unclear = source_of(t, part);
	t->miss->unclear_at = place_of(t, part.at);
}

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_skip(s, 1);
	return s;
}

/* "example.jp.", "@", "3600", "IN", "TXT", "(" */
static bool
is_pasted_word(struct span w)
{
	bool digits = true;

	for (size_t i = 0; i < w.len; i++)
		digits = digits && ascii_is_digit(w.at[i]);
	return digits || w.at[0] == '_' || span_equal(w, span_of("@")) || span_equal(w, span_of("(")) ||
	    span_equal_folded(w, span_of("in")) || span_equal_folded(w, span_of("txt")) ||
	    span_equal_folded(w, span_of("txt:")) || span_equal_folded(w, span_of("spf:")) ||
	    (w.len > 1 && w.at[w.len - 1] == '.' && span_index(w, '=') == w.len && span_index(w, ':') == w.len);
}

/* A name in front of its TTL, class or type. */
static bool
is_owner(struct span s)
{
	const struct span name = span_first(s, span_index(s, ' ')), next = skip_blanks(span_skip(s, name.len));

	return span_index(name, '=') == name.len && span_index(name, ':') == name.len && next.len > 0 &&
	    is_pasted_word(span_first(next, span_index(next, ' ')));
}

/* word: one of the spellings; the longest that fits. */
static size_t
word_at(struct span s, const char *const *words)
{
	size_t best = 0;

	for (; *words != NULL; words++)
		if (span_starts_folded(s, *words) && strlen(*words) > best)
			best = strlen(*words);
	return best;
}

/* [ "v" ] [ signs ] word, blanks anywhere. 0: it is none. */
static size_t
version_length(struct span s, const char *const *words, bool (*follows)(struct span))
{
	struct span rest = s;
	size_t n;

	if (rest.len > 1 && ascii_lower(rest.at[0]) == 'v' && is_one_of(rest.at[1], " =:"))
		rest = skip_blanks(span_skip(rest, 1));
	while (rest.len > 0 && (rest.at[0] == '=' || rest.at[0] == ':'))
		rest = skip_blanks(span_skip(rest, 1));
	n = word_at(rest, words);
	rest = span_skip(rest, n);
	if (n == 0 || (rest.len > 0 && !is_one_of(rest.at[0], " ;,") && !follows(rest)))
		return 0;
	return (size_t)(rest.at - s.at);
}

bool
near_text_take_version(struct near_text *t, struct span *rest, struct span *version, const char *const *words,
    bool (*follows)(struct span))
{
	struct span s = *rest;
	size_t n = 0;

	for (unsigned i = 0; i <= PASTED_WORDS_MAX && s.len > 0; i++) {
		n = version_length(s, words, follows);
		if (n > 0)
			break;
		if (s.at[0] == '(') {
			s = skip_blanks(span_skip(s, 1));
			continue;
		}
		if (!is_pasted_word(span_first(s, span_index(s, ' '))) && (i > 0 || !is_owner(s)))
			return false;
		s = skip_blanks(span_skip(s, span_index(s, ' ')));
	}
	if (n == 0)
		return false;
	if (s.at != rest->at)
		near_text_slip(t, SLIP_PASTED, span_first(*rest, (size_t)(s.at - rest->at)), (struct span){ "", 0 });
	if (s.at != rest->at && s.len > 0 && s.at[s.len - 1] == ')')
		s.len--;
	*version = span_first(s, n);
	*rest = span_skip(s, n);
	return true;
}
