#include <stdlib.h>

#include "base/utf8.h"
#include "render/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Takes the rest of a character reference, one of the five that are written. */
static bool
take_entity(struct span *s)
{
	return span_take(s, "amp;") || span_take(s, "lt;") || span_take(s, "gt;") || span_take(s, "quot;") ||
	    span_take(s, "#39;");
}

/* Takes a tag, one of the few that are written around words. */
static bool
take_tag(struct span *s)
{
	static const char *const tags[] = { "p>", "/p>", "code>", "/code>", "b>", "/b>", "small>", "/small>", "mark>",
		"/mark>", "h3>", "/h3>", "/span>", "/a>", "span class=\"label\">", "b class=\"bad\">",
		"b class=\"passing\">", "b class=\"good\">", "p class=\"in1\">", "p class=\"in2\">", "p class=\"in3\">",
		"p class=\"in1 mono\">", "a rel=\"noreferrer noopener\" target=\"_blank\" href=\"https://" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (span_take(s, tags[i]))
			return true;
	return false;
}

/* Every character is text, a reference, or of our own tags; nothing steers. */
static void
look(const struct out *out, bool tags)
{
	struct span s = out_view(out);
	uint32_t code;

	while (s.len > 0) {
		if (!utf8_take(&s, &code) || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0) ||
		    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
			abort();
		if (code == '&' && !take_entity(&s))
			abort();
		if (code == '\'' || (code == '<' && !(tags && take_tag(&s))) || (!tags && (code == '>' || code == '"')))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static void (*const puts[])(struct out *, struct span) = { html_put_text, html_put_lines, html_put_words,
		html_put_paragraphs, html_put_link, html_put_terminal };
	const struct span in = { (const char *)data, len };

	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]); i++) {
		struct out out = { 0 };

		puts[i](&out, in);
		look(&out, i > 1);
		out_deinit(&out);
	}
	return 0;
}
