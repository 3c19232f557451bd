/*
 * Progress of long work: one line on standard error, on a terminal alone,
 * not before a second has passed.
 */
#ifndef INTAKE_PROGRESS_H
#define INTAKE_PROGRESS_H

#include <time.h>

#include "base/span.h"

struct progress {
	bool wanted, shown;
	struct timespec begun, told;
	uint64_t files, bytes, total_bytes; /* total 0: not known */
};

void progress_init(struct progress *p, bool quiet);
void progress_add(struct progress *p, uint64_t files, uint64_t bytes);

/* Clears the line: before anything else is written, and at the end. */
void progress_clear(struct progress *p);

#endif
