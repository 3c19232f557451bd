/*
 * The files of the page, made into C when the program is built.
 */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "base/span.h"

struct asset {
	const char *path, *type, *bytes;
	const size_t *size;
};

/* NULL: there is none of this path. */
const struct asset *asset_find(struct span path);

#endif
