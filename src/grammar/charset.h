/*
 * Text in whatever charset mail brings, as UTF-8.
 *
 *	charset=iso-2022-jp	ESC $ B 1 w ESC ( B
 *	charset=shift_jis	0x89 0x8b
 */
#ifndef GRAMMAR_CHARSET_H
#define GRAMMAR_CHARSET_H

#include "base/arena.h"

/*
 * Never fails: bytes that make no sense become U+FFFD. `label` is what the
 * mail calls its charset, empty when it does not say. Valid UTF-8 is returned
 * as it is, borrowed, whatever the label says (but for charsets that look like
 * ASCII: ISO-2022, UTF-7); anything else goes by the label
 * when that is known and fits, by its looks otherwise. The result is valid
 * UTF-8, in the arena unless borrowed.
 */
struct span charset_to_utf8(struct arena *arena, struct span bytes, struct span label);

/* How many of the first bytes are well-formed UTF-8. RFC 3629 section 4 */
size_t charset_utf8_len(struct span bytes);

/* Loads every converter there is, for a process that may open no files later; they are kept. */
void charset_prepare(void);

#endif
