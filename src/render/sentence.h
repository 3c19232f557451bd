/*
 * Sentences with values put in, and phrases of the judges in a person's
 * language.
 */
#ifndef RENDER_SENTENCE_H
#define RENDER_SENTENCE_H

#include "base/out.h"
#include "catalog/catalog.h"

/* `template` with {0} to {9} replaced by the values, escaped for a terminal. */
void sentence_put(struct out *out, const char *template, const struct span *values);

struct phrase {
	const char *en, *ja;
};

/* The phrase in this language, or as it is where the table has it not. */
const char *phrase_find(const struct phrase *table, size_t n, const char *en, enum lang lang);

#endif
