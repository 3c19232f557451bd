/*
 * A reply as it is quoted:
 *
 *	smtp; 550-5.7.26 The MAIL FROM domain [example.jp] has an SPF\n550 5.7.26 ...
 *	<taro@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1 no such
 *	    user (in reply to RCPT TO command)
 *
 * The bytes between two oddities are copied by one tight loop; an oddity (a
 * line's start, a blank behind a blank, a code, a byte beyond ASCII) is looked
 * at by itself.
 */
#include "failure/diagnostic_code.h"

#include "failure/reply_bytes.h"
#include "failure/reply_code.h"
#include "failure/reply_prefix.h"

enum { COMMAND_MAX = 64 };

enum { /* what a byte is; the high byte is what it makes of the next one */
	ODD = 1,
	BLANK = 2,
	CODE_DIGIT = 4
};

#define BEHIND(bits) ((bits) << 8)

#define PLAIN BEHIND(ODD)
#define EDGE BEHIND(ODD | CODE_DIGIT)

static const uint16_t classes[256] = {
	[0 ... ' ' - 1] = ODD | EDGE,
	[' '] = BLANK | EDGE | BEHIND(BLANK),
	['!'] = PLAIN,
	['"' ... '#'] = EDGE,
	['$' ... '&'] = PLAIN,
	['\''] = EDGE,
	['('] = ODD | EDGE,
	[')' ... '+'] = PLAIN,
	[','] = EDGE,
	['-' ... '3'] = PLAIN,
	['4' ... '5'] = CODE_DIGIT | PLAIN,
	['6' ... '9'] = PLAIN,
	[':' ... '<'] = EDGE,
	['=' ... 'Z'] = PLAIN,
	['[' ... '\\'] = ODD | EDGE,
	[']' ... '~'] = PLAIN,
	['~' + 1 ... 255] = ODD | EDGE,
};

/* Copies bytes that need no second look, ASCII letters folded; says how many. */
static size_t
copy_bytes(char *to, struct span from, char before)
{
	unsigned stop = classes[(unsigned char)before] >> 8;
	size_t i;

	for (i = 0; i < from.len; i++) {
		unsigned char c = (unsigned char)from.at[i];
		unsigned class = classes[c];

		if (class & stop)
			break;
		stop = class >> 8;
		to[i] = ascii_lower((char)c);
	}
	return i;
}

enum { CHUNK = 16 };
typedef signed char chunk __attribute__((vector_size(CHUNK)));

static bool
any(chunk c)
{
	uint64_t halves[2];

	memcpy(halves, &c, sizeof(halves));
	return (halves[0] | halves[1]) != 0;
}

/* The same for a whole chunk at once, or not at all; from[-1] is read too. */
static bool
copy_chunk(char *to, const char *from)
{
	chunk c, before, odd;

	memcpy(&c, from, sizeof(c));
	memcpy(&before, from - 1, sizeof(before));
	odd = (c < ' ') | (c == 127) | (c == '\\') | (c == '(') | (c == '[');
	odd |= (c == ' ') & (before == ' ');
	odd |= ((c == '4') | (c == '5')) &
	    ((before < '-') | ((before >= ':') & (before <= '<')) | (before == '[') | (before == '\\'));
	if (any(odd))
		return false;
	c |= ((c >= 'A') & (c <= 'Z')) & ' ';
	memcpy(to, &c, sizeof(c));
	return true;
}

/* The hot loop. */
static size_t
copy_plain(char *to, struct span from, char before)
{
	size_t i = copy_bytes(to, span_first(from, 1), before);

	while (i > 0 && i < from.len) {
		struct span next = span_first(span_skip(from, i), CHUNK);
		size_t n;

		if (next.len == CHUNK && copy_chunk(to + i, next.at)) {
			i += CHUNK;
			continue;
		}
		n = copy_bytes(to + i, next, from.at[i - 1]);
		i += n;
		if (n < next.len)
			break;
	}
	return i;
}

