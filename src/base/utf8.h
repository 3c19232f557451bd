/*
 * UTF-8, one code point at a time, and how many columns it takes on a terminal.
 *
 *	e3 81 82 → U+3042, 2 columns
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

/* Whether `c` is a second or later byte of a character. RFC 3629 section 3 */
static inline bool
utf8_is_continuation(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

/*
 * Takes one code point off the front of `s`, which must not be empty. False
 * where the bytes are no UTF-8 (RFC 3629 section 4: overlong, surrogate, cut
 * short): one byte is taken all the same, and `code` is that byte.
 */
bool utf8_take(struct span *s, uint32_t *code);

/* 2 for what is wide or full-width in East Asia (UAX #11), 0 for what is
   drawn onto the character before, else 1. Says nothing of control characters. */
unsigned utf8_width(uint32_t code);

/* Appends the UTF-8 of `code` to `to` (4 bytes); returns how many. What is no code point becomes U+FFFD. */
size_t utf8_put(uint32_t code, char *to);

/* The first `n` bytes of `s`, less the character that this would cut. */
struct span utf8_first(struct span s, size_t n);

#endif
