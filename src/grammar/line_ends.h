/*
 * A message as SMTP carries it, from a file as the system keeps it: lines end
 * in CRLF. RFC 5321 section 2.3.8
 */
#ifndef GRAMMAR_LINE_ENDS_H
#define GRAMMAR_LINE_ENDS_H

#include "base/arena.h"

/*
 * Where the first line ends in a bare LF the message was kept by a system that
 * has no CRLF, and every bare LF becomes one; else it is borrowed as it is.
 * `changed` (may be NULL) says which.
 */
struct span line_ends_restore(struct arena *arena, struct span bytes, bool *changed);

#endif
