#include "grammar/domain_name.h"

bool
domain_name_is_harmless(struct span s)
{
	if (s.len == 0 || s.at[0] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i], l = ascii_lower(c);

		if (!(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.' &&
		    (uint8_t)c < 0x80)
			return false;
		if (c == '.' && i > 0 && s.at[i - 1] == '.')
			return false;
	}
	return true;
}
