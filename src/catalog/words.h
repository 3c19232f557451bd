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
#ifndef CATALOG_WORDS_H
#define CATALOG_WORDS_H

#include "base/arena.h"

enum { WORDS_HOLES_MAX = 8, WORDS_PIECES_MAX = WORDS_HOLES_MAX + 1, WORDS_HITS_MAX = 128 };

enum words_use { WORDS_TEXT, WORDS_WITH, WORDS_MARK };

struct words_piece { /* literal bytes between two holes; may be empty at the ends */
	struct span literal;
	struct span hole; /* the name of the hole behind it, empty for the last piece */
};

struct words { /* one Text, With or Mark */
	struct span anchor; /* the literal that holds the words it is filed under */
	struct words_piece *pieces;
	uint16_t n_pieces;
	bool anchor_is_pair;
	uint16_t anchor_piece; /* which piece that is */
	uint32_t anchor_at;
	uint32_t literal_len;
	uint32_t owner; /* index of its rule or provider */
	enum words_use use;
};

struct words_hit {
	const struct words *words;
	struct span found; /* from its first to its last byte */
	struct span holes[WORDS_HOLES_MAX]; /* by piece */
};

struct words_key { /* apart from the texts: these are what a pass touches */
	uint64_t beside; /* the bytes next to the anchor in its piece, */
	int8_t n_beside; /* so many: behind it, or before it where negative */
	uint32_t hash;
	uint32_t next; /* the next one filed under the same slot, or 0 */
};

struct words_index {
	struct words *all; /* all[0] is not used */
	struct words_key *keys; /* by the same number */
	uint32_t n, size;
	uint32_t *slots; /* number of the first text filed under a hash, or 0 */
	uint32_t mask; /* of slots */
	uint64_t *filter; /* a bit for each hash that is filed: small enough to stay near */
	uint32_t filter_mask; /* in bits */
};

/* Adds one text. False, with `what`, where it is unsound. */
bool words_add(struct words_index *index, struct arena *arena, struct span text, enum words_use use, uint32_t owner,
    const char **what);

/* Files all texts under their rarest words; nothing may be added behind it. */
void words_file(struct words_index *index, struct arena *arena);

/* Finds all texts within `text` (folded, one line). Returns how many: at most WORDS_HITS_MAX. */
size_t words_find(const struct words_index *index, struct span text, struct words_hit *hits);

/* Folds as replies are folded: ASCII lower case, blanks of every kind squeezed to one. */
struct span words_fold(struct arena *arena, struct span text);

#endif
