/*
 * What is wrong with a record that is almost right, for people and machines.
 */
#ifndef RENDER_NEAR_MISS_H
#define RENDER_NEAR_MISS_H

#include "base/out.h"
#include "catalog/catalog.h"
#include "record/near_miss.h"
#include "render/terminal.h"

/* Sentences: "Byte 7: “ip4: 192.0.2.1” was meant for “ip4:192.0.2.1” (a blank within a term)." */
void near_miss_say(struct out *out, enum lang lang, const struct near_miss *miss);

/* SPF and DMARC: what stands at `name`, what is wrong with it and how it was surely meant; nothing where nothing is wrong. */
void near_miss_write_text(struct out *out, const struct terminal *t, enum lang lang, enum record_kind kind,
    struct span name, struct span text);

/* ,"near_miss":{"name":…,"record":…,"meant":…,"slips":[…]}, or null where nothing is wrong */
void near_miss_write_member(struct out *out, enum record_kind kind, struct span name, struct span text);

/* ,"slips":[{"slip":…,"at":…,"seen":…,"meant":…}]; `miss` may be NULL */
void near_miss_write_json(struct out *out, const struct near_miss *miss);

#endif
