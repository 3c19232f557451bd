#include "render/json_writer.h"

/* 0: stands as it is; 1: a control, a quote or a backslash; 2: not ASCII, to be looked at */
static const uint8_t class_of[256] = { [0 ... 31] = 1, ['"'] = 1, ['\\'] = 1, [127] = 1, [0x80 ... 0xff] = 2 };

/* A character that would steer a terminal: C1 controls, and those that turn the direction of text.
   Unicode Standard Annex 9, section 2 */
static bool
is_steering(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;

	if (b[0] == 0xc2)
		return b[1] < 0xa0;
	return b[0] == 0xe2 &&
	    ((b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) || (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9));
}

/* Of a sound sequence of two or three bytes. */
static unsigned
code_of(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;

	return b[0] < 0xe0 ? (b[0] & 31U) << 6 | (b[1] & 63U) : (b[0] & 15U) << 12 | (b[1] & 63U) << 6 | (b[2] & 63U);
}

static void
write_code(struct out *out, unsigned code)
{
	static const char hex[] = "0123456789abcdef";

	out_span(out,
	    (struct span){
		(char[]){ '\\', 'u', hex[code >> 12], hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15] }, 6 });
}

static void
write_escape(struct out *out, char c)
{
	if (c == '"' || c == '\\')
		out_span(out, (struct span){ (char[]){ '\\', c }, 2 });
	else if (c == '\n' || c == '\r' || c == '\t')
		out_span(out, (struct span){ (char[]){ '\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't' }, 2 });
	else
		write_code(out, (uint8_t)c);
}

/* The length of the sound UTF-8 sequence at the front, or 0. RFC 3629 section 4 */
static size_t
sequence_len(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;
	size_t n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;

	if (b[0] < 0xc2 || b[0] > 0xf4 || s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) || (b[0] == 0xf0 && b[1] < 0x90) ||
	    (b[0] == 0xf4 && b[1] > 0x8f))
		return 0;
	return n;
}

/* How many bytes at the front stand as they are: eight at a time, then one by one. */
static size_t
plain_len(const char *at, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t n = 0;
	uint64_t w, quote, slash;

	for (; len - n >= 8; n += 8) {
		memcpy(&w, at + n, 8);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		/* borrows may only find too much, and the slow loop looks again */
		if (((w | (w - ones * 0x20) | (quote - ones) | (slash - ones) | (w + ones)) & high) != 0)
			break;
	}
	while (n < len && class_of[(uint8_t)at[n]] == 0)
		n++;
	return n;
}

/* The same of characters of three bytes whose lead says that they are sound: kana and most ideographs. */
static size_t
japanese_len(const char *at, size_t len)
{
	size_t n = 0;

	while (len - n >= 3 && (uint8_t)at[n] >= 0xe3 && (uint8_t)at[n] <= 0xec &&
	    ((uint8_t)at[n + 1] & 0xc0) == 0x80 && ((uint8_t)at[n + 2] & 0xc0) == 0x80)
		n += 3;
	return n;
}

void
json_put_text(struct out *out, struct span s)
{
	size_t run = 0, n;

	for (size_t i = 0; i < s.len; i += n) {
		const struct span rest = span_skip(s, i);
		bool steering = false;

		n = plain_len(rest.at, rest.len);
		n += japanese_len(rest.at + n, rest.len - n);
		if (n == 0 && class_of[(uint8_t)rest.at[0]] == 2) {
			n = sequence_len(rest);
			steering = n > 0 && is_steering(rest);
		}
		if (n > 0 && !steering)
			continue;
		out_span(out, (struct span){ s.at + run, i - run });
		if (steering)
			write_code(out, code_of(rest));
		else if (class_of[(uint8_t)rest.at[0]] == 1)
			write_escape(out, rest.at[0]);
		else
			out_str(out, "\xef\xbf\xbd");
		n += n == 0;
		run = i + n;
	}
	out_span(out, span_skip(s, run));
}

void
json_write_string(struct out *out, struct span s)
{
	out_char(out, '"');
	json_put_text(out, s);
	out_char(out, '"');
}

enum { CHUNK = 16 };
typedef signed char chunk __attribute__((vector_size(CHUNK)));

/* How many bytes at the front are no quote, no backslash and no control: by chunks, then one by one. */
static size_t
unescaped_len(struct span s)
{
	size_t n = 0;

	for (; s.len - n >= CHUNK; n += CHUNK) {
		uint64_t halves[2];
		chunk c, found;

		memcpy(&c, s.at + n, sizeof(c));
		found = (c == '"') | (c == '\\') | ((c >= 0) & (c < ' '));
		memcpy(halves, &found, sizeof(halves));
		if ((halves[0] | halves[1]) != 0)
			break;
	}
	while (n < s.len && class_of[(uint8_t)s.at[n]] != 1)
		n++;
	return n;
}

void
json_put_trusted(struct out *out, struct span s)
{
	while (s.len > 0) {
		size_t n = unescaped_len(s);

		out_span(out, span_first(s, n));
		s = span_skip(s, n);
		if (s.len > 0) {
			write_escape(out, s.at[0]);
			s = span_skip(s, 1);
		}
	}
}
