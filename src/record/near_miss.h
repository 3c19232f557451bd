/*
 * A TXT record that is almost what it means to be: what is wrong at which
 * byte, and the record as it was surely meant.
 *
 *	"v=spf1 ip4: 192.0.2.1 –all" → v=spf1 ip4:192.0.2.1 -all
 *	v=DMARC1 p=reject            → v=DMARC1; p=reject
 *
 * Nothing is guessed: what could mean two things is named as unclear.
 */
#ifndef RECORD_NEAR_MISS_H
#define RECORD_NEAR_MISS_H

#include "record/near_miss_slip.h"

/* False: the text does not even mean to be such a record. */
bool near_miss_read(struct arena *arena, enum record_kind kind, struct span text, struct near_miss *miss);

/* "quotes": for machines */
const char *slip_token(enum slip slip);

#endif
