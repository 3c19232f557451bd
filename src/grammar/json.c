#include "grammar/json.h"

static const struct span nothing = SPAN_INIT("");

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_blanks(struct span *s)
{
	while (s->len > 0 && is_blank(s->at[0]))
		*s = span_skip(*s, 1);
}

/* The length of the string at the front with its quotes, or 0. RFC 8259 section 7 */
static size_t
string_len(struct span s)
{
	size_t at = 1;

	if (s.len < 2 || s.at[0] != '"')
		return 0;
	for (;;) {
		const char *quote = memchr(s.at + at, '"', s.len - at);
		size_t slashes = 0, end;

		if (quote == NULL)
			return 0;
		end = (size_t)(quote - s.at);
		while (end - slashes > 1 && s.at[end - slashes - 1] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return end + 1;
		at = end + 1;
		if (at >= s.len)
			return 0;
	}
}

/* An object or array: up to its own closing bracket. */
static size_t
container_len(struct span s)
{
	char open[JSON_DEPTH_MAX];
	size_t depth = 0, n;

	for (size_t i = 0; i < s.len; i++)
		switch (s.at[i]) {
		case '"':
			n = string_len(span_skip(s, i));
			if (n == 0)
				return 0;
			i += n - 1;
			break;
		case '{':
		case '[':
			if (depth == JSON_DEPTH_MAX)
				return 0;
			open[depth++] = s.at[i];
			break;
		case '}':
		case ']':
			if (depth == 0 || open[--depth] != (s.at[i] == '}' ? '{' : '['))
				return 0;
			if (depth == 0)
				return i + 1;
			break;
		default: break;
		}
	return 0;
}

/* A number, true, false or null. */
static size_t
word_len(struct span s)
{
	size_t n = 0;

	while (n < s.len &&
	    (s.at[n] == '-' || s.at[n] == '+' || s.at[n] == '.' || (s.at[n] >= '0' && s.at[n] <= '9') ||
		(ascii_lower(s.at[n]) >= 'a' && ascii_lower(s.at[n]) <= 'z')))
		n++;
	return n;
}

bool
json_take_value(struct span *s, struct span *value)
{
	struct span rest = *s;
	size_t n = 0;

	skip_blanks(&rest);
	if (rest.len == 0)
		return false;
	switch (rest.at[0]) {
	case '"': n = string_len(rest); break;
	case '{':
	case '[': n = container_len(rest); break;
	default: n = word_len(rest); break;
	}
	if (n == 0)
		return false;
	*value = span_first(rest, n);
	rest = span_skip(rest, n);
	skip_blanks(&rest);
	*s = rest;
	return true;
}

/* Past the opening bracket or the comma before the next. */
static bool
enter(struct span *rest, char open, char close)
{
	skip_blanks(rest);
	if (!span_take_char(rest, open) && !span_take_char(rest, ','))
		return false;
	skip_blanks(rest);
	return rest->len > 0 && rest->at[0] != close;
}

bool
json_take_member(struct span *rest, struct span *name, struct span *value)
{
	struct span s = *rest;
	size_t n;

	if (!enter(&s, '{', '}'))
		return false;
	n = string_len(s);
	if (n == 0)
		return false;
	*name = (struct span){ s.at + 1, n - 2 };
	s = span_skip(s, n);
	skip_blanks(&s);
	if (!span_take_char(&s, ':') || !json_take_value(&s, value))
		return false;
	*rest = s;
	return true;
}

bool
json_take_element(struct span *rest, struct span *value)
{
	struct span s = *rest;

	if (!enter(&s, '[', ']') || !json_take_value(&s, value))
		return false;
	*rest = s;
	return true;
}

struct span
json_find(struct span object, const char *path)
{
	struct span whole = span_of(path);

	while (whole.len > 0) {
		const size_t n = span_index(whole, '.');
		struct span wanted = span_first(whole, n), name, value, found = nothing;

		whole = span_skip(whole, n < whole.len ? n + 1 : n);
		if (!json_is_object(object))
			return nothing;
		while (found.len == 0 && json_take_member(&object, &name, &value))
			if (span_equal(name, wanted))
				found = value;
		if (found.len == 0)
			return nothing;
		object = found;
	}
	return object;
}

static bool
take_hex4(struct span s, size_t at, unsigned *code)
{
	*code = 0;
	if (at + 4 > s.len)
		return false;
	for (size_t i = at; i < at + 4; i++) {
		const char c = ascii_lower(s.at[i]);

		if (c >= '0' && c <= '9')
			*code = *code << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*code = *code << 4 | (unsigned)(c - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* RFC 3629 section 3 */
static size_t
put_utf8(char *to, unsigned code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 63));
		to[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 63));
	to[2] = (char)(0x80 | (code >> 6 & 63));
	to[3] = (char)(0x80 | (code & 63));
	return 4;
}

/* "\u3042", also as a surrogate pair; half a pair is U+FFFD, less than that "?". `i` stands behind the "u". */
static size_t
put_escape(char *to, struct span s, size_t *i)
{
	unsigned code, low;

	if (!take_hex4(s, *i, &code)) {
		to[0] = '?'; /* U+FFFD would be longer than what is there */
		return 1;
	}
	*i += 4;
	if (code >= 0xd800 && code < 0xdc00 && *i + 1 < s.len && s.at[*i] == '\\' && s.at[*i + 1] == 'u' &&
	    take_hex4(s, *i + 2, &low) && low >= 0xdc00 && low < 0xe000) {
		*i += 6;
		return put_utf8(to, 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00)));
	}
	return put_utf8(to, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
}

struct span
json_unescape(struct arena *arena, struct span s)
{
	static const char from[] = "bfnrt", to_what[] = "\b\f\n\r\t";
	char *to;
	size_t n = 0;

	if (s.len == 0 || memchr(s.at, '\\', s.len) == NULL)
		return s;
	to = arena_take(arena, s.len); /* an escape is never shorter than what it stands for */
	for (size_t i = 0; i < s.len;) {
		const char *known;

		if (s.at[i] != '\\' || i + 1 == s.len) {
			to[n++] = s.at[i++];
			continue;
		}
		i += 2;
		known = s.at[i - 1] != '\0' ? strchr(from, s.at[i - 1]) : NULL;
		if (s.at[i - 1] == 'u')
			n += put_escape(to + n, s, &i);
		else
			to[n++] = known != NULL ? to_what[known - from] : s.at[i - 1];
	}
	return (struct span){ to, n };
}

struct span
json_text(struct arena *arena, struct span value)
{
	if (value.len == 0 || value.at[0] == '{' || value.at[0] == '[' || span_equal(value, span_of("null")))
		return nothing;
	if (value.at[0] != '"')
		return value;
	value = (struct span){ value.at + 1, value.len - 2 };
	return json_unescape(arena, value);
}

struct span
json_find_text(struct arena *arena, struct span object, const char *path)
{
	return json_text(arena, json_find(object, path));
}

bool
json_is_object(struct span value)
{
	return value.len > 1 && value.at[0] == '{';
}

bool
json_is_array(struct span value)
{
	return value.len > 1 && value.at[0] == '[';
}
