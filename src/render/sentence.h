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

#endif
