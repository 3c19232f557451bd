#include "failure/literal.h"

#include <string.h>

#include "base/ascii.h"

static const struct pair {
	const char *open, *close;
} pairs[] = { { "'", "'" }, { "\"", "\"" }, { "`", "`" }, { "`", "'" }, { "\xe3\x80\x8c", "\xe3\x80\x8d" },
	{ "\xe3\x80\x8e", "\xe3\x80\x8f" }, { "\xe2\x80\x9c", "\xe2\x80\x9d" }, { "\xe2\x80\x98", "\xe2\x80\x99" } };

/* An apostrophe within a word closes nothing. */
static bool
closes(struct span text, size_t at, size_t n)
{
	return at + n >= text.len || (!ascii_is_alnum(text.at[at + n]) && (at == 0 || text.at[at - 1] != '\\'));
}

static size_t
find_close(struct span text, size_t at, const char *mark)
{
	const size_t n = strlen(mark), end = text.len - at > LITERAL_SIZE_MAX ? at + LITERAL_SIZE_MAX : text.len;
	const char *p = text.at + at;

	while ((p = memmem(p, (size_t)(text.at + end - p), mark, n)) != NULL) {
		if (closes(text, (size_t)(p - text.at), n))
			return (size_t)(p - text.at);
		p += n;
	}
	return 0;
}

size_t
literal_end(struct span text, size_t at)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const size_t n = strlen(pairs[i].open);
		size_t end;

		if (at < n || memcmp(text.at + at - n, pairs[i].open, n) != 0)
			continue;
		end = find_close(text, at, pairs[i].close);
		if (end > 0)
			return end;
	}
	return 0;
}

static size_t
write_escape(char *to, struct span *s)
{
	static const char from[] = "nrt\"'\\/", into[] = "\n\r\t\"'\\/";
	const char c = s->len > 1 ? s->at[1] : 'n', *p = memchr(from, c, sizeof(from) - 1);
	size_t n = 0;

	if (p != NULL) {
		to[n++] = into[p - from];
		*s = span_skip(*s, 2);
		return n;
	}
	*s = span_skip(*s, 1);
	if (c == 'x' && s->len >= 3 && span_hex_byte(*s, 0, 'x') >= 0) {
		to[n++] = (char)span_hex_byte(*s, 0, 'x');
		*s = span_skip(*s, 3);
		return n;
	}
	to[n++] = '\\';
	return n;
}

struct span
literal_unescape(struct arena *arena, struct span s)
{
	char *to;
	size_t n = 0;

	if (span_index(s, '\\') == s.len)
		return s;
	to = arena_take(arena, s.len);
	while (s.len > 0) {
		size_t plain = span_index(s, '\\');

		memcpy(to + n, s.at, plain);
		n += plain;
		s = span_skip(s, plain);
		if (s.len > 0)
			n += write_escape(to + n, &s);
	}
	return (struct span){ to, n };
}
