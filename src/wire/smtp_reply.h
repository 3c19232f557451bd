/*
 * One SMTP reply, as a view over the bytes that carried it.
 *
 *	550-5.7.26 This mail has been blocked because the sender is
 *	550 5.7.26 unauthenticated.
 */
#ifndef WIRE_SMTP_REPLY_H
#define WIRE_SMTP_REPLY_H

#include "base/span.h"
#include "wire/enhanced_status.h"

enum { SMTP_REPLY_SIZE_MAX = 64 * 1024 };

struct smtp_reply {
	uint16_t code; /* RFC 5321 section 4.2 */
	struct enhanced_status status; /* as sent, even where it belies code */
	struct span lines; /* all lines, borrowed from the input */
};

/* Takes one whole reply off the front of `in`. */
enum parse smtp_reply_parse(struct span *in, struct smtp_reply *reply);

/* Takes the next line off `lines`; `text` gets it without its codes. */
bool smtp_reply_take_text(struct span *lines, struct span *text);

#endif
