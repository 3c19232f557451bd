/*
 * A DMARC evaluation for people and as JSON.
 */
#ifndef RENDER_DMARC_H
#define RENDER_DMARC_H

#include "auth/dmarc.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

void dmarc_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_query *query,
    const struct dmarc_evaluation *e);

/* The members of an object, without its braces: result, author_domain, organizational_domain, policy_domain, record, tag, policy, applied, test_mode,
   spf_aligned, dkim_aligned, problem, problem_at, record_problem, queries, and rfc7489 with the same of these, differs. */
void dmarc_write_json(struct out *out, const struct dmarc_evaluation *e);

/* One object and a line end: schema, and these. */
void dmarc_write_document(struct out *out, const struct dmarc_evaluation *e);

#endif
