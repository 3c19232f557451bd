#include "bounce/original.h"

#include <string.h>

#include "base/ascii.h"

static bool
begins_verdict(struct span line)
{
	static const char *const fields[] = { "Authentication-Results:", "ARC-Authentication-Results:", "ARC-Seal:",
		"ARC-Message-Signature:", "Received-SPF:", "DKIM-Signature:", "DomainKey-Signature:",
		"X-Google-DKIM-Signature:", "Received: from", "Received: by",
		"Subject:", "X-Spam-Status:", "X-Forefront-Antispam-Report:" };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (span_starts_folded(line, fields[i]))
			return true;
	return false;
}

struct span
original_without_verdicts(struct arena *arena, struct span text)
{
	struct span rest = text;
	char *copy = NULL;
	bool within = false;

	while (rest.len > 0) {
		const size_t n = span_index(rest, '\n');
		const struct span line = span_first(rest, n);

		within = begins_verdict(line) || (within && n > 0 && ascii_is_blank(line.at[0]));
		if (within && copy == NULL) {
			copy = arena_take(arena, text.len);
			memcpy(copy, text.at, text.len);
		}
		if (within && n > 0)
			memset(copy + (line.at - text.at), ' ', n);
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	return copy != NULL ? (struct span){ copy, text.len } : text;
}
