/*
 * How a body was changed after signing: bh= is its hash, so each supposition –
 * a footer, a banner, lines put into a part, another transfer encoding – is
 * tried until it fits, within a budget of bytes hashed.
 */
#ifndef AUTH_DKIM_BODY_DAMAGE_H
#define AUTH_DKIM_BODY_DAMAGE_H

#include "auth/dkim_damage.h"

/* For a check whose body hash does not match; sets body, kept, added. */
void dkim_look_at_body(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *damage);

#endif
