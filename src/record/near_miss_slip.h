/*
 * What a near miss is made of: the kinds of record, and of mistakes in them.
 */
#ifndef RECORD_NEAR_MISS_SLIP_H
#define RECORD_NEAR_MISS_SLIP_H

#include "base/arena.h"

enum record_kind { RECORD_SPF, RECORD_DMARC, RECORD_DKIM_KEY, RECORD_MTA_STS, RECORD_TLS_RPT, RECORD_BIMI };

enum slip {
	SLIP_QUOTES, /* quotation marks within the text, straight or curly */
	SLIP_BACKSLASH,
	SLIP_LEADING_BLANK,
	SLIP_FOREIGN_BLANK, /* no-break, full-width, zero-width, a tab or a line end */
	SLIP_FULL_WIDTH, /* ： for : */
	SLIP_DASH, /* – for - */
	SLIP_PASTED, /* a zone file's name, TTL, type or parentheses, a key file's frame */
	SLIP_VERSION, /* spf1, v=spf, v:DKIM1, v=dmarc1 */
	SLIP_VERSION_MISSING,
	SLIP_VERSION_LATE, /* or once more */
	SLIP_SEPARATOR_MISSING, /* mx~all; v=DMARC1 p=none */
	SLIP_SEPARATOR_WRONG, /* a comma for a blank or a semicolon */
	SLIP_STRAY_BLANK, /* ip4: 192.0.2.1 */
	SLIP_SIGN, /* include= for include: */
	SLIP_NAME, /* ipv4, rau */
	SLIP_VALUE, /* a:192.0.2.1, rua=dmarc@example.jp */
	SLIPS
};

struct near_miss_slip {
	enum slip slip;
	size_t at; /* byte of the text */
	struct span seen; /* what stands there */
	struct span meant; /* what it was mended to; empty: it only had to go */
};

enum { NEAR_MISS_SIZE_MAX = 8192, NEAR_MISS_SLIPS_MAX = 24 };

struct near_miss {
	enum record_kind kind;
	struct span before; /* as it stands */
	struct span after; /* as it was meant; empty: that cannot be told */
	struct near_miss_slip slips[NEAR_MISS_SLIPS_MAX]; /* none: it is sound as it stands */
	size_t n_slips;
	struct span unclear; /* the part that could mean anything; empty: none */
	size_t unclear_at; /* byte of the text */
};

#endif
