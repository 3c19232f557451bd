/*
 * The names a hole or a placeholder may have: a closed list.
 */
#ifndef CATALOG_FACTS_H
#define CATALOG_FACTS_H

#include "base/span.h"

enum fact_use {
	FACT_UNKNOWN,
	FACT_READ, /* may stand in Text: read from a reply */
	FACT_DERIVED, /* only in titles, explanations and remedies */
};

enum fact_use fact_use_of(struct span name);

/* The list's own, NUL-terminated copy of `name`, as a span; empty if there is none. */
struct span fact_name(struct span name);

#endif
