/*
 * A record's text made plain before its words are looked at: foreign blanks,
 * dashes, quotation marks and full-width letters become what a keyboard
 * without a word processor would have written. Each byte knows where it came
 * from.
 */
#ifndef RECORD_NEAR_MISS_TEXT_H
#define RECORD_NEAR_MISS_TEXT_H

#include "base/out.h"
#include "record/near_miss_slip.h"

struct near_text {
	struct arena *arena;
	struct near_miss *miss;
	struct span text; /* plain */
	const uint32_t *from; /* of each of its bytes, and of the end: the byte in the record */
	struct span current; /* the part being mended: the place of what was made of it */
};

static inline bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* `t->arena` and `t->miss` with its `before` are set. */
void near_text_read(struct near_text *t);

/* Notes a slip in the part of the plain text. */
void near_text_slip(struct near_text *t, enum slip slip, struct span part, struct span meant);

/* The first part whose meaning cannot be told is kept. */
void near_text_unclear(struct near_text *t, struct span part);

/*
 * Takes the version off the front, after what was pasted with it. `words`:
 * spellings in lower case, NULL at the end; `follows`: whether a term may begin
 * here without a blank. False: there is none; `rest` is as it was.
 */
bool near_text_take_version(struct near_text *t, struct span *rest, struct span *version, const char *const *words,
    bool (*follows)(struct span));

/* SPF's words, and those of the kinds made of tags; `rest`: the plain text. Each appends the mended record. */
bool near_miss_read_spf(struct near_text *t, struct out *out);
bool near_miss_read_tags(struct near_text *t, struct out *out);

#endif
