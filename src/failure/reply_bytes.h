/*
 * The bytes of a quoted reply: blanks in all the forms that a log, a mail
 * reader or a page gives them, and words in any case.
 */
#ifndef FAILURE_REPLY_BYTES_H
#define FAILURE_REPLY_BYTES_H

#include "base/ascii.h"
#include "base/span.h"

/* The length of the blank at the front, 0 for none. Exim's log writes a line
   end as two characters. */
static inline size_t
reply_blank_len(struct span s)
{
	const unsigned char *b = (const unsigned char *)s.at;

	if (s.len == 0)
		return 0;
	if (b[0] <= ' ' || b[0] == 127)
		return 1;
	if (s.len >= 2 && ((b[0] == '\\' && (b[1] == 'n' || b[1] == 'r')) || (b[0] == 0xc2 && b[1] == 0xa0)))
		return 2;
	if (s.len >= 3 &&
	    ((b[0] == 0xe3 && b[1] == 0x80 && b[2] == 0x80) ||
		(b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0x8b || b[2] == 0xaf)) ||
		(b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf)))
		return 3;
	return 0;
}

static inline bool
reply_is_line_end(struct span s)
{
	return s.len > 0 &&
	    (s.at[0] == '\n' || s.at[0] == '\r' ||
		(s.len > 1 && s.at[0] == '\\' && (s.at[1] == 'n' || s.at[1] == 'r')));
}

static inline bool
reply_skip_blanks(struct span *s)
{
	size_t n, all = 0;

	while ((n = reply_blank_len(*s)) > 0) {
		*s = span_skip(*s, n);
		all += n;
	}
	return all > 0;
}

static inline bool
reply_is_host_byte(char c)
{
	char l = ascii_lower(c);

	return ascii_is_digit(c) || (l >= 'a' && l <= 'z') || c == '.' || c == '-' || c == '_';
}

/* Up to the line's end. */
void reply_skip_line(struct span *s);

/* Takes words in any case (`phrase` is in lower case); a blank in it stands
   for any run of blanks, so that folded lines are read too. */
bool reply_take_phrase(struct span *s, const char *phrase);

/* Takes what stands before `mark`, and the mark; at most `max` bytes. */
bool reply_take_until(struct span *s, const char *mark, size_t max, struct span *before);

/* A run without blanks. */
struct span reply_take_word(struct span *s);

/* An IPv4 or IPv6 address; the words of it are not checked further. */
bool reply_take_ip(struct span *s, struct span *ip);

/* "mx.example.jp[192.0.2.1]", "mx.example.jp [192.0.2.1]" or the name alone */
bool reply_take_host(struct span *s, struct span *host, struct span *ip);

#endif
