/*
 * Who a message says it is from: every mailbox of a From: field.
 * RFC 5322 sections 3.4 and 3.6.2, groups: RFC 6854
 *
 *	"Taro, the first" <taro@example.jp>, Team: a@example.jp (A), b@example.jp;
 *
 * Parsed, never extracted: mail readers disagree about what the grammar does
 * not allow, and show somebody else than the one who was judged. Of what it
 * once allowed (RFC 5322 section 4) only that is taken which every reader
 * understands alike: dots in a name or at odd places of a local part, empty
 * elements. Beyond it a name may repeat its own address or stand in brackets.
 */
#ifndef MESSAGE_AUTHOR_H
#define MESSAGE_AUTHOR_H

#include "base/arena.h"
#include "grammar/problem.h"

enum { AUTHORS_MAX = 64 };

struct author {
	struct span address; /* without comments and blanks; as written where it is none */
	struct span domain; /* behind its "@", as written; empty: none that the DNS could know */
};

struct authors {
	struct author all[AUTHORS_MAX];
	size_t n; /* of all fields together; those before the fault */
	size_t n_fields;
	bool has_group;
	bool cut; /* there are more */
	enum problem fault; /* the first one: it is no From: that everybody reads alike */
	struct span fault_at;
	enum problem doubt; /* sound, but some readers show another author: it must not pass for the one it names */
};

/* Adds the mailboxes of one field's value; begin with a zeroed struct. */
void authors_add(struct arena *arena, struct span value, struct authors *authors);

/* Those of all From: fields of a header section. */
void authors_find(struct arena *arena, struct span header, struct authors *authors);

#endif
