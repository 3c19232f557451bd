/*
 * The catalogue's laws that need a matcher: every sample is claimed by exactly
 * its own rule.
 */
#ifndef CATALOG_LAWS_H
#define CATALOG_LAWS_H

#include "catalog/load.h"

struct catalog_counts {
	size_t causes, providers, rules, texts, samples;
};

/* Notes what breaks a law in `faults`; true if nothing does. */
bool catalog_laws_check(
    struct arena *arena, const struct catalog *catalog, struct catalog_faults *faults, struct catalog_counts *counts);

/* The stage an SMTP command belongs to: "RCPT TO" → STAGE_RCPT, "end of DATA" → STAGE_DATA. */
enum stage catalog_stage_of(struct span command);

#endif
