/*
 * A message as SMTP carries it, from a file as the system keeps it: lines end
 * in CRLF. RFC 5321 section 2.3.8
 */
#ifndef WIRE_LINE_ENDS_H
#define WIRE_LINE_ENDS_H

#include "base/arena.h"

/*
 * The message without a mbox `From ` line. Where its first line ends in a bare
 * LF it was kept by a system that has no CRLF, and every bare LF becomes one;
 * else it is borrowed as it is. `changed` (may be NULL) says which.
 */
struct span line_ends_restore(struct arena *arena, struct span bytes, bool *changed);

#endif
