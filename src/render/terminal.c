#include "render/terminal.h"

#include <stdio.h>

#include "base/utf8.h"

static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/* What turns or hides the text around it: bidi marks, embeddings and isolates
   (UAX #9), line and paragraph separators, invisible operators, fillers, tags. */
static bool
is_deceptive(uint32_t code)
{
	return code == 0x61c || code == 0xad || code == 0x180e || (code >= 0x200b && code <= 0x200f) ||
	    (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	    (code >= 0xfff9 && code <= 0xfffb) || code == 0x115f || code == 0x1160 || code == 0x3164 ||
	    code == 0xffa0 || (code >= 0xe0000 && code <= 0xe0fff);
}

static unsigned
drawn_width(const struct terminal_glyph *g)
{
	if (!g->sound || g->code == '\t')
		return 1;
	if (is_control(g->code))
		return 4;
	if (is_deceptive(g->code))
		return g->code > 0xffff ? 7 : 6;
	return utf8_width(g->code);
}

struct terminal_glyph
terminal_take_glyph(struct span *s)
{
	struct terminal_glyph g = { .bytes = *s };

	if (s->at[0] >= 0x20 && s->at[0] < 0x7f) {
		g.code = (uint8_t)s->at[0];
		g.sound = true;
		g.width = 1;
		*s = span_skip(*s, 1);
	} else {
		g.sound = utf8_take(s, &g.code);
		g.width = drawn_width(&g);
	}
	g.bytes.len -= s->len;
	return g;
}

void
terminal_put_glyph(struct out *out, const struct terminal_glyph *g)
{
	char visible[16];

	if (!g->sound)
		out_str(out, "\xef\xbf\xbd");
	else if (g->code == '\t')
		out_char(out, ' ');
	else if (is_control(g->code)) {
		snprintf(visible, sizeof(visible), "\\x%02x", (unsigned)g->code);
		out_str(out, visible);
	} else if (is_deceptive(g->code)) {
		snprintf(visible, sizeof(visible), "\\u%04x", (unsigned)g->code);
		out_str(out, visible);
	} else
		out_span(out, g->bytes);
}

void
terminal_escape(struct out *out, struct span s)
{
	while (s.len > 0) {
		struct terminal_glyph g = terminal_take_glyph(&s);

		terminal_put_glyph(out, &g);
	}
}

unsigned
terminal_width(struct span s)
{
	unsigned width = 0;

	while (s.len > 0)
		width += terminal_take_glyph(&s).width;
	return width;
}

static bool
is_among(uint32_t code, const uint32_t *codes)
{
	while (*codes != 0 && *codes != code)
		codes++;
	return *codes != 0;
}

/* Characters not to begin a line: closing marks, stops, small kana, marks of length
   and repetition. JIS X 4051 section 4.3 (gyoto kinsoku) */
static bool
must_not_begin(uint32_t code)
{
	static const uint32_t codes[] = { '!', ')', ',', '.', ':', ';', '?', ']', '}', '%', '>', '"', '\'', 0x2019,
		0x201d, 0x2025, 0x2026, 0x2030, /* quotes, leaders */
		0x3001, 0x3002, 0x3005, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0x3015, 0x3017, 0x3019, 0x301c, 0x301f,
		0x303b, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308e, 0x309b, 0x309c,
		0x309d, 0x309e, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30c3, 0x30e3, 0x30e5, 0x30e7, 0x30ee, 0x30f5,
		0x30f6, 0x30fb, 0x30fc, 0x30fd, 0x30fe, 0xff01, 0xff05, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f,
		0xff3d, 0xff5d, 0xff5e, 0xff60, 0xff61, 0xff63, 0xff64, 0xff65, 0xff70, 0xff9e, 0xff9f, 0 };

	return is_among(code, codes);
}

/* Opening marks, not to end a line. JIS X 4051 section 4.3 (gyomatsu kinsoku) */
static bool
must_not_end(uint32_t code)
{
	static const uint32_t codes[] = { '(', '[', '{', '<', 0x2018, 0x201c, 0x3008, 0x300a, 0x300c, 0x300e, 0x3010,
		0x3014, 0x3016, 0x3018, 0x301d, 0xff08, 0xff3b, 0xff5b, 0xff5f, 0xff62, 0 };

	return is_among(code, codes);
}

static bool
is_east_asian(const struct terminal_glyph *g)
{
	return g->sound && g->width == 2;
}

static bool
may_break_between(const struct terminal_glyph *a, const struct terminal_glyph *b)
{
	if (!is_east_asian(a) && !is_east_asian(b))
		return false;
	return b->width > 0 && !must_not_begin(b->code) && !must_not_end(a->code);
}

static bool
is_hiragana(uint32_t code)
{
	return code >= 0x3041 && code <= 0x309f;
}

static bool
is_katakana(uint32_t code)
{
	return (code >= 0x30a1 && code <= 0x30fe && code != 0x30fb) || (code >= 0xff66 && code <= 0xff9f);
}

/* A full stop, or a bracket that closes an aside. */
static bool
is_stop(uint32_t code)
{
	static const uint32_t codes[] = { ')', 0x3002, 0xff09, 0 };

	return is_among(code, codes);
}

/* Whether a break before `g` would leave a kana or two and the stop to the next row; `rest` follows it. */
static bool
leaves_an_orphan(const struct terminal_glyph *g, struct span rest)
{
	enum { KANA_LEAST = 3 };
	struct terminal_glyph next = *g;

	for (unsigned kana = 0; is_hiragana(next.code) && kana < KANA_LEAST; kana++) {
		if (rest.len == 0 || rest.at[0] == '\n')
			return kana + 1 < KANA_LEAST;
		next = terminal_take_glyph(&rest);
		if (is_stop(next.code))
			return kana + 1 < KANA_LEAST;
	}
	return false;
}

/* Where a phrase ends: behind a stop, where hiragana gives way to another script, before 「ください」. */
static bool
ends_phrase(const struct terminal_glyph *a, const struct terminal_glyph *b)
{
	if ((a->code == 0x3066 || a->code == 0x3067) && b->code == 0x304f)
		return true;
	return a->code == 0x3001 || a->code == 0x3002 || (is_hiragana(a->code) && !is_hiragana(b->code));
}

static bool
is_blank(const struct terminal_glyph *g)
{
	return g->code == ' ' || g->code == '\t' || g->code == 0x3000;
}

static struct span
between(const char *start, const char *end)
{
	return (struct span){ start, (size_t)(end - start) };
}

/* The row's text up to a line end, less the CR and the blanks before it. */
static struct span
without_end(struct span row)
{
	while (row.len > 0 && (row.at[row.len - 1] == '\r' || row.at[row.len - 1] == ' '))
		row.len--;
	return row;
}

/* A place where a row may end: its text does so at `end`, the next row begins at `next`. */
struct row_break {
	const char *end, *next;
	unsigned width;
};

struct row_breaks { /* the last of each kind so far; end NULL: none */
	struct row_break any, phrase;
	struct row_break forced; /* within a word that is longer than the row */
};

/* Notes that a row may end before `g`, or at it where it is a blank; `rest` follows it. */
static void
note_break(struct row_breaks *b, const struct terminal_glyph *before, const struct terminal_glyph *g, struct span rest,
    unsigned width)
{
	const struct row_break here = { g->bytes.at, g->bytes.at, width };

	if (is_blank(g)) {
		if (!is_blank(before))
			b->any = (struct row_break){ g->bytes.at, NULL, width };
		b->any.next = g->bytes.at + g->bytes.len;
	} else if (!is_blank(before) && may_break_between(before, g)) {
		b->forced = here;
		if ((is_katakana(before->code) && is_katakana(g->code)) || leaves_an_orphan(g, rest))
			return;
		b->any = here;
		if (ends_phrase(before, g))
			b->phrase = here;
	}
}

/* A phrase is kept together where that leaves no more than a fifth of the row empty. */
static const struct row_break *
better_break(const struct row_breaks *b, unsigned room)
{
	if (b->any.end == NULL)
		return &b->forced;
	return b->phrase.end != NULL && b->any.end == b->any.next && b->phrase.width + room / 5 >= room ? &b->phrase
													: &b->any;
}

struct span
terminal_take_row(struct span *rest, unsigned room)
{
	const char *start = rest->at;
	struct row_breaks breaks = { 0 };
	struct terminal_glyph g, before = { .code = ' ' };
	struct span s = *rest;
	unsigned width = 0;

	for (; s.len > 0; before = g) {
		g = terminal_take_glyph(&s);
		if (g.code == '\n') {
			*rest = s;
			return without_end(between(start, g.bytes.at));
		}
		note_break(&breaks, &before, &g, s, width);
		width += g.width;
		if (room != 0 && width > room && better_break(&breaks, room)->end != NULL && !is_blank(&g)) {
			const struct row_break *at = better_break(&breaks, room);

			*rest = between(at->next, s.at + s.len);
			return between(start, at->end);
		}
	}
	*rest = s;
	return without_end(between(start, s.at));
}

unsigned
terminal_room(const struct terminal *t, unsigned indent)
{
	if (t->width == 0)
		return 0;
	return t->width < indent + TERMINAL_ROOM_LEAST ? TERMINAL_ROOM_LEAST : t->width - indent;
}

void
terminal_blanks(struct out *out, unsigned n)
{
	if (n == 0)
		return;
	memset(out_room(out, n), ' ', n);
	out->len += n;
}

void
terminal_paragraph(const struct terminal *t, struct out *out, struct span text, unsigned indent)
{
	const unsigned room = terminal_room(t, indent);

	do {
		terminal_escape(out, terminal_take_row(&text, room));
		out_char(out, '\n');
		if (text.len > 0)
			terminal_blanks(out, indent);
	} while (text.len > 0);
}

void
terminal_style(const struct terminal *t, struct out *out, enum terminal_style style)
{
	static const char *const codes[] = { [STYLE_PLAIN] = "\x1b[0m",
		[STYLE_STRONG] = "\x1b[1m",
		[STYLE_FAINT] = "\x1b[2m",
		[STYLE_LABEL] = "\x1b[36m",
		[STYLE_BAD] = "\x1b[1;31m",
		[STYLE_PASSING] = "\x1b[1;33m",
		[STYLE_GOOD] = "\x1b[32m",
		[STYLE_MARK] = "\x1b[1;4;33m" };

	if (t->colour)
		out_str(out, codes[style]);
}
