/*
 * The codes of a reply: "550-5.7.26 ", "#550 ", "(550, b'5.1.1 ", or a status
 * alone where the code was dropped. RFC 5321 section 4.2, RFC 3463
 */
#ifndef FAILURE_REPLY_CODE_H
#define FAILURE_REPLY_CODE_H

#include "failure/reply_reader.h"

enum reply_place { REPLY_AT_LINE_START, REPLY_BEHIND_COLON, REPLY_WITHIN };

/* What is believed to be a code where it stands, with its status. */
bool reply_take_codes(struct reply_reader *r, struct span *s, enum reply_place place);

/* All that stands before the words of a line: prefixes and codes, in any order. */
void reply_begin_line(struct reply_reader *r, struct span *s);

#endif
