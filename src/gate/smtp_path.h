/*
 * What stands behind EHLO, MAIL and RCPT. RFC 5321 section 4.1.2
 *
 *	FROM:<@relay.example:taro@example.jp>
 */
#ifndef GATE_SMTP_PATH_H
#define GATE_SMTP_PATH_H

#include "base/span.h"

enum smtp_path {
	SMTP_PATH_NONE, /* no path stands there at all */
	SMTP_PATH_OK,
	SMTP_PATH_BAD /* in brackets, but no path */
};

/* Takes "FROM:" or "TO:" (`word`, small letters) and the path behind it; `address` gets it without brackets and source route
   (to be ignored: appendix C). A blank behind the colon is let pass, as everybody does. */
enum smtp_path smtp_take_path(struct span *rest, const char *word, struct span *address);

/* Local-part "@" ( Domain / address-literal ), of lawful sizes. Section 4.5.3.1; UTF-8: RFC 6531 section 3.3 */
bool smtp_is_mailbox(struct span address);

/* "postmaster" may stand without a domain. Section 4.5.1 */
bool smtp_is_postmaster(struct span address);

/* A host name or an address literal. Section 4.1.1.1 */
bool smtp_is_helo(struct span name);

#endif
