/*
 * The reference of one receiver's replies: each with its cause, what to do and
 * where that is known from.
 */
#ifndef RENDER_HTML_CODES_H
#define RENDER_HTML_CODES_H

#include "base/out.h"
#include "catalog/load.h"

/* As a page that stands alone, and as JSON, a line each. `receiver` is a provider's name; false: there is none of this name. */
bool html_codes_write(struct out *out, enum lang lang, const struct catalog *catalog, struct span receiver);
bool codes_write_json(struct out *out, const struct catalog *catalog, struct span receiver);

/* The receivers that have any: receiver, title, replies; a line each. */
void receivers_write_json(struct out *out, const struct catalog *catalog);

#endif
