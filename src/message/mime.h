/*
 * One body part: what its header says of it, and its text. RFC 2045
 *
 *	Content-Type: text/plain; charset="ISO-2022-JP" (a comment)
 *	Content-Transfer-Encoding: quoted-printable
 */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "base/arena.h"

enum mime_kind {
	MIME_OTHER,
	MIME_TEXT_PLAIN, /* also: no or no valid Content-Type */
	MIME_TEXT_HTML,
	MIME_MULTIPART, /* within message_parse only, never in its parts */
	MIME_MESSAGE, /* message/rfc822, message/global */
	MIME_MESSAGE_HEADERS, /* text/rfc822-headers, message/global-headers */
	MIME_DELIVERY_STATUS, /* message/delivery-status, message/global-delivery-status */
	MIME_FEEDBACK_REPORT, /* message/feedback-report */
};

enum mime_encoding {
	MIME_IDENTITY, /* 7bit, 8bit, binary, none, unknown */
	MIME_BASE64,
	MIME_QUOTED_PRINTABLE,
};

struct mime_part {
	enum mime_kind kind;
	enum mime_encoding encoding;
	struct span type, subtype; /* as written; text/plain when not told */
	struct span charset, boundary, report_type; /* empty: not told */
	struct span header, body; /* raw */
	unsigned depth; /* how many multiparts it stands in */
};

/* Reads the part's fields off its header section; body and depth are the
   caller's. The arena is used for oddly written parameters alone. */
void mime_read_header(struct arena *arena, struct span header, struct mime_part *part);

/* The same from the values of Content-Type and Content-Transfer-Encoding, found already; at == NULL: not there. */
void mime_read_fields(
    struct arena *arena, struct span header, struct span content_type, struct span encoding, struct mime_part *part);

/* The parameter of a Content-Type or Content-Disposition value, in pieces and
   percent-encoded too (RFC 2231); at == NULL: there is none. */
struct span mime_find_param(struct arena *arena, struct span value, const char *name);

/* The body, transfer decoding undone; borrowed when there is none. */
struct span mime_decode(struct arena *arena, const struct mime_part *part);

/* The body as text for people: decoded, UTF-8, and plain where it was HTML. */
struct span mime_text(struct arena *arena, const struct mime_part *part);

#endif
