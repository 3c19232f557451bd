/*
 * The header section of a message or body part. RFC 5322 section 2.2
 *
 *	Subject: =?ISO-2022-JP?B?GyRCMXckPyQ7JHMbKEI=?=
 *	 (failed)
 *
 * Lines end in LF or CRLF. Everything is borrowed unless an arena is asked for.
 */
#ifndef MESSAGE_HEADER_H
#define MESSAGE_HEADER_H

#include "base/arena.h"

struct header_field {
	struct span name; /* no colon, no blanks */
	struct span value; /* raw: trimmed, folds inside are kept */
	struct span whole; /* name, colon, value and line end, as they stand */
};

/* Takes the next field; skips lines that are none, a mbox `From ` line among
   them. Stops at an empty line and leaves it, or at the end. */
bool header_take_field(struct span *section, struct header_field *f);

/* The first field's raw value; an empty span with at == NULL: there is none. */
struct span header_find(struct span section, const char *name);

enum { HEADER_NAMES_MAX = 16 };

/* The same for several names in one pass; the names begin with a letter. */
void header_find_all(struct span section, const struct span *names, size_t n, struct span *values);

/* On one line: line ends go, the blanks behind them become one space.
   Borrowed when nothing is folded. RFC 5322 section 2.2.3 */
struct span header_unfold(struct arena *arena, struct span value);

/* Unfolded, encoded-words decoded (RFC 2047), in UTF-8. */
struct span header_decode(struct arena *arena, struct span value);

/* Where a message's header begins: behind a mbox `From ` line with its date, a byte order mark, and blank lines before
   the first field. Nothing of that hides a field from a mail reader, so it must not from us. */
struct span header_start(struct span message);

/* `section` up to the first empty line (its last line end included), `body`
   behind that line. False when there is no empty line: all is header then. */
bool header_split(struct span message, struct span *section, struct span *body);

#endif
