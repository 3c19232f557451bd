/*
 * The texts of the catalogue, made ready to be found: folded, cut at their
 * holes, and each filed under its rarest pair of neighbouring words (or word,
 * if it has but one), so that one pass over a reply's words finds them all,
 * however many there are.
 *
 *	the mail from domain [{domain}] has an spf record
 *	    ^^^^^^^^^ filed under this pair, if it is the rarest
 *
 * A word is a run of ASCII letters and digits, or one character outside ASCII.
 */
#ifndef CATALOG_TEXT_INDEX_H
#define CATALOG_TEXT_INDEX_H

#include "base/arena.h"

enum { TEXT_HOLES_MAX = 8, TEXT_PIECES_MAX = TEXT_HOLES_MAX + 1, TEXT_HITS_MAX = 128 };

enum text_use { TEXT_USE_TEXT, TEXT_USE_WITH, TEXT_USE_MARK };

struct text_piece { /* literal bytes between two holes; may be empty at the ends */
	struct span literal;
	struct span hole; /* the name of the hole behind it, empty for the last piece */
};

struct indexed_text { /* one Text, With or Mark */
	struct span anchor; /* the literal that holds the words it is filed under */
	struct text_piece *pieces;
	uint16_t n_pieces;
	bool anchor_is_pair;
	uint16_t anchor_piece; /* which piece that is */
	uint32_t anchor_at;
	uint32_t literal_len;
	uint32_t owner; /* index of its rule or provider */
	enum text_use use;
};

struct text_hit {
	const struct indexed_text *words;
	struct span found; /* from its first to its last byte */
	struct span holes[TEXT_HOLES_MAX]; /* by piece */
};

struct text_key { /* apart from the texts: these are what a pass touches */
	uint64_t beside; /* the bytes next to the anchor in its piece, */
	int8_t n_beside; /* so many: behind it, or before it where negative */
	uint32_t hash;
	uint32_t next; /* the next one filed under the same slot, or 0 */
};

struct text_index {
	struct indexed_text *all; /* all[0] is not used */
	struct text_key *keys; /* by the same number */
	uint32_t n, size;
	bool every_place; /* tell a text as often as it occurs, not only where it does first */
	uint32_t *slots; /* number of the first text filed under a hash, or 0 */
	uint32_t mask; /* of slots */
	uint64_t *filter; /* a bit for each hash that is filed: small enough to stay near */
	uint32_t filter_mask; /* in bits */
};

/* Adds one text. False, with `what`, where it is unsound. */
bool text_index_add(struct text_index *index, struct arena *arena, struct span text, enum text_use use, uint32_t owner,
    const char **what);

/* Files all texts under their rarest words; nothing may be added behind it. */
void text_index_file(struct text_index *index, struct arena *arena);

/* Finds all texts within `text` (folded, one line). Returns how many: at most TEXT_HITS_MAX. */
size_t text_index_find(const struct text_index *index, struct span text, struct text_hit *hits);

/* Folds as replies are folded: ASCII lower case, blanks of every kind squeezed to one. */
struct span text_fold(struct arena *arena, struct span text);

#endif
