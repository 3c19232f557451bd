/*
 * What every structured field is made of: blanks, comments, quoted strings.
 * RFC 5322 section 3.2, RFC 6532 section 3.2
 *
 *	(a comment \) (nested)) "quoted, \"escaped\""
 *
 * Strict: a control character or bytes that are not UTF-8 are a fault
 * everywhere; a line end stands only before a blank.
 */
#ifndef GRAMMAR_CFWS_H
#define GRAMMAR_CFWS_H

#include "base/arena.h"

/* Neither a control character nor a line or paragraph separator: some readers end a line there. */
bool cfws_is_printable(uint32_t code);

/* Takes one printable character, a space among them. */
bool cfws_take_char(struct span *s);

/* Skips what there is of blanks and comments. `comment`, unless NULL, gets the first comment's text, raw; it is left
   alone where there is none. False: a comment is unsound, and `s` begins with it. */
bool cfws_skip(struct span *s, struct span *comment);

/* Takes a quoted string, blanks around it not among it; `text` gets what it says. */
bool cfws_take_quoted(struct arena *arena, struct span *s, struct span *text);

/* A comment's or quoted string's raw text without folds and backslashes; a tab becomes a space. Borrowed when there
   are none. */
struct span cfws_plain(struct arena *arena, struct span raw);

#endif
