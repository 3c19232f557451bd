/*
 * The reading of one reply, as its three thoughts share it: what stands around
 * it (reply_prefix), its codes (reply_code), its words (diagnostic_code).
 */
#ifndef FAILURE_REPLY_READER_H
#define FAILURE_REPLY_READER_H

#include "base/span.h"
#include "grammar/enhanced_status.h"

enum { DIAGNOSTIC_CODE_SIZE_MAX = 64 * 1024 }; /* what stands behind is not read */

/* What is read. */
struct diagnostic_code {
	uint16_t code; /* RFC 5321 section 4.2; 0: none */
	struct enhanced_status status; /* class 0: none */
	struct span text; /* the words in one line, folded; in the arena */
	struct span host, ip, command; /* borrowed from raw, or empty */
	struct span client_ip; /* whom the receiver refused: Google's "[192.0.2.9   15]" */
	const uint32_t *offsets; /* where in raw text.at[i] came from; NULL: not wanted */
};

struct reply_reader {
	struct diagnostic_code *d;
	const char *start;
	char *out; /* the words; never longer than what they are read from */
	size_t len;
	uint32_t *offsets; /* NULL: not wanted */
	const uint32_t *origin; /* where start[i] stood in raw; NULL: at i */
	bool open; /* the last code was "550-" */
	bool answer; /* the line began with "<<<" */
	bool quoted; /* an opening quote or bracket was dropped */
};

#endif
