#include "catalog/text_index.h"

#include "base/utf8.h"
#include "catalog/facts.h"

/* 1: letter or digit in lower case, 2: a byte outside ASCII, 0: anything else */
static const uint8_t class_of[256] = { ['0' ... '9'] = 1, ['a' ... 'z'] = 1, [0x80 ... 0xff] = 2 };

static inline uint8_t
char_class(char c)
{
	return class_of[(uint8_t)c];
}

/* The length of the word that begins at `at`, which must not be empty. */
static inline size_t
word_len(const char *at, size_t len)
{
	size_t n = 1;

	if (char_class(at[0]) == 1)
		while (n < len && char_class(at[n]) == 1)
			n++;
	else
		while (n < len && utf8_is_continuation(at[n]))
			n++;
	return n;
}

static inline uint64_t
load(const char *at, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, at, n);
	return v;
}

/* Hashes a word by its first and last eight bytes and its length; `room` bytes may be read. */
static inline uint32_t
word_hash(const char *at, size_t len, size_t room)
{
	const uint64_t whole = room >= 8 ? load(at, 8) : load(at, room);
	const uint64_t last = len >= 8 ? load(at + len - 8, 8) : 0;
	uint64_t first = len >= 8 ? whole : whole & ((UINT64_C(1) << (8 * (len & 7))) - 1);

	first = (first ^ (last * UINT64_C(0x9e3779b97f4a7c15)) ^ len) * UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(first >> 32) | 1;
}

