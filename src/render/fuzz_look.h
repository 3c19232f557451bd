/*
 * What every form of an explanation must be, whatever it was made of: UTF-8
 * that steers nothing, and JSON that is one object.
 */
#ifndef RENDER_FUZZ_LOOK_H
#define RENDER_FUZZ_LOOK_H

#include <stdlib.h>

#include "base/out.h"
#include "base/utf8.h"
#include "grammar/json.h"

/* Empties it when it was looked at. */
static inline void
fuzz_look_at_text(struct out *out)
{
	struct span s = out_view(out);
	uint32_t code;

	while (s.len > 0)
		if (!utf8_take(&s, &code) || (code < 0x20 && code != '\n' && code != '\t') ||
		    (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
		    (code >= 0x2066 && code <= 0x2069))
			abort();
	out_clear(out);
}

static inline void
fuzz_look_at_json(struct out *out)
{
	struct span rest = out_view(out), value;

	if (!json_take_value(&rest, &value) || !json_is_object(value) || rest.len > 0)
		abort();
	out_clear(out);
}

#endif
