/*
 * Failures counted: by cause, rule and receiver; what could not be explained,
 * by its reply with ids, numbers and addresses made alike. Bounded: what comes
 * when the table is full is counted, not kept.
 */
#ifndef RENDER_SUMMARY_H
#define RENDER_SUMMARY_H

#include "base/arena.h"
#include "diagnose/verdict.h"
#include "render/terminal.h"

enum { SUMMARY_GROUPS_MAX = 4096, SUMMARY_EXAMPLE_SIZE_MAX = 300 };

struct summary_group {
	uint64_t hash, count;
	struct span cause, rule, receiver, receiver_name[LANG_COUNT];
	struct span title[LANG_COUNT], remedy[LANG_COUNT];	/* filled */
	struct span example;	/* the first reply, ids and addresses made alike */
	enum permanence permanence;
	uint8_t acts[8];
};

struct summary {
	struct arena arena;
	struct summary_group *groups;
	size_t n;
	uint64_t total, unkept;
	uint32_t *slots;
};

void summary_init(struct summary *s);
void summary_add(struct summary *s, const struct verdict *v);

/* Writes the groups, the commonest first. */
void summary_write_text(struct summary *s, struct out *out, const struct terminal *t, enum lang lang);
void summary_write_json(struct summary *s, struct out *out);
void summary_deinit(struct summary *s);

#endif
