#include "catalog/builtin.h"

#include <stdio.h>
#include <stdlib.h>

const struct catalog *
catalog_builtin(struct arena *arena)
{
	struct catalog_source sources[CATALOG_SOURCES_MAX];
	struct catalog_faults faults = { .n = 0 };
	const struct catalog *catalog =
	    catalog_load(arena, sources, catalog_builtin_sources(sources), &faults);

	if (catalog == NULL) {
		fprintf(stderr, "todoku: the built-in catalogue is unsound: %s:%u: %s: %.*s\n",
		    faults.at[0].file, faults.at[0].line, faults.at[0].what,
		    (int)faults.at[0].detail.len, faults.at[0].detail.at);
		abort();
	}
	return catalog;
}
