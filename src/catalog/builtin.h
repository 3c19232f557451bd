/*
 * The catalogue within the program: the files of `catalog/`, loaded when the
 * program was built and written as C data by image.c.
 */
#ifndef CATALOG_BUILTIN_H
#define CATALOG_BUILTIN_H

#include "catalog/load.h"

extern const struct catalog catalog_builtin;

/* The files themselves. Fills `sources`, room for CATALOG_SOURCES_MAX, and says how many. */
size_t catalog_builtin_sources(struct catalog_source *sources);

#endif
