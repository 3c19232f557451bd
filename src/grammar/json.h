/*
 * JSON as it comes from other programs (RFC 8259): read member by member,
 * where it stands, without building a tree. A value is the span of its text.
 * What is unsound simply is not found; nesting is counted, not recursed.
 */
#ifndef GRAMMAR_JSON_H
#define GRAMMAR_JSON_H

#include "base/arena.h"

enum { JSON_DEPTH_MAX = 64 };

/* The value at the front, blanks around it skipped; advances only over a whole one. */
bool json_take_value(struct span *s, struct span *value);

/* Walks an object or an array, given whole. `rest` begins as the value itself.
   A name is as written, between its quotes. */
bool json_take_member(struct span *rest, struct span *name, struct span *value);
bool json_take_element(struct span *rest, struct span *value);

/* What stands below `path`, member names with "." between: "mail.destination". Empty when it is not there. */
struct span json_find(struct span object, const char *path);

/* A string without its quotes and escapes, as UTF-8; a number or word as it stands; else empty. */
struct span json_text(struct arena *arena, struct span value);

/* What stands between the quotes of a string, its escapes undone. */
struct span json_unescape(struct arena *arena, struct span s);

/* Both at once. */
struct span json_find_text(struct arena *arena, struct span object, const char *path);

bool json_is_object(struct span value);
bool json_is_array(struct span value);

#endif
