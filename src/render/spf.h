/*
 * An SPF evaluation for people – the result, what decided, each term in its
 * order – and as one JSON object.
 */
#ifndef RENDER_SPF_H
#define RENDER_SPF_H

#include "auth/iprev.h"
#include "auth/spf.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "diagnose/repair.h"
#include "render/terminal.h"

enum { SPF_JSON_SCHEMA = 2 };

/* One sentence: the result and what decided. */
void spf_say(struct out *out, enum lang lang, const struct spf_query *query, const struct spf_evaluation *e);

/* The domain's record, where it is almost one. */
void spf_write_near_miss(struct out *out, const struct terminal *t, enum lang lang, const struct spf_evaluation *e);

/* The result's name and that sentence; whether HELO was judged. */
void spf_write_result(struct out *out, const struct terminal *t, enum lang lang, const struct spf_query *query,
    const struct spf_evaluation *e);

/* The record, each term with the look-ups so far, the domain's explanation; nothing where there is no record. */
void spf_write_trace(struct out *out, const struct terminal *t, enum lang lang, const struct spf_evaluation *e);

/* schema, result, domain, identity, ip, record, matched, matched_in, problem, problem_at, explanation, lookups,
   void_lookups, steps (depth, domain, term, target, matched, lookups, why), repair where there is one to tell
   (`repair` may be NULL). What is not known is null. */
void spf_write_json(struct out *out, const struct spf_query *query, const struct spf_evaluation *e,
    const struct repair_spf *repair, const struct iprev_evaluation *address);

/* The same object without schema and repair, to stand in another. */
void spf_write_object(struct out *out, const struct ip_address *ip, const struct spf_evaluation *e);

#endif
