/*
 * Who a message says it is from: every mailbox of a From: field.
 * RFC 5322 sections 3.4 and 3.6.2, groups: RFC 6854
 *
 *	"Taro, the first" <taro@example.jp>, Team: a@example.jp (A), b@example.jp;
 */
#ifndef WIRE_AUTHOR_H
#define WIRE_AUTHOR_H

#include "base/arena.h"

enum { AUTHORS_MAX = 64 };

struct author {
	struct span address; /* without comments and blanks; as written where it is none */
	struct span domain; /* behind its "@", as written; empty: none that the DNS could know */
};

struct authors {
	struct author all[AUTHORS_MAX];
	size_t n; /* of all fields together */
	size_t n_fields;
	bool has_group;
	bool cut; /* there are more */
};

/* Adds the mailboxes of one field's value; begin with a zeroed struct. */
void authors_add(struct arena *arena, struct span value, struct authors *authors);

/* Those of all From: fields of a header section. */
void authors_find(struct arena *arena, struct span header, struct authors *authors);

#endif
