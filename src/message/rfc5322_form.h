/*
 * The form of a message, as receivers check it: what RFC 5322 wants, and what
 * Gmail is known to refuse for.
 */
#ifndef MESSAGE_RFC5322_FORM_H
#define MESSAGE_RFC5322_FORM_H

#include "base/arena.h"

enum form_kind {
	FORM_NO_FROM, /* RFC 5322 section 3.6 */
	FORM_SEVERAL_FROM, /* the field more than once */
	FORM_SEVERAL_AUTHORS,
	FORM_FROM_UNREADABLE, /* no address in it, only an empty group, or one that readers read otherwise */
	FORM_NO_DATE,
	FORM_NO_MESSAGE_ID,
	FORM_BAD_MESSAGE_ID, /* not <id-left@id-right>. RFC 5322 section 3.6.4 */
	FORM_LONG_MESSAGE_ID,
	FORM_DUPLICATE, /* a field that may stand once. RFC 5322 section 3.6 */
	FORM_ENCODED_WORD, /* where none may stand. RFC 2047 section 5 */
	FORM_RAW_8BIT, /* in the header, legal under SMTPUTF8 alone. RFC 6532 */
	FORM_NUL, /* RFC 5321 section 4.5.2 */
	FORM_BARE_CR, /* RFC 5321 section 2.3.8 */
	FORM_BARE_LF,
	FORM_LONG_LINE, /* RFC 5322 section 2.1.1 */
	FORM_BAD_FIELD, /* a line of the header that is no field */
	FORM_HEADER_SIZE,
	FORM_TOO_MANY_FIELDS,
	FORM_VALUE_SIZE,
	FORM_SUBJECT_SIZE,
	FORM_HOPS, /* Received: fields. RFC 5321 section 6.3 */
	FORM_KINDS
};

enum form_weight { FORM_REFUSED /* Gmail is known to refuse for it */, FORM_WRONG };

enum {
	FORM_FINDINGS_MAX = 64,
	FORM_LINE_MAX = 998,
	FORM_MESSAGE_ID_MAX = 500,
	FORM_SUBJECT_MAX = 998,
	FORM_HEADER_MAX = 500 * 1024,
	FORM_FIELDS_MAX = 5000,
	FORM_VALUE_MAX = 32 * 1024,
	FORM_HOPS_MAX = 50
};

struct form_finding {
	enum form_kind kind;
	struct span field; /* the field's name; empty: the message as a whole */
	size_t at; /* byte of the first place */
	size_t count; /* how often */
};

struct rfc5322_form {
	struct form_finding findings[FORM_FINDINGS_MAX]; /* one a kind and field */
	size_t n;
};

/* `restored`: the line ends were made CRLF by us, so they tell nothing. Borrows from the message. */
void rfc5322_form_check(struct arena *arena, struct span message, bool restored, struct rfc5322_form *form);

enum form_weight form_weight_of(enum form_kind kind);

/* "no-from": for machines */
const char *form_token(enum form_kind kind);

#endif
