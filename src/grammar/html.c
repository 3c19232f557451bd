#include "grammar/html.h"

#include "base/utf8.h"
#include "grammar/charset.h"

enum { ENTITY_SIZE_MAX = 10 }; /* "&#x10ffff;" */

struct report_page {
	char *start, *to;
	bool space; /* blanks came since the last character */
};

static void
put_line_end(struct report_page *t)
{
	t->space = false;
	if (t->to > t->start && t->to[-1] != '\n')
		*t->to++ = '\n';
}

/* A blank is written with what follows it, so none stands at a line's end. */
static void
put_space(struct report_page *t)
{
	if (t->space && t->to > t->start && t->to[-1] != '\n')
		*t->to++ = ' ';
	t->space = false;
}

static bool
take_number(struct span s, uint32_t *c)
{
	bool hex = s.len > 0 && ascii_lower(s.at[0]) == 'x';
	uint32_t n = 0;

	s = span_skip(s, hex);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char d = ascii_lower(s.at[i]);

		if (d >= '0' && d <= '9')
			n = n * (hex ? 16 : 10) + (uint32_t)(d - '0');
		else if (hex && d >= 'a' && d <= 'f')
			n = n * 16 + (uint32_t)(d - 'a') + 10;
		else
			return false;
	}
	*c = n == 0 ? 0xfffd : n;
	return true;
}

static bool
find_entity(struct span name, uint32_t *c)
{
	static const struct {
		const char *name;
		uint32_t c;
	} entities[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' },
		{ "nbsp", ' ' }, { "ensp", ' ' }, { "emsp", ' ' }, { "copy", 0xa9 }, { "reg", 0xae }, { "laquo", 0xab },
		{ "raquo", 0xbb }, { "middot", 0xb7 }, { "yen", 0xa5 }, { "times", 0xd7 }, { "ndash", 0x2013 },
		{ "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "ldquo", 0x201c }, { "rdquo", 0x201d },
		{ "bull", 0x2022 }, { "hellip", 0x2026 }, { "trade", 0x2122 }, { "euro", 0x20ac }, { "rarr", 0x2192 },
		{ "commat", '@' }, { "eacute", 0xe9 }, { "egrave", 0xe8 }, { "agrave", 0xe0 }, { "ccedil", 0xe7 },
		{ "auml", 0xe4 }, { "ouml", 0xf6 }, { "uuml", 0xfc }, { "szlig", 0xdf }, { "Auml", 0xc4 },
		{ "Ouml", 0xd6 }, { "Uuml", 0xdc } };

	if (name.len > 1 && name.at[0] == '#')
		return take_number(span_skip(name, 1), c);
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (span_equal(name, span_of(entities[i].name))) {
			*c = entities[i].c;
			return true;
		}
	return false;
}

/* Takes `&name;`; an unknown one is text. */
bool
html_take_entity(struct span *s, uint32_t *c)
{
	size_t n = span_index(span_first(*s, ENTITY_SIZE_MAX), ';');

	if (n < 2 || n >= s->len || s->at[n] != ';')
		return false;
	if (!find_entity((struct span){ s->at + 1, n - 1 }, c))
		return false;
	if (*c == 0xa0)
		*c = ' ';
	*s = span_skip(*s, n + 1);
	return true;
}

/* Up to ">", quoted attributes (which may hold one) included. */
static struct span
skip_tag(struct span s)
{
	char quote = 0, before = 0;
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.at[i];

		if (quote != 0 ? c == quote : c == '>') {
			if (quote == 0)
				return span_skip(s, i + 1);
			quote = 0;
		} else if (quote == 0 && before == '=' && (c == '"' || c == '\'')) {
			quote = c;
		}
		before = ascii_is_space(c) ? before : c;
	}
	return span_skip(s, s.len);
}

static struct span
skip_past(struct span s, const char *end)
{
	const char *p = memmem(s.at, s.len, end, strlen(end));

	return span_skip(s, p ? (size_t)(p - s.at) + strlen(end) : s.len);
}

