/*
 * What a file or a pasted text is, told by its content.
 */
#ifndef INTAKE_DOCUMENT_H
#define INTAKE_DOCUMENT_H

#include "base/span.h"

enum document_kind {
	DOCUMENT_EMPTY,
	DOCUMENT_MESSAGE, /* one message, RFC 5322 */
	DOCUMENT_MBOX, /* messages behind `From ` lines */
	DOCUMENT_LOG, /* an MTA's log lines */
	DOCUMENT_REPORT, /* per-recipient fields of a report, out of their message */
	DOCUMENT_EVENTS, /* a sending service's JSON */
	DOCUMENT_TEXT, /* anything else: replies, prose */
	DOCUMENT_BINARY, /* no text at all */
	DOCUMENT_PDF,
	DOCUMENT_OUTLOOK_MSG, /* a compound file: Outlook's .msg */
	DOCUMENT_COMPRESSED, /* gzip, bzip2, xz, zstd */
};

enum { DOCUMENT_LOOK_SIZE = 64 * 1024 }; /* so many first bytes are enough to tell */

enum document_kind document_recognise(struct span first_bytes);

/* Where in a text, behind prose of whoever passes it on, a message begins with its header; its length where none does.
   `indent`: so many blanks stand before each of its lines. */
size_t document_find_message(struct span text, size_t *indent);

/* How many bytes before the document itself say nothing: a byte order mark, blank lines. */
size_t document_blank_front(struct span first_bytes);

/* Whether the lines end in CR alone, as on old Macintoshes. */
bool document_has_cr_lines(struct span first_bytes);

#endif
