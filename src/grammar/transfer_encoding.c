#include "grammar/transfer_encoding.h"

/* Its value and one, 0: not of the alphabet. RFC 2045 section 6.8 */
static const uint8_t base64_values[256] = { ['A'] = 1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	12,
	13,
	14,
	15,
	16,
	17,
	18,
	19,
	20,
	21,
	22,
	23,
	24,
	25,
	26,
	['a'] = 27,
	28,
	29,
	30,
	31,
	32,
	33,
	34,
	35,
	36,
	37,
	38,
	39,
	40,
	41,
	42,
	43,
	44,
	45,
	46,
	47,
	48,
	49,
	50,
	51,
	52,
	['0'] = 53,
	54,
	55,
	56,
	57,
	58,
	59,
	60,
	61,
	62,
	['+'] = 63,
	['/'] = 64 };

/* Four of the alphabet in a row, as nearly all are. */
static bool
decode_quantum(const char *at, char **to)
{
	const uint32_t a = base64_values[(uint8_t)at[0]], b = base64_values[(uint8_t)at[1]],
		       c = base64_values[(uint8_t)at[2]], d = base64_values[(uint8_t)at[3]];
	const uint32_t bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);

	if (a == 0 || b == 0 || c == 0 || d == 0)
		return false;
	(*to)[0] = (char)(bits >> 16);
	(*to)[1] = (char)(bits >> 8);
	(*to)[2] = (char)bits;
	*to += 3;
	return true;
}

/* Bytes that are not of the alphabet are passed over; padding ends a quantum,
   and another may follow. RFC 2045 section 6.8 */
struct span
base64_decode(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len / 4 * 3 + 4), *to = start;
	uint32_t bits = 0;
	unsigned n_bits = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned value;

		while (n_bits == 0 && s.len - i >= 4 && decode_quantum(s.at + i, &to))
			i += 4;
		if (i == s.len)
			break;
		value = base64_values[(uint8_t)s.at[i]];
		if (s.at[i] == '=')
			n_bits = 0;
		if (value == 0)
			continue;
		bits = bits << 6 | (value - 1);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			*to++ = (char)(bits >> n_bits);
		}
	}
	return (struct span){ start, (size_t)(to - start) };
}

/* One line without its line end; false: a soft line break ends it. */
static bool
decode_printable_line(struct span line, char **to)
{
	for (size_t i = 0; i < line.len; i++) {
		int byte = span_hex_byte(line, i, '=');

		if (line.at[i] == '=' && i + 1 == line.len)
			return false;
		*(*to)++ = byte >= 0 ? (char)byte : line.at[i];
		i += byte >= 0 ? 2 : 0;
	}
	return true;
}

/* Blanks before a line's end were added on the way; "=" that begins nothing
   stands for itself. RFC 2045 section 6.7 */
struct span
quoted_printable_decode(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len + 1), *to = start;

	while (s.len > 0) {
		size_t n = span_index(s, '\n'), end = n;
		const bool has_end = n < s.len;
		const bool crlf = n > 0 && s.at[n - 1] == '\r';

		while (end > 0 && ascii_is_line_blank(s.at[end - 1]))
			end--;
		if (decode_printable_line(span_first(s, end), &to) && has_end) {
			if (crlf)
				*to++ = '\r';
			*to++ = '\n';
		}
		s = span_skip(s, has_end ? n + 1 : n);
	}
	return (struct span){ start, (size_t)(to - start) };
}
