/*
 * Explains works: finds the failures each one tells of and reaches a verdict
 * on every one. Pure but for the pool it is called from.
 */
#ifndef INTAKE_EXPLAIN_H
#define INTAKE_EXPLAIN_H

#include "catalog/catalog.h"
#include "intake/outcome.h"
#include "intake/work.h"
#include "diagnose/verdict.h"

struct explainer {
	const struct catalog *catalog;
	bool want_marks;
	void *context;
	void (*tell)(void *context, struct batch *batch, const struct work *work, const struct verdict *v);
	void (*tell_nothing)(void *context, struct batch *batch, const struct work *work, enum outcome outcome);
};

/* `arena` is scratch; it is reset for each work. */
void explain_batch(const struct explainer *e, struct arena *arena, struct batch *batch);

#endif
