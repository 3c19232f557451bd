/*
 * Header-field stanzas, the catalogue's format:
 *
 *	Cause: auth.spf
 *	Remedy-en: first step
 *	 second step
 *
 * A stanza is a run of `Name: value` lines ended by a blank line; a line that
 * begins with a blank continues the value; `#` in the first column is a comment.
 */
#ifndef CATALOG_STANZA_H
#define CATALOG_STANZA_H

#include "base/span.h"

struct stanza {
	struct span text; /* its lines, borrowed */
	unsigned line; /* of its first line, from 1 */
};

struct stanza_field {
	struct span name;
	struct span value; /* trimmed; keeps newlines and the blank behind each */
	unsigned line;
};

/* Takes the next stanza; `line` counts lines and begins at 1. False at the end. */
bool stanza_take(struct span *in, unsigned *line, struct stanza *stanza);

/*
 * Takes the next field of a stanza. False at its end, and where a line is
 * neither a field nor a continuation: then stanza->text is not empty and
 * stanza->line is that line.
 */
bool stanza_take_field(struct stanza *stanza, struct stanza_field *field);

#endif
