/*
 * A corrected record, ready to paste: as a zone-file line, as a web panel's
 * fields, and in Route 53's quoting.
 */
#ifndef RENDER_REPAIR_H
#define RENDER_REPAIR_H

#include "auth/iprev.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "diagnose/repair.h"
#include "render/terminal.h"

/* What is known of the address, and what the proved record changes: two paragraphs, a line each. */
void repair_say(struct out *out, enum lang lang, const struct spf_query *query, const struct repair_spf *r,
    const struct iprev_evaluation *address);

void repair_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct spf_query *query,
    const struct repair_spf *r, const struct iprev_evaluation *address);

/* obstacle, name, before, after, added, merged, mended, service, replaced, at_fault, strings, lookups (of the whole record), still_broken, address
   {name, confirmed} */
void repair_write_json(struct out *out, const struct repair_spf *r, const struct iprev_evaluation *address);

#endif
