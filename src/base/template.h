/*
 * Templates: words with holes, as "Add {what} to {record}." Whoever fills them
 * decides what stands in a hole; where one begins and ends is told here alone.
 */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include "base/span.h"

/* Takes the literal bytes up to the next hole, and the hole with them: `name` is what stands between its braces, small
   letters, digits and '_'. False: no hole is left, `literal` is all that was. A brace that opens no hole stands for itself. */
bool template_take(struct span *rest, struct span *literal, struct span *name);

#endif
