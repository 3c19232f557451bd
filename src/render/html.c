#include "render/html.h"

#include "render/terminal.h"

/* RFC 1866's few, as HTML has them still: HTML Living Standard, section 13.3 "escaping a string". */
static const char *
entity_of(uint32_t code)
{
	switch (code) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void
html_put_text(struct out *out, struct span s)
{
	while (s.len > 0) {
		const struct terminal_glyph g = terminal_take_glyph(&s);
		const char *entity = g.sound ? entity_of(g.code) : NULL;

		if (entity != NULL)
			out_str(out, entity);
		else
			terminal_put_glyph(out, &g);
	}
}

void
html_put_lines(struct out *out, struct span s)
{
	while (s.len > 0) {
		const size_t n = span_index(s, '\n');

		html_put_text(out, span_first(s, n > 0 && n < s.len && s.at[n - 1] == '\r' ? n - 1 : n));
		if (n < s.len)
			out_char(out, '\n');
		s = span_skip(s, n < s.len ? n + 1 : n);
	}
}

void
html_put_words(struct out *out, struct span words)
{
	while (words.len > 0) {
		const size_t n = span_index(words, '`');
		const struct span rest = span_skip(words, n < words.len ? n + 1 : n);
		const size_t end = span_index(rest, '`');

		html_put_text(out, span_first(words, end < rest.len ? n : words.len));
		if (end == rest.len)
			return;
		out_str(out, "<code>");
		html_put_text(out, span_first(rest, end));
		out_str(out, "</code>");
		words = span_skip(rest, end + 1);
	}
}

void
html_put_paragraphs(struct out *out, struct span words)
{
	while (words.len > 0) {
		const size_t n = span_index(words, '\n');
		const struct span line = span_trim(span_first(words, n));

		if (line.len > 0) {
			out_str(out, "<p>");
			html_put_words(out, line);
			out_str(out, "</p>");
		}
		words = span_skip(words, n < words.len ? n + 1 : n);
	}
}

void
html_put_link(struct out *out, struct span url)
{
	if (!span_starts(url, "https://")) {
		html_put_text(out, url);
		return;
	}
	out_str(out, "<a rel=\"noreferrer noopener\" target=\"_blank\" href=\"");
	html_put_text(out, url);
	out_str(out, "\">");
	html_put_text(out, url);
	out_str(out, "</a>");
}

/* What each of the terminal's styles is here. */
static const struct {
	const char *codes, *begin, *end;
} styles[] = {
	{ "1", "<b>", "</b>" },
	{ "2", "<small>", "</small>" },
	{ "36", "<span class=\"label\">", "</span>" },
	{ "1;31", "<b class=\"bad\">", "</b>" },
	{ "1;33", "<b class=\"passing\">", "</b>" },
	{ "32", "<b class=\"good\">", "</b>" },
	{ "1;4;33", "<mark>", "</mark>" },
};

enum { STYLES = sizeof(styles) / sizeof(styles[0]), LABEL = 2 };

/* Takes ESC [ codes m: the style, or STYLES for plain. */
static bool
take_style(struct span *s, size_t *style)
{
	struct span codes;
	size_t n;

	if (!span_starts(*s, "\x1b["))
		return false;
	codes = span_skip(*s, 2);
	n = span_index(codes, 'm');
	if (n == codes.len)
		return false;
	*s = span_skip(codes, n + 1);
	for (*style = 0; *style < STYLES; ++*style)
		if (span_equal(span_first(codes, n), span_of(styles[*style].codes)))
			break;
	return true;
}

static void
put_styled(struct out *out, struct span line)
{
	size_t style = STYLES, now = STYLES;

	while (line.len > 0) {
		const size_t n = span_index(line, '\x1b');

		html_put_words(out, span_first(line, n));
		line = span_skip(line, n);
		if (line.len == 0)
			break;
		if (!take_style(&line, &style)) {
			html_put_text(out, span_first(line, 1));
			line = span_skip(line, 1);
			continue;
		}
		out_str(out, now < STYLES ? styles[now].end : "");
		out_str(out, style < STYLES ? styles[style].begin : "");
		now = style;
	}
	out_str(out, now < STYLES ? styles[now].end : "");
}

static bool
is_heading(struct span line)
{
	size_t style;

	return take_style(&line, &style) && style == LABEL && line.len > 4 &&
	    span_equal(span_skip(line, line.len - 4), span_of("\x1b[0m")) && span_index(line, '\x1b') == line.len - 4;
}

/* A line of a server's reply: "550-5.7.26 …". */
static bool
is_reply(struct span line)
{
	uint16_t code;

	return span_take_digits(&line, 3, 3, &code) && code >= 400 && code < 600 && line.len > 0 &&
	    (line.at[0] == '-' || line.at[0] == ' ');
}

/* Four levels of indentation are told apart. */
static void
begin_line(struct out *out, size_t blanks, struct span line)
{
	static const char *const tags[] = { "<p>", "<p class=\"in1\">", "<p class=\"in2\">", "<p class=\"in3\">" };

	out_str(out, is_reply(line) ? "<p class=\"in1 mono\">" : tags[blanks / 2 < 4 ? blanks / 2 : 3]);
}

void
html_put_terminal(struct out *out, struct span text)
{
	while (text.len > 0) {
		const size_t n = span_index(text, '\n');
		struct span line = span_first(text, n);
		size_t blanks = 0;

		text = span_skip(text, n < text.len ? n + 1 : n);
		while (blanks < line.len && line.at[blanks] == ' ')
			blanks++;
		line = span_skip(line, blanks);
		if (line.len == 0)
			continue;
		if (is_heading(line))
			out_str(out, "<h3>");
		else
			begin_line(out, blanks, line);
		put_styled(out, line);
		out_str(out, is_heading(line) ? "</h3>\n" : "</p>\n");
	}
}
