/*
 * Messages one behind the other in one file. RFC 4155
 *
 *	From MAILER-DAEMON Mon Nov 23 10:00:00 2026
 *	Subject: Undelivered
 *
 *	>From is quoted
 *
 *	From MAILER-DAEMON  Mon Nov 23 10:00:01 2026
 *
 * A `From ` line without a date at its end is text, not a start. Quoting is
 * left as it stands.
 */
#ifndef MESSAGE_MBOX_H
#define MESSAGE_MBOX_H

#include "base/span.h"

enum { MBOX_START_SIZE_MAX = 1024 }; /* of a `From ` line, all told */

/* Whether `s` begins with a message's `From ` line. */
bool mbox_is_start(struct span s);

/*
 * `bytes` begins at a message's start. Finds where the next one begins.
 * `from` is where to look on: 0 at first, and when more bytes have come what
 * the last call left in it, so that chunked reading stays linear. False: not
 * in these bytes; read more, or at the end of the stream the message is all.
 */
bool mbox_find_end(struct span bytes, size_t *from, size_t *end);

/* Takes the next message off a whole mbox, its `From ` line included. What
   stands before the first `From ` line is a message too. */
bool mbox_take_message(struct span *bytes, struct span *message);

#endif
