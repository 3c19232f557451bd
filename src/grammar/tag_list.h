/*
 * A tag-list, the form of DKIM signatures, keys and DMARC records.
 * RFC 6376 section 3.2
 *
 *	v=1; a=rsa-sha256; d=example.jp; s=mail
 *
 * Everything is borrowed. Names are case-sensitive; no name stands twice.
 */
#ifndef GRAMMAR_TAG_LIST_H
#define GRAMMAR_TAG_LIST_H

#include "base/arena.h"
#include "grammar/problem.h"

enum { TAGS_MAX = 64 };

struct tag {
	struct span name, value; /* trimmed; folds within the value are kept */
	struct span whole; /* between "=" and ";", blanks and all */
};

struct tag_list {
	struct tag tags[TAGS_MAX];
	size_t n;
	enum problem problem; /* PROBLEM_NONE: sound */
	struct span problem_at;
};

/* False: unsound; the tags before the fault are there. */
bool tag_list_parse(struct span text, struct tag_list *list);

/* NULL: not there. */
const struct tag *tag_list_find(const struct tag_list *list, const char *name);

/* The value, or an empty span. */
struct span tag_list_value(const struct tag_list *list, const char *name);

/* The next of the values that `separator` divides, trimmed; false at the end. */
bool tag_take_item(struct span *rest, char separator, struct span *item);

/* Without blanks and line ends: base64 as folded. Borrowed where there are none. */
struct span tag_without_blanks(struct arena *arena, struct span value);

/* Nothing but base64's characters, blanks and line ends. */
bool tag_is_base64(struct span value);

/* A decimal number of at most `digits` digits, the whole value. */
bool tag_read_number(struct span value, unsigned digits, uint64_t *number);

#endif