static void
note_offsets(struct reply_reader *r, const char *from, size_t count)
{
	size_t at = (size_t)(from - r->start);

	if (r->offsets == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		r->offsets[r->len + i] = r->origin ? r->origin[at + i] : (uint32_t)(at + i);
}

static void
write_bytes(struct reply_reader *r, struct span bytes, const char *from)
{
	memcpy(r->out + r->len, bytes.at, bytes.len);
	note_offsets(r, from, bytes.len);
	r->len += bytes.len;
}

static void
write_blank(struct reply_reader *r, const char *from)
{
	if (r->len > 0 && r->out[r->len - 1] != ' ')
		write_bytes(r, (struct span){ " ", 1 }, from);
}

/* "(in reply to end of DATA command)" */
static bool
take_in_reply_to(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, command;

	if (!reply_take_phrase(&rest, "(in reply to ") || !reply_take_until(&rest, ")", COMMAND_MAX, &command))
		return false;
	reply_set_command(r, command);
	*s = rest;
	return true;
}

/* Google: "[203.0.113.9      15]" */
static bool
take_client_ip(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, ip;
	size_t digits = 0;

	if (!span_take_char(&rest, '[') || !reply_take_ip(&rest, &ip) || !reply_skip_blanks(&rest))
		return false;
	while (digits < rest.len && ascii_is_digit(rest.at[digits]))
		digits++;
	rest = span_skip(rest, digits);
	if (digits == 0 || !span_take_char(&rest, ']'))
		return false;
	r->d->client_ip = ip;
	reply_skip_blanks(&rest);
	*s = rest;
	return true;
}

/* The length of the UTF-8 character at the front, 0 when it is none.
   RFC 3629 section 4 */
static size_t
character_len(struct span s)
{
	const unsigned char *b = (const unsigned char *)s.at;
	size_t n = b[0] < 0x80 ? 1 : b[0] < 0xc2 ? 0 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : b[0] < 0xf5 ? 4 : 0;

	if (n > s.len || (b[0] == 0xe0 && n == 3 && b[1] < 0xa0) || (b[0] == 0xed && b[1] >= 0xa0) ||
	    (b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] >= 0x90))
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static void
read_character(struct reply_reader *r, struct span *s)
{
	size_t n = character_len(*s);
	struct span bytes = n > 0 ? span_first(*s, n) : (struct span){ "?", 1 };

	write_bytes(r, bytes, s->at);
	*s = span_skip(*s, bytes.len);
}

static void
read_blank(struct reply_reader *r, struct span *s)
{
	bool line_end = reply_is_line_end(*s);

	write_blank(r, s->at);
	*s = span_skip(*s, reply_blank_len(*s));
	if (line_end)
		reply_begin_line(r, s);
}

static enum reply_place
place_of(const struct reply_reader *r)
{
	return r->len >= 2 && r->out[r->len - 1] == ' ' && r->out[r->len - 2] == ':' ? REPLY_BEHIND_COLON
										     : REPLY_WITHIN;
}

static void
read_odd(struct reply_reader *r, struct span *s)
{
	char c = s->at[0];

	if (reply_blank_len(*s) > 0)
		read_blank(r, s);
	else if (!(c == '(' && take_in_reply_to(r, s)) && !(c == '[' && take_client_ip(r, s)) &&
	    !((c == '4' || c == '5') && reply_take_codes(r, s, place_of(r))))
		read_character(r, s);
}

static void
read_words(struct reply_reader *r, struct span s)
{
	reply_begin_line(r, &s);
	while (s.len > 0) {
		size_t n = copy_plain(r->out + r->len, s, r->len ? r->out[r->len - 1] : ' ');

		note_offsets(r, s.at, n);
		r->len += n;
		s = span_skip(s, n);
		if (s.len > 0)
			read_odd(r, &s);
	}
}

/* What closes a quotation that was opened in front, and blanks. */
static bool
drop_end(struct reply_reader *r, const char *mark)
{
	const size_t n = strlen(mark);

	if (r->len < n || memcmp(r->out + r->len - n, mark, n) != 0)
		return false;
	r->len -= n;
	return true;
}

static void
trim_end(struct reply_reader *r)
{
	static const char *const marks[] = { " ", "\"", "'", ")", "}", "\xe2\x80\x9d", "\xe2\x80\x99", "\xe3\x80\x8d",
		"\xe3\x80\x8f", "`" };
	const size_t count = r->quoted ? sizeof(marks) / sizeof(marks[0]) : 1;
	size_t i = 0;

	while (i < count)
		i = drop_end(r, marks[i]) ? 0 : i + 1;
}

/* Full-width digits, "-" and "." as their ASCII. */
static struct span
narrow(struct arena *arena, struct span raw, uint32_t *origin)
{
	char *to = arena_take(arena, raw.len);
	size_t len = 0;

	for (size_t i = 0; i < raw.len; len++) {
		unsigned char last = i + 2 < raw.len ? (unsigned char)raw.at[i + 2] : 0;

		origin[len] = (uint32_t)i;
		if (last >= 0x8d && last <= 0x99 && memcmp(raw.at + i, "\xef\xbc", 2) == 0) {
			to[len] = (char)(last - 0x8d + '-');
			i += 3;
		} else {
			to[len] = raw.at[i++];
		}
	}
	return (struct span){ to, len };
}

void
diagnostic_code_read(struct arena *arena, struct span raw, bool want_offsets, struct diagnostic_code *d)
{
	struct reply_reader r = { .d = d };
	uint32_t *origin;

	*d = (struct diagnostic_code){ 0 };
	raw = span_first(raw.at ? raw : (struct span){ "", 0 }, DIAGNOSTIC_CODE_SIZE_MAX);
	if (raw.len > 0 && memchr(raw.at, 0xef, raw.len) != NULL) {
		origin = arena_take(arena, raw.len * sizeof(*origin));
		raw = narrow(arena, raw, origin);
		r.origin = origin;
	}
	r.start = raw.at;
	if (want_offsets)
		r.offsets = arena_take(arena, raw.len * sizeof(*r.offsets) + 1);
	r.out = arena_take(arena, raw.len + 1);
	read_words(&r, raw);
	trim_end(&r);
	r.out = arena_grow(arena, r.out, raw.len + 1, r.len + 1);
	if (d->status.class == 0)
		enhanced_status_find(raw, &d->status);
	d->text = (struct span){ r.out, r.len };
	d->offsets = r.offsets;
}
