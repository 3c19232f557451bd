/*
 * A TXT record ready to paste: as a zone-file line, as a web panel's fields,
 * and in Route 53's quoting.
 */
#ifndef RENDER_RECORD_H
#define RENDER_RECORD_H

#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

void record_write_text(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span text);

/* The same for a PTR record: the exact reverse name, and the host's. */
void record_write_ptr(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span host);

/* The member "strings": an array of what a TXT record's strings are, of at most 255 bytes each. */
void record_write_strings(struct out *out, struct span text);

#endif
