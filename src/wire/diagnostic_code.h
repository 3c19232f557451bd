/*
 * A reply as logs and reports quote it, or as a person pastes it: line ends
 * may be lost, codes may repeat mid-text, and an MTA's words may stand around.
 *
 *	host mx.example.jp[192.0.2.1] said: 550-5.7.26 The MAIL FROM domain
 *	550-5.7.26 has an SPF record (in reply to MAIL FROM command)
 */
#ifndef WIRE_DIAGNOSTIC_CODE_H
#define WIRE_DIAGNOSTIC_CODE_H

#include "base/arena.h"
#include "base/span.h"
#include "wire/enhanced_status.h"

enum { DIAGNOSTIC_CODE_SIZE_MAX = 64 * 1024 }; /* what stands behind is not read */

struct diagnostic_code {
	uint16_t code; /* RFC 5321 section 4.2; 0: none */
	struct enhanced_status status; /* class 0: none */
	struct span text; /* the words in one line, folded; in the arena */
	struct span host, ip, command; /* borrowed from raw, or empty */
	struct span client_ip; /* whom the receiver refused: Google's "[192.0.2.9   15]" */
	const uint32_t *offsets; /* where in raw text.at[i] came from; NULL: not wanted */
};

/* Never fails: what has no code is all text. `text` is without its codes,
   ASCII letters folded, blanks squeezed to one space, none at either end. */
void diagnostic_code_read(struct arena *arena, struct span raw, bool want_offsets, struct diagnostic_code *d);

/* Whether a reply of class 4 or 5, or an enhanced status, stands where one would. */
bool diagnostic_code_looks_like_reply(struct span s);

/* Takes the next of several pasted replies off `rest`; false when none is left.
   `reply` keeps its line ends, codes and what the MTA wrote around it. */
bool diagnostic_code_take_reply(struct span *rest, struct span *reply);

#endif
