#include "dns/rdata.h"

/* A name as it stands in rdata, never compressed here. RFC 1035 section 3.1 */
static bool
read_name(struct arena *arena, struct span data, struct span *name)
{
	char *to = arena_take(arena, data.len + 1);
	size_t n = 0;

	while (data.len > 0 && data.at[0] != '\0') {
		size_t len = (uint8_t)data.at[0];

		if (len > DNS_LABEL_SIZE_MAX || len + 1 > data.len)
			return false;
		if (n > 0)
			to[n++] = '.';
		memcpy(to + n, data.at + 1, len);
		n += len;
		data = span_skip(data, len + 1);
	}
	*name = (struct span){ to, n };
	return data.len == 1;
}

/* character-strings, joined without a blank. RFC 7208 section 3.3 */
static bool
read_strings(struct arena *arena, struct span data, struct span *text)
{
	char *to = arena_take(arena, data.len + 1);
	size_t n = 0;

	while (data.len > 0) {
		size_t len = (uint8_t)data.at[0];

		if (len + 1 > data.len)
			return false;
		memcpy(to + n, data.at + 1, len);
		n += len;
		data = span_skip(data, len + 1);
	}
	*text = (struct span){ to, n };
	return true;
}

bool
rdata_read(struct arena *arena, enum dns_type type, struct span data, struct dns_record *record)
{
	*record = (struct dns_record){ .data = data };
	switch (type) {
	case DNS_A: return data.len == 4;
	case DNS_AAAA: return data.len == 16;
	case DNS_TXT: return read_strings(arena, data, &record->data);
	case DNS_MX:
		if (data.len < 3)
			return false;
		record->preference = (uint16_t)((uint8_t)data.at[0] << 8 | (uint8_t)data.at[1]);
		return read_name(arena, span_skip(data, 2), &record->data);
	default: return read_name(arena, data, &record->data);
	}
}
