/*
 * An SPF evaluation for people – the result, what decided, each term in its
 * order – and as one JSON object.
 */
#ifndef RENDER_SPF_H
#define RENDER_SPF_H

#include "auth/spf.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

enum { SPF_JSON_SCHEMA = 1 };

void spf_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct spf_query *query,
    const struct spf_evaluation *e);

/* schema, result, domain, identity, ip, record, matched, matched_in, problem, problem_at, explanation, lookups,
   void_lookups, steps (depth, domain, term, target, matched, lookups, why). What is not known is null. */
void spf_write_json(struct out *out, const struct spf_query *query, const struct spf_evaluation *e);

#endif
