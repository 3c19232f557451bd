#include "dns/idn.h"

#include <idn2.h>

#include "dns/answers.h"

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.at[i] >= 0x80)
			return false;
	return true;
}

static struct span
lowered(struct arena *arena, struct span s)
{
	char *to = arena_take(arena, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		to[i] = ascii_lower(s.at[i]);
	return (struct span){ to, s.len };
}

bool
idn_to_ascii(struct arena *arena, struct span name, struct span *ascii)
{
	char *found = NULL, *copy;

	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len > 4 * DNS_NAME_SIZE_MAX || memchr(name.at, '\0', name.len) != NULL)
		return false;
	if (is_ascii(name)) {
		*ascii = lowered(arena, name);
		return dns_name_is_sound(*ascii);
	}
	copy = arena_take(arena, name.len + 1);
	memcpy(copy, name.at, name.len);
	copy[name.len] = '\0';
	if (idn2_to_ascii_8z(copy, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	*ascii = lowered(arena, span_of(found));
	idn2_free(found);
	return dns_name_is_sound(*ascii);
}
