#include "render/sentence.h"

#include "render/terminal.h"

void
sentence_put(struct out *out, const char *template, const struct span *values)
{
	for (const char *s = template; *s != '\0'; s++) {
		if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}') {
			terminal_escape(out, values[s[1] - '0']);
			s += 2;
		} else {
			out_char(out, *s);
		}
	}
}

const char *
phrase_find(const struct phrase *table, size_t n, const char *en, enum lang lang)
{
	for (size_t i = 0; lang == LANG_JA && i < n; i++)
		if (strcmp(table[i].en, en) == 0)
			return table[i].ja;
	return en;
}
