/*
 * Failures counted by rule and receiver, the commonest first; those that could
 * not be explained, by what was said. Replies that differ only in addresses,
 * numbers and names of hosts are one:
 *
 *	550 5.1.1 <taro@example.jp>: user unknown x1si2345 - gsmtp
 *	550 5.1.1 <{address}>: user unknown {id} - gsmtp
 */
#ifndef RENDER_SUMMARY_H
#define RENDER_SUMMARY_H

#include "base/arena.h"
#include "base/out.h"
#include "diagnose/verdict.h"
#include "render/terminal.h"

enum {
	SUMMARY_GROUPS_MAX = 4096, /* failures of further kinds are only counted */
	SUMMARY_SLOTS = 2 * SUMMARY_GROUPS_MAX,
	SUMMARY_REPLY_SIZE_MAX = 512, /* of the normalised reply */
	SUMMARY_EXAMPLE_SIZE_MAX = 1024,
	SUMMARY_ADDRESSES_MAX = 1 << 20, /* told apart; of more it is only said that there are more */
};

struct summary_group {
	uint64_t hash, count;
	const struct cause *cause; /* NULL: undetermined */
	const struct rule *rule;
	const struct provider *receiver;
	enum permanence permanence;
	const uint8_t *acts;
	struct span title[LANG_COUNT], remedy[LANG_COUNT]; /* unfilled; the catalogue's */
	struct span pattern; /* the normalised reply */
	struct span example; /* a reply as received, in the arena */
};

struct summary {
	struct arena arena;
	struct out pattern; /* scratch */
	struct summary_group *groups;
	uint16_t *slots; /* number of a group from 1, or 0; open addressing */
	size_t n_groups;
	uint64_t n_failures, n_permanent, n_temporary, n_rest;
	uint64_t *suppressed; /* hashes of the addresses to suppress; 0: a free place */
	size_t n_suppressed, n_places;
};

void summary_init(struct summary *s);
void summary_deinit(struct summary *s);

/* Copies what it keeps, but for what the catalogue owns. */
void summary_add(struct summary *s, const struct verdict *v);

/* Adds what another summary counted, as if its failures had been added here in their order. */
void summary_merge(struct summary *s, const struct summary *from);

void summary_write_text(const struct summary *s, struct out *out, const struct terminal *t, enum lang lang);

/* A line each: {"schema":2,"count":…}. */
void summary_write_json(const struct summary *s, struct out *out);

/* The groups, the commonest first, what needs nobody last; the array is in the arena. */
const struct summary_group **summary_in_order(const struct summary *s, struct arena *arena);

/* "9 failures of 8 kinds: 7 permanent, 2 temporary. 1 address to suppress." */
void summary_say_head(struct out *out, enum lang lang, const struct summary *s);
void summary_say_title(struct out *out, const struct summary_group *g, enum lang lang);
void summary_say_remedy(struct out *out, const struct summary_group *g, enum lang lang); /* one step a line */
void summary_say_rest(struct out *out, enum lang lang, uint64_t n);
void summary_put_number(struct out *out, uint64_t n); /* "1,234" */
uint64_t summary_permille(uint64_t n, uint64_t of);

/* The reply in one line, codes of continuation lines left out, with what varies named. */
void summary_write_pattern(struct out *out, const struct verdict *v);

#endif
