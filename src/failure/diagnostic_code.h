/*
 * A reply as logs and reports quote it, or as a person pastes it: line ends
 * may be lost, codes may repeat mid-text, and an MTA's words may stand around.
 *
 *	host mx.example.jp[192.0.2.1] said: 550-5.7.26 The MAIL FROM domain
 *	550-5.7.26 has an SPF record (in reply to MAIL FROM command)
 */
#ifndef FAILURE_DIAGNOSTIC_CODE_H
#define FAILURE_DIAGNOSTIC_CODE_H

#include "base/arena.h"
#include "failure/reply_reader.h"

/* Never fails: what has no code is all text. `text` is without its codes,
   ASCII letters folded, blanks squeezed to one space, none at either end. */
void diagnostic_code_read(struct arena *arena, struct span raw, bool want_offsets, struct diagnostic_code *d);

#endif
