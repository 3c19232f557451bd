/*
 * An internationalized name as the DNS has it. RFC 5890 section 2.3, UTS #46
 *
 *	例え.jp → xn--r8jz45g.jp
 */
#ifndef DNS_IDN_H
#define DNS_IDN_H

#include "base/arena.h"

/* In lower case, without a dot at its end; false: no name can be made of it. */
bool idn_to_ascii(struct arena *arena, struct span name, struct span *ascii);

/* Whether `ascii`, made of `name`, stands for another text than the one written there: full-width letters, other dots and
   the like. A change of case in ASCII is none. */
bool idn_is_mapped(struct span name, struct span ascii);

#endif
