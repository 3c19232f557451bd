/*
 * A corrected SPF record for people – what to change, the record, what was
 * proved of it, whose address it may be – and as JSON.
 */
#ifndef RENDER_REPAIR_H
#define RENDER_REPAIR_H

#include "auth/iprev.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "diagnose/repair.h"
#include "render/record.h"
#include "render/terminal.h"

struct repair_view { /* borrowed; what follows but repair_write_text() wants REPAIR_NONE */
	const struct spf_query *query;
	const struct repair_spf *repair;
	const struct iprev_evaluation *address;
	struct span zone; /* see record_change */
};

/* One sentence: what to do with the record. */
void repair_say_change(struct out *out, enum lang lang, const struct repair_view *v);

/* What is different in it and what was proved of it. */
void repair_say_proof(struct out *out, enum lang lang, const struct repair_view *v);

/* Whose address it may be. */
void repair_say_owner(struct out *out, enum lang lang, const struct repair_view *v);

void repair_write_record(
    struct out *out, const struct terminal *t, enum lang lang, const struct repair_view *v, enum record_format format);

/* All of that; or why there is no record. */
void repair_write_text(
    struct out *out, const struct terminal *t, enum lang lang, const struct repair_view *v, enum record_format format);

/* obstacle, name, before, after, added, merged, mended, service, replaced, at_fault, strings, lookups (of the whole record), still_broken, address
   {name, confirmed} */
void repair_write_json(struct out *out, const struct repair_spf *r, const struct iprev_evaluation *address);

#endif
