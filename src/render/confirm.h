/*
 * What the DNS shows of a refusal's cause, for people and as JSON.
 */
#ifndef RENDER_CONFIRM_H
#define RENDER_CONFIRM_H

#include "base/out.h"
#include "diagnose/confirm.h"
#include "render/record.h"

/* Whether a record was proved, or can be written whole: then the next four have something to say. */
bool confirm_has_record(const struct confirmation *c);
void confirm_say_change(struct out *out, enum lang lang, const struct confirmation *c);
struct record_change confirm_record(struct arena *arena, const struct confirmation *c); /* borrowed, or in the arena */
void confirm_say_proof(struct out *out, enum lang lang, const struct confirmation *c);
void confirm_say_owner(struct out *out, enum lang lang, const struct confirmation *c); /* nothing, but for SPF */

/* What the DNS shows: paragraphs, a line each; nothing where there is nothing to tell. */
void confirm_say(struct out *out, enum lang lang, const struct confirmation *c);

/* An object: state, about, domain, hints, spf, repair, ptr, dmarc, dkim; what was not looked at is null. */
void confirm_write_json(struct out *out, const struct confirmation *c);

#endif
