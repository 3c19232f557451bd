/*
 * What is wrong with a record that is almost right, for people and machines.
 */
#ifndef RENDER_NEAR_MISS_H
#define RENDER_NEAR_MISS_H

#include "base/out.h"
#include "catalog/catalog.h"
#include "record/near_miss.h"

/* Sentences: "Byte 7: “ip4: 192.0.2.1” was meant for “ip4:192.0.2.1” (a blank within a term)." */
void near_miss_say(struct out *out, enum lang lang, const struct near_miss *miss);

/* ,"slips":[{"slip":…,"at":…,"seen":…,"meant":…}]; `miss` may be NULL */
void near_miss_write_json(struct out *out, const struct near_miss *miss);

#endif
