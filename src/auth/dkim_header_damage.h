/*
 * Which header fields were changed after signing: RSA tells the hash that was
 * signed, so what a field may have been – one by one, then two and three
 * together, as mailing lists change them – is tried until it fits.
 */
#ifndef AUTH_DKIM_HEADER_DAMAGE_H
#define AUTH_DKIM_HEADER_DAMAGE_H

#include "auth/dkim_damage.h"

/* For a check whose signature does not fit the header; sets header, changes, removed, and body where bh= was damaged. */
void dkim_look_at_header(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *damage);

#endif
