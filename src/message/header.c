#include "message/header.h"

#include "base/out.h"
#include "grammar/charset.h"
#include "grammar/transfer_encoding.h"
#include "message/mbox.h"

enum { CHARSET_LABEL_SIZE_MAX = 64 };

/* How long the line end is that `s` begins with; 0: it begins with none. CR CR
   LF is one too: a text-mode transfer of CRLF files leaves it behind. */
static size_t
line_end_len(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] == '\r')
		n++;
	return n < s.len && s.at[n] == '\n' ? n + 1 : 0;
}

/* Where the line behind the first line of `s` begins. */
static size_t
line_len(struct span s)
{
	size_t n = span_index(s, '\n');

	return n < s.len ? n + 1 : n;
}

/* A field with all lines folded into it. `section` begins with its first. */
static size_t
field_len(struct span section)
{
	size_t n = line_len(section);

	while (n < section.len && ascii_is_blank(section.at[n]))
		n += line_len(span_skip(section, n));
	return n;
}

/* field-name = 1*ftext; blanks before the colon are obsolete, but met.
   RFC 5322 sections 3.6.8 and 4.5 */
static bool
take_name(struct span *field, struct span *name)
{
	size_t n = 0, colon;

	while (n < field->len && field->at[n] > ' ' && field->at[n] < 127 && field->at[n] != ':')
		n++;
	for (colon = n; colon < field->len && ascii_is_blank(field->at[colon]);)
		colon++;
	if (n == 0 || colon == field->len || field->at[colon] != ':')
		return false;
	*name = span_first(*field, n);
	*field = span_skip(*field, colon + 1);
	return true;
}

bool
header_take_field(struct span *section, struct header_field *f)
{
	while (section->len > 0 && line_end_len(*section) == 0) {
		struct span field = span_first(*section, field_len(*section));

		*section = span_skip(*section, field.len);
		f->whole = field;
		if (take_name(&field, &f->name)) {
			f->value = span_trim(field);
			return true;
		}
	}
	return false;
}

/* Whether the line that `section` begins with is the field of this name. */
static bool
begins_field(struct span section, struct span name)
{
	return name.len < section.len && (section.at[name.len] == ':' || ascii_is_blank(section.at[name.len])) &&
	    span_equal_folded(span_first(section, name.len), name);
}

void
header_find_all(struct span section, const struct span *names, size_t n, struct span *values)
{
	size_t missing = n;
	uint32_t firsts = 0; /* first letters: most lines are none of these */

	for (size_t i = 0; i < n; i++) {
		firsts |= 1U << (names[i].at[0] & 31);
		values[i] = (struct span){ NULL, 0 };
	}
	while (missing > 0 && section.len > 0) {
		if (section.at[0] <= '\r' && line_end_len(section) > 0)
			break;
		for (size_t i = 0; i < n && (firsts >> (section.at[0] & 31) & 1); i++) {
			struct span field, name;

			if (values[i].at != NULL || !begins_field(section, names[i]))
				continue;
			field = span_first(section, field_len(section));
			if (take_name(&field, &name) && name.len == names[i].len) {
				values[i] = span_trim(field);
				missing--;
				break;
			}
		}
		section = span_skip(section, line_len(section));
	}
}

struct span
header_find(struct span section, const char *name)
{
	const struct span wanted = span_of(name);
	struct span value;

	header_find_all(section, &wanted, 1, &value);
	return value;
}

/* Blank lines are skipped only where a field follows. */
static struct span
skip_blank_lines(struct span message)
{
	struct span rest = message, name;
	size_t n;

	while ((n = line_end_len(rest)) > 0)
		rest = span_skip(rest, n);
	return take_name(&(struct span){ rest.at, span_index(rest, '\n') }, &name) ? rest : message;
}

struct span
header_start(struct span message)
{
	if (span_starts(message, "\xef\xbb\xbf"))
		message = span_skip(message, 3);
	if (mbox_is_start(message)) {
		message = span_skip(message, span_index(message, '\n'));
		message = span_skip(message, message.len > 0);
	}
	return skip_blank_lines(message);
}

bool
header_split(struct span message, struct span *section, struct span *body)
{
	struct span rest = message;

	while (rest.len > 0) {
		size_t n = line_end_len(rest);

		if (n > 0) {
			*section = span_first(message, (size_t)(rest.at - message.at));
			*body = span_skip(rest, n);
			return true;
		}
		rest = span_skip(rest, line_len(rest));
	}
	*section = message;
	*body = rest;
	return false;
}

