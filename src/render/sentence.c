#include "render/sentence.h"

#include "base/template.h"
#include "render/terminal.h"

void
sentence_put(struct out *out, const char *template, const struct span *values)
{
	struct span rest = span_of(template), literal, name;

	while (template_take(&rest, &literal, &name)) {
		out_span(out, literal);
		terminal_escape(out, values[name.at[0] - '0']);
	}
	out_span(out, literal);
}
