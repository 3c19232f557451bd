#include "dns/idn.h"

#include <idn2.h>

#include "dns/answers.h"
#include "grammar/domain_name.h"

static struct span
lowered(struct arena *arena, struct span s)
{
	char *to = arena_take(arena, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		to[i] = ascii_lower(s.at[i]);
	return (struct span){ to, s.len };
}

/* The mapping makes blanks, "@" and more out of characters that only look like letters: the outcome is looked at as if
   it had been written so. */
bool
idn_to_ascii(struct arena *arena, struct span name, struct span *ascii)
{
	char *found = NULL, *copy;

	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len == 0 || name.len > 4 * DNS_NAME_SIZE_MAX || memchr(name.at, '\0', name.len) != NULL)
		return false;
	if (span_is_ascii(name)) {
		*ascii = lowered(arena, name);
		return domain_name_is_harmless(*ascii) && dns_name_is_sound(*ascii);
	}
	copy = arena_take(arena, name.len + 1);
	memcpy(copy, name.at, name.len);
	copy[name.len] = '\0';
	if (idn2_to_ascii_8z(copy, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	*ascii = lowered(arena, span_of(found));
	idn2_free(found);
	return domain_name_is_harmless(*ascii) && dns_name_is_sound(*ascii);
}

bool
idn_is_mapped(struct span name, struct span ascii)
{
	char text[DNS_NAME_SIZE_MAX + 1], *shown = NULL;
	bool same;

	if (span_is_ascii(name))
		return false;
	if (ascii.len >= sizeof(text))
		return true;
	memcpy(text, ascii.at, ascii.len);
	text[ascii.len] = '\0';
	if (idn2_to_unicode_8z8z(text, &shown, 0) != IDN2_OK)
		return true;
	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	same = span_equal_folded(name, span_of(shown));
	idn2_free(shown);
	return !same;
}
