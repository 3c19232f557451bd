/*
 * DKIM results for people – what verified, what broke and how that is known –
 * and as JSON.
 */
#ifndef RENDER_DKIM_H
#define RENDER_DKIM_H

#include "auth/dkim_findings.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

void dkim_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_evaluation *e,
    const struct dkim_findings *findings);

/* An array of the signatures: result, domain, selector, identity, algorithm, key_bits, testing, problem, problem_at,
   key_name, key_record, body_hash_matches, header_matches, length, body_size, timestamp, expiration, damage
   {body, header, kept, added, field, before, changes [{field, before}], missing, key, found_at, record}. What is not known is null. */
void dkim_write_json(struct out *out, const struct dkim_evaluation *e, const struct dkim_findings *findings);

/* One object and a line end: schema, result, found, signatures. */
void dkim_write_document(struct out *out, const struct dkim_evaluation *e, const struct dkim_findings *findings);

#endif
