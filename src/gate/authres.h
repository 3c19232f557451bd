/*
 * Whether an Authentication-Results field that comes with a message claims to
 * be of ours: such a one is removed at the border. RFC 8601 section 5
 *
 *	(really) MX.example.com 1; dkim=pass header.d=bank.example
 */
#ifndef GATE_AUTHRES_H
#define GATE_AUTHRES_H

#include "base/arena.h"

/* Behind comments, in quotes or not, in any case of letters. Where the field is unsound, it claims so if the name stands in
   it anywhere: whoever reads it later may read it otherwise. */
bool authres_claims(struct arena *arena, struct span value, struct span authserv_id);

#endif
