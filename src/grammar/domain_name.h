/*
 * A domain name as it stands in headers and tags: letters, digits, hyphens,
 * underscores as they are met, and UTF-8 (RFC 6531, RFC 8616). Nothing that
 * could steer whoever prints it.
 */
#ifndef GRAMMAR_DOMAIN_NAME_H
#define GRAMMAR_DOMAIN_NAME_H

#include "base/span.h"

/* No label is empty, but a dot may stand at its end. */
bool domain_name_is_harmless(struct span name);

#endif
