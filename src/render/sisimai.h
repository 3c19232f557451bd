/*
 * A verdict in the field names of Sisimai's JSON, for those who move from it,
 * and the reason of its list that corresponds to a cause. docs/from-sisimai.md
 * says what differs.
 */
#ifndef RENDER_SISIMAI_H
#define RENDER_SISIMAI_H

#include "base/out.h"
#include "diagnose/verdict.h"

/* Of its closed list; "undefined" or "onhold" where nothing was determined. */
struct span sisimai_reason(const struct verdict *v);

/* One object and a line end. `origin` is the file it was read from. */
void sisimai_write(struct out *out, struct arena *arena, const struct verdict *v, struct span origin);

#endif