static size_t
blank_len(const char *at, size_t len)
{
	if (at[0] == ' ' || (at[0] >= '\t' && at[0] <= '\r'))
		return 1;
	if (len >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0)
		return 3;
	return len >= 2 && memcmp(at, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

struct span
text_fold(struct arena *arena, struct span text)
{
	char *to = arena_take(arena, text.len + 1);
	size_t n = 0, i = 0, blank;

	while (i < text.len) {
		blank = blank_len(text.at + i, text.len - i);
		if (blank == 0) {
			to[n++] = ascii_lower(text.at[i++]);
			continue;
		}
		i += blank;
		if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	if (n > 0 && to[n - 1] == ' ')
		n--;
	return (struct span){ to, n };
}

/* Takes literal bytes up to a hole or the end; `\{` is a brace, made so in place: the bytes are ours. */
static struct span
take_literal(struct span *rest)
{
	char *to = (char *)(uintptr_t)rest->at;
	struct span literal = { to, 0 };

	while (rest->len > 0 && rest->at[0] != '{') {
		if (rest->len > 1 && rest->at[0] == '\\' && rest->at[1] == '{')
			*rest = span_skip(*rest, 1);
		to[literal.len++] = rest->at[0];
		*rest = span_skip(*rest, 1);
	}
	return literal;
}

static bool
take_hole(struct span *rest, struct span *name, const char **what)
{
	size_t n = span_index(*rest, '}');

	if (rest->len == n) {
		*what = "a hole is not closed: '}' is missing";
		return false;
	}
	*name = fact_name(span_skip(span_first(*rest, n), 1));
	*rest = span_skip(*rest, n + 1);
	if (name->len == 0 || fact_use_of(*name) != FACT_READ) {
		*what = "a hole has a name that is no fact a reply can hold";
		return false;
	}
	if (rest->len > 0 && (rest->at[0] == '.' || rest->at[0] == '{')) {
		*what = "a hole must not be followed by a full stop or another hole";
		return false;
	}
	return true;
}

static bool
cut_pieces(struct indexed_text *w, struct arena *arena, struct span rest, const char **what)
{
	struct text_piece pieces[TEXT_PIECES_MAX];

	for (;;) {
		struct text_piece *p = &pieces[w->n_pieces++];

		p->literal = take_literal(&rest);
		p->hole = (struct span){ "", 0 };
		w->literal_len += (uint32_t)p->literal.len;
		if (rest.len == 0) {
			w->pieces = arena_take(arena, w->n_pieces * sizeof(*p));
			memcpy(w->pieces, pieces, w->n_pieces * sizeof(*p));
			return true;
		}
		if (w->n_pieces == TEXT_PIECES_MAX) {
			*what = "a text has too many holes";
			return false;
		}
		if (!take_hole(&rest, &p->hole, what))
			return false;
	}
}

/*
 * Whether the word at [at, at + len) of a piece stands clear: nothing that a
 * hole holds could lengthen it. CJK characters stand clear anywhere.
 */
static bool
stands_clear(const struct indexed_text *w, size_t piece, size_t at, size_t len)
{
	const struct span l = w->pieces[piece].literal;

	if (char_class(l.at[at]) == 2)
		return !utf8_is_continuation(l.at[at]);
	return (at > 0 || piece == 0) && (at + len < l.len || piece + 1u == w->n_pieces);
}

/* A key under which a text could be filed: one word, or two with one blank between. */
struct candidate {
	size_t piece, at, len;
	uint32_t hash;
	bool is_pair;
};

static inline uint32_t
pair_hash(uint32_t first, uint32_t second)
{
	return (first * 0x9e3779b1u ^ second) * 0x85ebca6bu | 1;
}

/* Calls for every key of a text. */
static void
each_key(struct indexed_text *w, void (*call)(struct indexed_text *, const struct candidate *, void *), void *with)
{
	for (size_t p = 0; p < w->n_pieces; p++) {
		const struct span l = w->pieces[p].literal;
		struct candidate before = { .len = 0 };

		for (size_t i = 0, n; i < l.len; i += n) {
			n = 1;
			if (char_class(l.at[i]) == 0)
				continue;
			n = word_len(l.at + i, l.len - i);
			if (!stands_clear(w, p, i, n))
				continue;
			struct candidate c = { p, i, n, word_hash(l.at + i, n, l.len - i), false };

			call(w, &c, with);
			if (before.len > 0 && before.at + before.len + 1 == i && l.at[i - 1] == ' ') {
				struct candidate pair = { p, before.at, before.len + 1 + n,
					pair_hash(before.hash, c.hash), true };

				call(w, &pair, with);
			}
			before = c;
		}
	}
}

static void
note_key(struct indexed_text *w, const struct candidate *c, void *found)
{
	(void)w, (void)c;
	*(bool *)found = true;
}

bool
text_index_add(struct text_index *index, struct arena *arena, struct span text, enum text_use use, uint32_t owner,
    const char **what)
{
	struct indexed_text w = { .use = use, .owner = owner };
	bool has_word = false;

	if (!cut_pieces(&w, arena, text_fold(arena, text), what))
		return false;
	each_key(&w, note_key, &has_word);
	if (!has_word) {
		*what = "a text needs at least one whole word that stands clear of holes";
		return false;
	}
	if (index->n + 1 >= index->size) {
		uint32_t size = index->size ? index->size * 2 : 4096;

		index->all = arena_grow(arena, index->all, index->size * sizeof(w), size * sizeof(w));
		index->size = size;
	}
	index->all[++index->n] = w;
	return true;
}

struct key_counts {
	uint32_t *of;
	uint32_t mask;
};

static void
count_key(struct indexed_text *w, const struct candidate *c, void *with)
{
	struct key_counts *counts = with;

	(void)w;
	counts->of[c->hash & counts->mask]++;
}

struct rarest {
	const struct key_counts *counts;
	struct candidate best;
	uint32_t count;
};

/* Pairs before words, then the rarer, then the longer. */
static void
prefer_rarer(struct indexed_text *w, const struct candidate *c, void *with)
{
	struct rarest *r = with;
	uint32_t count = r->counts->of[c->hash & r->counts->mask];

	(void)w;
	if (r->count != 0 &&
	    (c->is_pair != r->best.is_pair ? !c->is_pair
					   : count > r->count || (count == r->count && c->len <= r->best.len)))
		return;
	r->count = count;
	r->best = *c;
}

static inline uint32_t
filter_bit(const struct text_index *index, uint32_t hash)
{
	return hash >> 1 & index->filter_mask; /* its lowest bit is always set */
}

/* Most texts filed under one word differ at once beside it. */
static void
note_beside(struct text_key *key, struct span literal, const struct candidate *anchor)
{
	size_t before = anchor->at < 8 ? anchor->at : 8, behind = literal.len - anchor->at - anchor->len;

	behind = behind < 8 ? behind : 8;
	if (behind >= before) {
		key->beside = load(literal.at + anchor->at + anchor->len, behind);
		key->n_beside = (int8_t)behind;
	} else {
		key->beside = load(literal.at + anchor->at - before, before);
		key->n_beside = (int8_t)-before;
	}
}

void
text_index_file(struct text_index *index, struct arena *arena)
{
	uint32_t size = 1024;
	struct key_counts counts;

	while (size < index->n * 8)
		size *= 2;
	index->filter_mask = size - 1;
	index->filter = arena_take_items(arena, size / 64, sizeof(*index->filter));
	index->mask = size / 2 - 1;
	index->slots = arena_take_items(arena, size / 2, sizeof(*index->slots));
	index->keys = arena_take_items(arena, index->n + 1, sizeof(*index->keys));
	counts.mask = size - 1;
	counts.of = arena_take_items(arena, size, sizeof(*counts.of));
	for (uint32_t i = 1; i <= index->n; i++)
		each_key(&index->all[i], count_key, &counts);
	for (uint32_t i = 1; i <= index->n; i++) {
		struct indexed_text *w = &index->all[i];
		struct rarest r = { .counts = &counts };

		each_key(w, prefer_rarer, &r);
		w->anchor_is_pair = r.best.is_pair;
		w->anchor_piece = (uint16_t)r.best.piece;
		w->anchor = w->pieces[r.best.piece].literal;
		w->anchor_at = (uint32_t)r.best.at;
		index->keys[i] = (struct text_key){ .hash = r.best.hash,
			.next = index->slots[r.best.hash & index->mask] };
		note_beside(&index->keys[i], w->pieces[r.best.piece].literal, &r.best);
		index->slots[r.best.hash & index->mask] = i;
		index->filter[filter_bit(index, r.best.hash) / 64] |= UINT64_C(1)
		    << filter_bit(index, r.best.hash) % 64;
	}
}

/* A letter or digit at the edge of a text must not go on in the reply. */
static bool
at_word_edges(const struct indexed_text *w, struct span text, const struct text_hit *hit)
{
	const bool whole = w->n_pieces == 1;
	const struct span first = whole ? w->anchor : w->pieces[0].literal;
	const struct span last = whole ? w->anchor : w->pieces[w->n_pieces - 1].literal;
	const char *start = hit->found.at, *end = start + hit->found.len;

	if (first.len > 0 && char_class(first.at[0]) == 1 && start > text.at && char_class(start[-1]) == 1)
		return false;
	return !(last.len > 0 && char_class(last.at[last.len - 1]) == 1 && end < text.at + text.len &&
	    char_class(*end) == 1);
}

/* Reads holes and pieces behind the anchor: each hole is as short as it can be. */
static bool
read_on(const struct indexed_text *w, struct span text, const char *at, struct text_hit *hit)
{
	const char *end = text.at + text.len;

	for (size_t p = w->anchor_piece; p + 1u < w->n_pieces; p++) {
		const struct span next = w->pieces[p + 1].literal;
		const char *hole = at;

		if (next.len == 0)
			while (at < end && *at != ' ')
				at++;
		else
			while ((size_t)(end - at) >= next.len && memcmp(at, next.at, next.len) != 0)
				if (*at++ == ' ')
					return false;
		if ((size_t)(end - at) < next.len)
			return false;
		hit->holes[p] = (struct span){ hole, (size_t)(at - hole) };
		at += next.len;
	}
	hit->found.len = (size_t)(at - hit->found.at);
	return true;
}

/* Reads holes and pieces before the anchor, backwards. */
static bool
read_back(const struct indexed_text *w, struct span text, const char *at, struct text_hit *hit)
{
	for (size_t p = w->anchor_piece; p-- > 0;) {
		const struct span before = w->pieces[p].literal;
		const char *hole_end = at;

		if (before.len == 0)
			while (at > text.at && at[-1] != ' ')
				at--;
		else
			while (
			    (size_t)(at - text.at) >= before.len && memcmp(at - before.len, before.at, before.len) != 0)
				if (*--at == ' ')
					return false;
		if ((size_t)(at - text.at) < before.len)
			return false;
		hit->holes[p] = (struct span){ at, (size_t)(hole_end - at) };
		at -= before.len;
	}
	hit->found.at = at;
	return true;
}

/* What a hole holds must be able to be what its name says: an address of mail is no {ip}. */
static bool
holes_fit(const struct indexed_text *w, const struct text_hit *hit)
{
	for (size_t p = 0; p + 1u < w->n_pieces; p++) {
		const struct span name = w->pieces[p].hole;

		if (name.len == 2 && memcmp(name.at, "ip", 2) == 0 &&
		    span_index(hit->holes[p], '@') < hit->holes[p].len)
			return false;
	}
	return true;
}

static bool
stands_at(const struct indexed_text *w, struct span text, const char *word, struct text_hit *hit)
{
	const struct span l = w->anchor;
	const char *start;

	if ((size_t)(word - text.at) < w->anchor_at)
		return false;
	start = word - w->anchor_at;
	if ((size_t)(text.at + text.len - start) < l.len || memcmp(start, l.at, l.len) != 0)
		return false;
	hit->words = w;
	return read_back(w, text, start, hit) && read_on(w, text, start + l.len, hit) && at_word_edges(w, text, hit) &&
	    holes_fit(w, hit);
}

static bool
is_hit_already(const struct text_hit *hits, size_t n, const struct indexed_text *w)
{
	while (n-- > 0)
		if (hits[n].words == w)
			return true;
	return false;
}

/* Whether what stands beside the word at [word, end) is what stands beside the anchor. */
static inline bool
stands_beside(const struct text_key *key, struct span text, const char *word, const char *end)
{
	const size_t n = (size_t)(key->n_beside < 0 ? -key->n_beside : key->n_beside);
	const char *at = key->n_beside < 0 ? word - n : end;
	uint64_t bytes;

	if (key->n_beside < 0 ? (size_t)(word - text.at) < n : (size_t)(text.at + text.len - end) < n)
		return false;
	if (text.at + text.len - at < 8)
		return load(at, n) == key->beside;
	bytes = load(at, 8);
	return n == 8 ? bytes == key->beside : (bytes & ((UINT64_C(1) << (8 * n)) - 1)) == key->beside;
}

/* Looks at the texts filed under `hash`, whose words are at [word, end). */
static size_t
look_up(const struct text_index *index, struct span text, uint32_t hash, const char *word, const char *end,
    struct text_hit *hits, size_t n)
{
	for (uint32_t number = index->slots[hash & index->mask]; number != 0; number = index->keys[number].next) {
		const struct text_key *key = &index->keys[number];
		const struct indexed_text *w = &index->all[number];

		if (key->hash == hash && stands_beside(key, text, word, end) && n < TEXT_HITS_MAX &&
		    (index->every_place || !is_hit_already(hits, n, w)) && stands_at(w, text, word, &hits[n]))
			n++;
	}
	return n;
}

static inline bool
may_be_filed(const struct text_index *index, uint32_t hash)
{
	uint32_t bit = filter_bit(index, hash);

	return index->filter[bit / 64] >> bit % 64 & 1;
}

/* The pass over one text: the words found, and the one before. */
struct pass {
	const struct text_index *index;
	struct span text;
	struct text_hit *hits;
	size_t n, before, before_end;
	uint32_t before_hash;
};

static inline void
meet_word(struct pass *p, size_t at, size_t end)
{
	const char *word = p->text.at + at;
	const uint32_t hash = word_hash(word, end - at, p->text.len - at), pair = pair_hash(p->before_hash, hash);

	if (may_be_filed(p->index, hash))
		p->n = look_up(p->index, p->text, hash, word, p->text.at + end, p->hits, p->n);
	if (may_be_filed(p->index, pair) && p->before_hash != 0 && p->before_end + 1 == at && word[-1] == ' ')
		p->n = look_up(p->index, p->text, pair, p->text.at + p->before, p->text.at + end, p->hits, p->n);
	p->before = at;
	p->before_end = end;
	p->before_hash = hash;
}

/* A bit for each of eight bytes: whether it is of a word. All must be ASCII. */
static inline uint64_t
word_bits(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	/* the top bit of each byte, set where it is at least the bound */
	const uint64_t letter = (bytes + ones * (0x80 - 'a')) & ~(bytes + ones * (0x80 - 'z' - 1));
	const uint64_t digit = (bytes + ones * (0x80 - '0')) & ~(bytes + ones * (0x80 - '9' - 1));

	return (((letter | digit) & high) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* The edges of words 64 bytes at a time, without a branch for each byte: where words begin and end
   is what a processor cannot foresee. False, and nothing done, where a byte is not ASCII. */
static bool
find_in_ascii(struct pass *p)
{
	const struct span text = p->text;
	size_t start = 0;
	bool within = false;

	for (size_t i = 0; i < text.len; i += 8)
		if (load(text.at + i, text.len - i < 8 ? text.len - i : 8) & UINT64_C(0x8080808080808080))
			return false;
	for (size_t block = 0; block < text.len; block += 64) {
		uint64_t bits = 0, edges;

		for (size_t i = 0; i < 64 && block + i < text.len; i += 8) {
			size_t room = text.len - block - i;

			bits |= word_bits(load(text.at + block + i, room < 8 ? room : 8)) << i;
		}
		for (edges = bits ^ (bits << 1 | within); edges != 0; edges &= edges - 1) {
			size_t at = block + (size_t)__builtin_ctzll(edges);

			if (within)
				meet_word(p, start, at);
			start = at;
			within = !within;
		}
	}
	if (within)
		meet_word(p, start, text.len);
	return true;
}

size_t
text_index_find(const struct text_index *index, struct span text, struct text_hit *hits)
{
	struct pass p = { .index = index, .text = text, .hits = hits };

	if (!find_in_ascii(&p))
		for (size_t i = 0, len; i < text.len; i += len) {
			len = 1;
			if (char_class(text.at[i]) == 0)
				continue;
			len = word_len(text.at + i, text.len - i);
			meet_word(&p, i, i + len);
		}
	return p.n;
}
