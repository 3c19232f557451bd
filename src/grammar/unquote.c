#include "grammar/unquote.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "grammar/html.h"

enum { LEVELS_MAX = 6, QUOTED_LINES_MIN = 3, LINK_SIZE_MAX = 400 };

static struct span
take_line(struct span *rest)
{
	const size_t n = span_index(*rest, '\n');
	const struct span line = span_first(*rest, n);

	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return line;
}

static struct span
without_blanks(struct span line)
{
	while (line.len > 0 && ascii_is_line_blank(line.at[0]))
		line = span_skip(line, 1);
	return line;
}

/* ">>> RCPT TO:" is a transcript's own. */
static bool
is_quoted(struct span line, char mark)
{
	line = without_blanks(line);
	if (line.len == 0 || line.at[0] != mark)
		return false;
	return !(span_starts(line, ">>> ") && line.len > 4 && ascii_is_alpha(line.at[4]));
}

/* "< 550 no such user": curl's and others' way to show a session. */
static bool
is_answer(struct span line)
{
	line = without_blanks(line);
	return line.len > 2 && line.at[0] == '<' && line.at[1] == ' ' && ascii_is_digit(line.at[2]);
}

static bool
is_quotation(struct span text, char mark)
{
	size_t n_lines = 0, n_quoted = 0;

	while (text.len > 0) {
		const struct span line = take_line(&text);

		if (mark == '>' && is_answer(line))
			return false;
		n_quoted += is_quoted(line, mark);
		n_lines += without_blanks(line).len > 0;
	}
	return n_quoted >= QUOTED_LINES_MIN || n_quoted * 2 > n_lines;
}

static struct span
without_mark(struct span line, char mark)
{
	line = span_skip(without_blanks(line), 1);
	if (line.len > 0 && line.at[0] == ' ')
		line = span_skip(line, 1);
	if (mark == '|') {
		const struct span cells = span_trim(line);

		if (cells.len > 0 && cells.at[cells.len - 1] == '|')
			return span_first(cells, cells.len - 1);
	}
	return line;
}

static struct span
without_marks(struct arena *arena, struct span text, char mark)
{
	char *to = arena_take(arena, text.len + 1);
	size_t n = 0;

	while (text.len > 0) {
		struct span line = take_line(&text);

		if (is_quoted(line, mark))
			line = without_mark(line, mark);
		if (line.len > 0)
			memcpy(to + n, line.at, line.len);
		n += line.len;
		to[n++] = '\n';
	}
	return (struct span){ to, n };
}

/* "](mailto:a@b)", "<mailto:a@b>": the address stands before it. */
static bool
take_link(struct span *s)
{
	struct span rest = span_first(*s, LINK_SIZE_MAX);
	char end;

	if (span_take(&rest, "](mailto:"))
		end = ')';
	else if (span_take(&rest, "<mailto:"))
		end = '>';
	else
		return false;
	for (size_t i = 0; i < rest.len && rest.at[i] > ' '; i++)
		if (rest.at[i] == end) {
			*s = span_skip(*s, (size_t)(rest.at - s->at) + i + 1);
			return true;
		}
	return false;
}

/* Whether "[" opens a link to an address: it closes with it on the same line. */
static bool
opens_link(struct span s)
{
	size_t n;

	s = span_first(s, LINK_SIZE_MAX);
	n = span_index(s, ']');
	return n < span_index(s, '\n') && span_starts(span_skip(s, n), "](mailto:");
}

/* What typography makes of the signs that servers write. "" drops it. */
static const char *
plain_sign(struct span *s)
{
	static const struct {
		const char *sign, *plain;
	} signs[] = { { "\xe2\x80\x98", "'" }, { "\xe2\x80\x99", "'" }, { "\xe2\x80\x9c", "\"" },
		{ "\xe2\x80\x9d", "\"" }, { "\xe2\x80\x9e", "\"" }, { "\xc2\xa0", " " }, { "\xe2\x80\xaf", " " },
		{ "\xe2\x80\x8b", "" }, { "\xe2\x80\x8e", "" }, { "\xe2\x80\x8f", "" }, { "\xef\xbb\xbf", "" } };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (span_take(s, signs[i].sign))
			return signs[i].plain;
	return NULL;
}

/* "`taro@example.jp`", "`550 5.1.1 no`", "```": code, as Markdown marks it. Where it ends, or NULL: other words in
   backquotes are the server's own. */
static const char *
end_of_code(struct span s)
{
	struct span code = span_skip(span_first(s, LINK_SIZE_MAX), 1);
	size_t n = span_index(code, '`');

	if (n == code.len || span_index(code, '\n') < n)
		return NULL;
	code = span_first(code, n);
	return n == 0 || ascii_is_digit(code.at[0]) || span_index(code, '@') < n ? code.at + n : NULL;
}

/* Whether any sign may have to be changed at all: most texts need no copy. */
static bool
holds_signs(struct span text)
{
	return memchr(text.at, '`', text.len) != NULL || span_holds(text, "&lt;") || span_holds(text, "&gt;") ||
	    span_holds(text, "&#") || span_holds(text, "mailto:") || span_holds(text, "\xe2\x80") ||
	    span_holds(text, "\xc2\xa0") || span_holds(text, "\xef\xbb\xbf");
}

static struct span
with_plain_signs(struct arena *arena, struct span s)
{
	const bool escaped = span_holds(s, "&lt;") || span_holds(s, "&gt;") || span_holds(s, "&#");
	char *start = arena_take(arena, s.len), *to = start;
	const char *code_end = s.at + s.len; /* none yet */

	while (s.len > 0) {
		const char *plain = (unsigned char)s.at[0] >= 0x80 ? plain_sign(&s) : NULL;
		uint32_t c;

		if (plain != NULL) {
			while (*plain != '\0')
				*to++ = *plain++;
		} else if (s.at == code_end || (s.at[0] == '[' && opens_link(s))) {
			s = span_skip(s, 1);
		} else if (s.at[0] == '`' && (code_end = end_of_code(s)) != NULL) {
			s = span_skip(s, 1);
		} else if (escaped && s.at[0] == '&' && html_take_entity(&s, &c)) {
			to += utf8_put(c == 0xa0 ? ' ' : c, to);
		} else if (!take_link(&s)) {
			*to++ = s.at[0];
			s = span_skip(s, 1);
		}
	}
	return (struct span){ start, (size_t)(to - start) };
}

struct span
unquote(struct arena *arena, struct span text)
{
	bool more = text.len > 0 && text.len <= UNQUOTE_SIZE_MAX;

	if (more && holds_signs(text))
		text = with_plain_signs(arena, text);
	for (unsigned level = 0; more && level < LEVELS_MAX; level++) {
		more = false;
		for (const char *mark = ">|"; *mark != '\0'; mark++) {
			if (memchr(text.at, *mark, text.len) == NULL || !is_quotation(text, *mark))
				continue;
			text = without_marks(arena, text, *mark);
			more = true;
		}
	}
	return text;
}

struct span
unindent(struct arena *arena, struct span text, size_t n_blanks)
{
	char *to = arena_take(arena, text.len + 1);
	size_t n = 0;

	while (text.len > 0) {
		struct span line = take_line(&text);

		for (size_t i = 0; i < n_blanks && line.len > 0 && ascii_is_blank(line.at[0]); i++)
			line = span_skip(line, 1);
		if (line.len > 0)
			memcpy(to + n, line.at, line.len);
		n += line.len;
		to[n++] = '\n';
	}
	return (struct span){ to, n };
}
