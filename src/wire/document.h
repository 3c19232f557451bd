/*
 * What a file or a pasted text is, told by its content.
 */
#ifndef WIRE_DOCUMENT_H
#define WIRE_DOCUMENT_H

#include "base/span.h"

enum document_kind {
	DOCUMENT_EMPTY,
	DOCUMENT_MESSAGE, /* one message, RFC 5322 */
	DOCUMENT_MBOX, /* messages behind `From ` lines */
	DOCUMENT_LOG, /* an MTA's log lines */
	DOCUMENT_REPORT, /* per-recipient fields of a report, out of their message */
	DOCUMENT_EVENTS, /* a sending service's JSON */
	DOCUMENT_TEXT, /* anything else: replies, prose */
	DOCUMENT_COMPRESSED, /* gzip, bzip2, xz, zstd */
};

enum { DOCUMENT_LOOK_SIZE = 64 * 1024 }; /* so many first bytes are enough to tell */

enum document_kind document_recognise(struct span first_bytes);

/* Whether the lines end in CR alone, as on old Macintoshes. */
bool document_has_cr_lines(struct span first_bytes);

#endif
