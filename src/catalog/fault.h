/*
 * What is unsound in the files of a catalogue, with file and line.
 */
#ifndef CATALOG_FAULT_H
#define CATALOG_FAULT_H

#include "base/span.h"

enum { CATALOG_FAULTS_MAX = 100 };

struct catalog_fault {
	const char *file;
	unsigned line;
	const char *what;
	struct span detail; /* the name or value at fault; may be empty */
};

struct catalog_faults {
	struct catalog_fault at[CATALOG_FAULTS_MAX];
	size_t n; /* all of them, also those not kept */
};

/* Beyond CATALOG_FAULTS_MAX they are only counted. */
static inline void
catalog_fault_note(struct catalog_faults *faults, struct catalog_fault fault)
{
	if (faults->n < CATALOG_FAULTS_MAX)
		faults->at[faults->n] = fault;
	faults->n++;
}

#endif
