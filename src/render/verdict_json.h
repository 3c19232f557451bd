/*
 * Verdicts for machines: one JSON object a failed recipient, a line each.
 * The schema is described in man/todoku-why.1 and numbered by `schema`.
 */
#ifndef RENDER_VERDICT_JSON_H
#define RENDER_VERDICT_JSON_H

#include "base/out.h"
#include "diagnose/verdict.h"

enum { JSON_SCHEMA = 2 };

struct confirmation;

struct work;

struct json_source {
	struct span file;
	uint64_t message, line; /* from 1; 0: null */
	uint64_t byte;
	bool has_byte;
};

/* Where a work stands, and what of it the verdict is on. */
struct json_source json_source_of(const struct work *work, const struct verdict *v);

/* One object and a line end. `dns`: what the DNS shows of it; NULL: it was not asked. */
void json_write_verdict(
    struct out *out, const struct verdict *v, const struct json_source *source, const struct confirmation *dns);

#endif