/* The text of <script> and <style> is no text. */
static struct span
skip_element(struct span s, struct span name)
{
	for (;;) {
		s = skip_past(s, "</");
		if (s.len == 0)
			return s;
		if (s.len >= name.len && span_equal_folded(span_first(s, name.len), name))
			return skip_tag(s);
	}
}

enum tag_kind {
	TAG_INLINE,
	TAG_BLOCK,
	TAG_CELL,
	TAG_HIDDEN,
};

static enum tag_kind
kind_of(struct span name)
{
	static const struct {
		const char *name;
		enum tag_kind kind;
	} tags[] = { { "br", TAG_BLOCK }, { "p", TAG_BLOCK }, { "div", TAG_BLOCK }, { "tr", TAG_BLOCK },
		{ "li", TAG_BLOCK }, { "ul", TAG_BLOCK }, { "ol", TAG_BLOCK }, { "hr", TAG_BLOCK },
		{ "table", TAG_BLOCK }, { "pre", TAG_BLOCK }, { "blockquote", TAG_BLOCK }, { "h1", TAG_BLOCK },
		{ "h2", TAG_BLOCK }, { "h3", TAG_BLOCK }, { "h4", TAG_BLOCK }, { "h5", TAG_BLOCK }, { "h6", TAG_BLOCK },
		{ "dt", TAG_BLOCK }, { "dd", TAG_BLOCK }, { "title", TAG_BLOCK }, { "body", TAG_BLOCK },
		{ "head", TAG_BLOCK }, { "td", TAG_CELL }, { "th", TAG_CELL }, { "script", TAG_HIDDEN },
		{ "style", TAG_HIDDEN } };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (span_equal_folded(name, span_of(tags[i].name)))
			return tags[i].kind;
	return TAG_INLINE;
}

static struct span
tag_name(struct span s)
{
	size_t n = 0;

	while (n < s.len && (ascii_is_alpha(s.at[n]) || (s.at[n] >= '0' && s.at[n] <= '9')))
		n++;
	return span_first(s, n);
}

/* "<" that begins no tag is text; so is <a@example.jp>, which careless
   software leaves as it is. */
static bool
is_address(struct span s)
{
	size_t at = 0;

	while (at < s.len && at < 256 && !ascii_is_space(s.at[at]) && !strchr("<>@=\"", s.at[at]))
		at++;
	return at > 0 && at < s.len && s.at[at] == '@';
}

/* Takes a tag, comment or declaration off; false: it is text. */
static bool
take_tag(struct span *s, struct report_page *t)
{
	struct span rest = span_skip(*s, 1), name;
	bool closing;

	if (rest.len >= 3 && memcmp(rest.at, "!--", 3) == 0) {
		*s = skip_past(span_skip(rest, 3), "-->");
		return true;
	}
	closing = span_take_char(&rest, '/');
	if (rest.len == 0 || (!ascii_is_alpha(rest.at[0]) && rest.at[0] != '!' && rest.at[0] != '?') ||
	    (!closing && is_address(rest)))
		return false;
	name = tag_name(rest);
	*s = skip_tag(rest);
	switch (kind_of(name)) {
	case TAG_BLOCK: put_line_end(t); break;
	case TAG_CELL: t->space = true; break;
	case TAG_HIDDEN: *s = closing ? *s : skip_element(*s, name); break;
	case TAG_INLINE: break;
	}
	return true;
}

struct span
html_to_text(struct arena *arena, struct span html)
{
	char *start = arena_take(arena, html.len * 2 + 8);
	struct report_page t = { start, start, false };
	uint32_t c;

	while (html.len > 0) {
		if (html.at[0] == '<' && take_tag(&html, &t))
			continue;
		if (ascii_is_space(html.at[0])) {
			t.space = true;
			html = span_skip(html, 1);
			continue;
		}
		put_space(&t);
		if (html.at[0] == '&' && html_take_entity(&html, &c)) {
			t.to += utf8_put(c, t.to);
			continue;
		}
		*t.to++ = html.at[0];
		html = span_skip(html, 1);
	}
	return (struct span){ t.start, (size_t)(t.to - t.start) };
}