struct span
header_unfold(struct arena *arena, struct span value)
{
	char *to, *start;

	value = span_trim(value);
	if (span_index(value, '\n') == value.len && span_index(value, '\r') == value.len)
		return value;
	start = to = arena_take(arena, value.len + 1);
	for (size_t i = 0; i < value.len;) {
		if (value.at[i] != '\n' && value.at[i] != '\r') {
			*to++ = value.at[i++];
			continue;
		}
		while (i < value.len && (ascii_is_blank(value.at[i]) || value.at[i] == '\n' || value.at[i] == '\r'))
			i++;
		while (to > start && ascii_is_blank(to[-1]))
			to--;
		*to++ = ' ';
	}
	return (struct span){ start, (size_t)(to - start) };
}

struct encoded_word {
	struct span charset, text;
	char encoding; /* b or q */
};

/*
 * encoded-word = "=?" charset ["*" language] "?" encoding "?" text "?="
 * RFC 2047 section 2, RFC 2231 section 5. Blanks in the text and any length
 * are put up with.
 */
static bool
take_encoded_word(struct span *s, struct encoded_word *w)
{
	struct span rest = span_skip(*s, 2);
	size_t n = span_index(span_first(rest, CHARSET_LABEL_SIZE_MAX), '?');
	const char *end;

	if (n == 0 || rest.len < n + 3 || rest.at[n] != '?' || rest.at[n + 2] != '?')
		return false;
	w->charset = span_first(rest, n);
	w->charset.len = span_index(w->charset, '*');
	w->encoding = ascii_lower(rest.at[n + 1]);
	if (w->encoding != 'b' && w->encoding != 'q')
		return false;
	rest = span_skip(rest, n + 3);
	end = memmem(rest.at, rest.len, "?=", 2);
	if (end == NULL)
		return false;
	w->text = span_first(rest, (size_t)(end - rest.at));
	*s = span_skip(rest, w->text.len + 2);
	return true;
}

/* The "Q" encoding. RFC 2047 section 4.2 */
static void
out_q(struct out *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len && s.at[i] == '=' ? ascii_hex_value(s.at[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex_value(s.at[i + 2]) : -1;

		if (low >= 0)
			i += 2;
		out_char(out, low >= 0 ? (char)(high * 16 + low) : s.at[i] == '_' ? ' ' : s.at[i]);
	}
}

struct decoding {
	struct arena *arena;
	struct out text; /* UTF-8 */
	struct out bytes; /* of adjacent encoded-words in one charset */
	struct span charset;
};

/* A character may be split between encoded-words, against RFC 2047 section 5;
   so the bytes of all neighbours are put together first. */
static void
flush_words(struct decoding *d)
{
	if (d->bytes.len > 0)
		out_span(&d->text, charset_to_utf8(d->arena, out_view(&d->bytes), d->charset));
	out_clear(&d->bytes);
	d->charset = (struct span){ "", 0 };
}

static void
add_word(struct decoding *d, const struct encoded_word *w)
{
	if (!span_equal_folded(d->charset, w->charset))
		flush_words(d);
	d->charset = w->charset;
	if (w->encoding == 'b')
		out_span(&d->bytes, base64_decode(d->arena, w->text));
	else
		out_q(&d->bytes, w->text);
}

static void
add_literal(struct decoding *d, struct span s)
{
	if (s.len == 0)
		return;
	flush_words(d);
	out_span(&d->text, charset_to_utf8(d->arena, s, (struct span){ "", 0 }));
}

/* Past the last "?=" no encoded-word begins: not to search for it in vain. */
static const char *
last_word_end(struct span s)
{
	for (const char *p = s.at + s.len - 1; p > s.at; p--)
		if (p[0] == '=' && p[-1] == '?')
			return p - 1;
	return s.at;
}

/* Blanks between two encoded-words are not shown. RFC 2047 section 6.2 */
static void
decode_words(struct decoding *d, struct span s)
{
	struct encoded_word w;
	struct span literal = s;
	bool after_word = false;
	const char *p, *last_end = s.len ? last_word_end(s) : NULL;

	while (s.len > 0 && (p = memmem(s.at, s.len, "=?", 2)) != NULL && p < last_end) {
		s = span_skip(s, (size_t)(p - s.at));
		literal.len = (size_t)(p - literal.at);
		if (!take_encoded_word(&s, &w)) {
			s = span_skip(s, 2);
			continue;
		}
		if (!after_word || span_trim(literal).len > 0)
			add_literal(d, literal);
		add_word(d, &w);
		after_word = true;
		literal = s;
	}
	literal.len = (size_t)(s.at + s.len - literal.at);
	add_literal(d, literal);
	flush_words(d);
}

struct span
header_decode(struct arena *arena, struct span value)
{
	struct decoding d = { .arena = arena, .charset = { "", 0 } };
	struct span s = header_unfold(arena, value), text;

	if (s.len < 2 || memmem(s.at, s.len, "=?", 2) == NULL)
		return charset_to_utf8(arena, s, (struct span){ "", 0 });
	decode_words(&d, s);
	text = arena_copy(arena, out_view(&d.text));
	out_deinit(&d.text);
	out_deinit(&d.bytes);
	return text;
}
