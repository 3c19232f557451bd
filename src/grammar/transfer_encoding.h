/*
 * Content-Transfer-Encoding undone. RFC 2045 section 6
 *
 *	base64:			5a6b5YWI
 *	quoted-printable:	=E5=AE=9B=E5=85=88
 *
 * Both put up with whatever mail does to them and give what can be read.
 */
#ifndef GRAMMAR_TRANSFER_ENCODING_H
#define GRAMMAR_TRANSFER_ENCODING_H

#include "base/arena.h"

/* Bytes outside the alphabet are passed over; padding ends a quantum, and
   another may follow. RFC 2045 section 6.8 */
struct span base64_decode(struct arena *arena, struct span s);

/* Blanks before a line's end are dropped; a "=" that begins nothing stands
   for itself. RFC 2045 section 6.7 */
struct span quoted_printable_decode(struct arena *arena, struct span s);

#endif
