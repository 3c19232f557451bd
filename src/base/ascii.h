/*
 * Classes of ASCII bytes, the same whatever the locale. A byte of 0x80 and
 * above belongs to none of them.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* DIGIT. RFC 5234 appendix B.1 */
static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* ALPHA. RFC 5234 appendix B.1 */
static inline bool
ascii_is_alpha(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* WSP: blank or tab. RFC 5234 appendix B.1 */
static inline bool
ascii_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What may trail on a line before its LF: WSP and CR. */
static inline bool
ascii_is_line_blank(char c)
{
	return ascii_is_blank(c) || c == '\r';
}

/* WSP, line ends, vertical tab and form feed. */
static inline bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* 0 to 15, or -1 where `c` is no hexadecimal digit. */
static inline int
ascii_hex_value(char c)
{
	const char l = ascii_lower(c);

	return ascii_is_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

#endif
