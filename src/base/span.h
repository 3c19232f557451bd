/*
 * A span is a borrowed run of bytes: where it starts and how long it is.
 * Nothing here allocates, and nothing here expects a terminating NUL.
 *
 * The span_take_*() functions read from the front. On success they advance
 * the span past what they read; on failure they leave everything untouched,
 * so they chain with &&.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/ascii.h"

struct span {
	const char *at;
	size_t len;
};

/* What a parser says of its input. Only PARSE_OK moves the input forward. */
enum parse {
	PARSE_OK,
	PARSE_MORE, /* sound so far, but not all there yet */
	PARSE_BAD, /* no further byte can make it sound */
};

/* NULL + 0 is undefined in C; compiled, the choice is none. */
static inline struct span
span_skip(struct span s, size_t n)
{
	return (struct span){ n > 0 ? s.at + n : s.at, s.len - n };
}

/* A string literal as a static span: nothing is counted at run time. */
#define SPAN_INIT(literal) \
	{ \
		"" literal, sizeof(literal) - 1 \
	}

/* A span over a string literal or any other NUL-terminated string. */
static inline struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

static inline struct span
span_first(struct span s, size_t n)
{
	return (struct span){ s.at, n < s.len ? n : s.len };
}

static inline bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Equal when ASCII letters are folded. */
static inline bool
span_equal_folded(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.at[i]) != ascii_lower(b.at[i]))
			return false;
	return true;
}

/* Whether `s` begins with `prefix`. */
static inline bool
span_starts(struct span s, const char *prefix)
{
	struct span p = span_of(prefix);

	return s.len >= p.len && memcmp(s.at, p.at, p.len) == 0;
}

/* Takes `prefix` off the front. */
static inline bool
span_take(struct span *s, const char *prefix)
{
	if (!span_starts(*s, prefix))
		return false;
	*s = span_skip(*s, strlen(prefix));
	return true;
}

/* The same, ASCII letters folded. */
static inline bool
span_starts_folded(struct span s, const char *prefix)
{
	struct span p = span_of(prefix);

	return s.len >= p.len && span_equal_folded(span_first(s, p.len), p);
}

/* Without blanks, tabs and line ends at both ends. */
static inline struct span
span_trim(struct span s)
{
	while (s.len > 0 && ascii_is_space(s.at[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && ascii_is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Where `c` first stands in `s`, or s.len. */
static inline size_t
span_index(struct span s, char c)
{
	const char *p = s.len ? memchr(s.at, c, s.len) : NULL;

	return p ? (size_t)(p - s.at) : s.len;
}

#ifdef _GNU_SOURCE
/* Whether `words` stands in `s`. */
static inline bool
span_holds(struct span s, const char *words)
{
	return s.len > 0 && memmem(s.at, s.len, words, strlen(words)) != NULL;
}
#endif

static inline bool
span_is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.at[i] >= 0x80)
			return false;
	return true;
}

/* The byte that `sign` and two hexadecimal digits at s[i] stand for ("=E5", "%20"), or -1. */
static inline int
span_hex_byte(struct span s, size_t i, char sign)
{
	int high, low;

	if (s.at[i] != sign || s.len - i < 3)
		return -1;
	high = ascii_hex_value(s.at[i + 1]);
	low = ascii_hex_value(s.at[i + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static inline bool
span_take_char(struct span *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

/* Takes a decimal number of `min` to `max` digits, and not one digit more. */
static inline bool
span_take_digits(struct span *s, size_t min, size_t max, uint16_t *number)
{
	size_t n = 0;
	uint16_t value = 0;

	while (n < s->len && s->at[n] >= '0' && s->at[n] <= '9') {
		if (n == max)
			return false;
		value = (uint16_t)(value * 10 + (s->at[n++] - '0'));
	}
	if (n < min)
		return false;
	*s = span_skip(*s, n);
	*number = value;
	return true;
}

/* Takes one line up to LF; `line` gets it without its LF or CRLF. */
static inline bool
span_take_line(struct span *s, struct span *line)
{
	const char *lf = s->len ? memchr(s->at, '\n', s->len) : NULL;
	size_t n;

	if (lf == NULL)
		return false;
	n = (size_t)(lf - s->at);
	*line = (struct span){ s->at, n && lf[-1] == '\r' ? n - 1 : n };
	*s = span_skip(*s, n + 1);
	return true;
}

#endif
