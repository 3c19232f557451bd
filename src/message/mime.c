#include "message/mime.h"

#include "grammar/charset.h"
#include "message/header.h"
#include "grammar/html.h"
#include "grammar/transfer_encoding.h"

enum { PARAM_SECTIONS_MAX = 32 }; /* name*0, name*1, ... RFC 2231 section 3 */

static const struct span none = { NULL, 0 };
static const struct span empty = { "", 0 };

/* comment = "(" *([FWS] ccontent) [FWS] ")". RFC 5322 section 3.2.2 */
static struct span
skip_comment(struct span s)
{
	size_t depth = 0;

	while (s.len > 0) {
		char c = s.at[0];

		if (c == '\\' && s.len > 1)
			s = span_skip(s, 1);
		s = span_skip(s, 1);
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	return s;
}

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && (ascii_is_space(s.at[0]) || s.at[0] == '('))
		s = s.at[0] == '(' ? skip_comment(s) : span_skip(s, 1);
	return s;
}

static bool
is_token_char(char c)
{
	static const bool is[256] = { ['!'] = true,
		['#' ... '\''] = true,
		['*' ... '+'] = true,
		['-' ... '.'] = true,
		['0' ... '9'] = true,
		['A' ... 'Z'] = true,
		['^' ... '~'] = true };

	return is[(unsigned char)c];
}

static struct span
take_token(struct span *s)
{
	size_t n = 0;

	while (n < s->len && is_token_char(s->at[n]))
		n++;
	*s = span_skip(*s, n);
	return (struct span){ s->at - n, n };
}

static struct span
without_backslashes(struct arena *arena, struct span s)
{
	char *start, *to;

	if (span_index(s, '\\') == s.len)
		return s;
	start = to = arena_take(arena, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len)
			i++;
		*to++ = s.at[i];
	}
	return (struct span){ start, (size_t)(to - start) };
}

/* quoted-string; a missing closing quote is put up with. RFC 5322 section 3.2.4 */
static struct span
take_quoted(struct arena *arena, struct span *s)
{
	struct span text;
	size_t n = 1;

	while (n < s->len && s->at[n] != '"')
		n += s->at[n] == '\\' && n + 1 < s->len ? 2 : 1;
	if (n > s->len)
		n = s->len;
	text = (struct span){ s->at + 1, n - 1 };
	*s = span_skip(*s, n < s->len ? n + 1 : n);
	return without_backslashes(arena, text);
}

/* value := token / quoted-string. RFC 2045 section 5.1. Unquoted boundaries
   full of tspecials are met, so a bare value ends at ";" or a blank only. */
static struct span
take_value(struct arena *arena, struct span *s)
{
	size_t n = 0;

	if (s->len > 0 && s->at[0] == '"')
		return take_quoted(arena, s);
	while (n < s->len && s->at[n] != ';' && !ascii_is_space(s->at[n]))
		n++;
	*s = span_skip(*s, n);
	return (struct span){ s->at - n, n };
}

/* *(";" attribute "=" value), strays between them skipped. RFC 2045 section 5.1 */
static bool
take_param(struct arena *arena, struct span *s, struct span *name, struct span *value)
{
	for (;;) {
		while (s->len > 0 && (s->at[0] == ';' || ascii_is_space(s->at[0]) || s->at[0] == '('))
			*s = s->at[0] == ';' ? span_skip(*s, 1) : skip_blanks(*s);
		if (s->len == 0)
			return false;
		*name = take_token(s);
		*s = skip_blanks(*s);
		if (name->len > 0 && span_take_char(s, '=')) {
			*s = skip_blanks(*s);
			*value = take_value(arena, s);
			return true;
		}
		if (name->len == 0 && s->len > 0)
			*s = s->at[0] == '"' ? (take_quoted(arena, s), *s) : span_skip(*s, 1);
	}
}

/* ext-octet := "%" 2(DIGIT / "A" .. "F"). RFC 2231 section 7 */
static struct span
without_percents(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len + 1), *to = start;

	for (size_t i = 0; i < s.len; i++) {
		int byte = span_hex_byte(s, i, '%');

		*to++ = byte >= 0 ? (char)byte : s.at[i];
		i += byte >= 0 ? 2 : 0;
	}
	return (struct span){ start, (size_t)(to - start) };
}

/* charset "'" [language] "'" text */
static struct span
take_charset(struct span *value)
{
	size_t first = span_index(*value, '\''), second;
	struct span charset = span_first(*value, first);

	if (first == value->len)
		return empty;
	second = span_index(span_skip(*value, first + 1), '\'');
	if (first + 1 + second >= value->len)
		return empty;
	*value = span_skip(*value, first + second + 2);
	return charset;
}

/* Whether `name` is `wanted`, one section of it (*0) and/or encoded (a "*" at
   its end). RFC 2231 sections 3 and 4 */
static bool
is_param(struct span name, struct span wanted, uint16_t *section, bool *encoded)
{
	*section = 0;
	*encoded = false;
	if (name.len < wanted.len || !span_equal_folded(span_first(name, wanted.len), wanted))
		return false;
	name = span_skip(name, wanted.len);
	if (name.len == 0)
		return true;
	if (!span_take_char(&name, '*'))
		return false;
	*encoded = name.len == 0 || !span_take_digits(&name, 1, 4, section) || span_take_char(&name, '*');
	return name.len == 0;
}

struct sections {
	struct span values[PARAM_SECTIONS_MAX];
	bool encoded[PARAM_SECTIONS_MAX];
	size_t n; /* highest section met, plus one */
};

static void
gather_sections(struct arena *arena, struct span s, struct span wanted, struct sections *all)
{
	struct span name, value;
	uint16_t section;
	bool encoded;

	while (take_param(arena, &s, &name, &value)) {
		if (!is_param(name, wanted, &section, &encoded) || section >= PARAM_SECTIONS_MAX ||
		    all->values[section].at != NULL)
			continue;
		all->values[section] = value;
		all->encoded[section] = encoded;
		if (section >= all->n)
			all->n = section + 1u;
	}
}

static struct span
join_sections(struct arena *arena, struct sections *all)
{
	struct span charset = all->encoded[0] ? take_charset(&all->values[0]) : empty;
	size_t size = 0, len = 0;
	char *at;

	for (size_t i = 0; i < all->n; i++)
		size += all->values[i].len;
	at = arena_take(arena, size + 1);
	for (size_t i = 0; i < all->n; i++) {
		struct span v = all->values[i];

		if (all->encoded[i])
			v = without_percents(arena, v);
		if (v.len > 0)
			memcpy(at + len, v.at, v.len);
		len += v.len;
	}
	return charset_to_utf8(arena, (struct span){ at, len }, charset);
}

/* Behind `type "/" subtype`, or whatever stands before the parameters. */
static struct span
skip_to_params(struct span value)
{
	size_t n = span_index(value, ';');

	return span_skip(value, n);
}

struct span
mime_find_param(struct arena *arena, struct span value, const char *name)
{
	struct sections all = { .n = 0 };

	gather_sections(arena, skip_to_params(value), span_of(name), &all);
	if (all.n == 0)
		return none;
	if (all.n == 1 && !all.encoded[0])
		return all.values[0];
	return join_sections(arena, &all);
}

/* charset, boundary and report-type in one go: the usual, plain ones. */
static void
read_params(struct arena *arena, struct span value, struct mime_part *part)
{
	struct span params = skip_to_params(value), name, text;
	bool extended = false;

	while (take_param(arena, &params, &name, &text)) {
		if (span_equal_folded(name, span_of("charset")))
			part->charset = text;
		else if (span_equal_folded(name, span_of("boundary")))
			part->boundary = text;
		else if (span_equal_folded(name, span_of("report-type")))
			part->report_type = text;
		else
			extended |= span_index(name, '*') < name.len;
	}
	if (!extended)
		return;
	if (part->charset.len == 0)
		part->charset = mime_find_param(arena, value, "charset");
	if (part->boundary.len == 0)
		part->boundary = mime_find_param(arena, value, "boundary");
}

static enum mime_kind
kind_of(struct span type, struct span subtype)
{
	static const struct {
		const char *type, *subtype;
		enum mime_kind kind;
	} kinds[] = {
		{ "text", "html", MIME_TEXT_HTML },
		{ "text", "rfc822-headers", MIME_MESSAGE_HEADERS },
		{ "text", "rfc822-header", MIME_MESSAGE_HEADERS },
		{ "message", "rfc822", MIME_MESSAGE },
		{ "message", "global", MIME_MESSAGE },
		{ "message", "rfc822-headers", MIME_MESSAGE_HEADERS },
		{ "message", "global-headers", MIME_MESSAGE_HEADERS },
		{ "message", "delivery-status", MIME_DELIVERY_STATUS },
		{ "message", "global-delivery-status", MIME_DELIVERY_STATUS },
		{ "message", "feedback-report", MIME_FEEDBACK_REPORT },
		{ "text", "plain", MIME_TEXT_PLAIN },
	};

	if (span_equal_folded(type, span_of("multipart")))
		return MIME_MULTIPART;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal_folded(subtype, span_of(kinds[i].subtype)) &&
		    span_equal_folded(type, span_of(kinds[i].type)))
			return kinds[i].kind;
	return MIME_OTHER;
}

/* content := "Content-Type" ":" type "/" subtype *(";" parameter)
   RFC 2045 section 5.1 */
static void
read_type(struct arena *arena, struct span value, struct mime_part *part)
{
	struct span s = skip_blanks(value), type = take_token(&s), subtype;

	s = skip_blanks(s);
	if (type.len == 0 || !span_take_char(&s, '/')) {
		read_params(arena, value, part);
		return; /* "Content-Type: text": as if not there */
	}
	s = skip_blanks(s);
	subtype = take_token(&s);
	part->type = type;
	part->subtype = subtype;
	part->kind = kind_of(type, subtype);
	read_params(arena, value, part);
}

/* encoding := "Content-Transfer-Encoding" ":" mechanism. RFC 2045 section 6.1 */
static enum mime_encoding
encoding_of(struct span value)
{
	struct span s = skip_blanks(value), mechanism = take_token(&s);

	if (span_equal_folded(mechanism, span_of("base64")))
		return MIME_BASE64;
	if (span_equal_folded(mechanism, span_of("quoted-printable")))
		return MIME_QUOTED_PRINTABLE;
	return MIME_IDENTITY;
}

void
mime_read_fields(
    struct arena *arena, struct span header, struct span content_type, struct span encoding, struct mime_part *part)
{
	part->kind = MIME_TEXT_PLAIN;
	part->type = span_of("text");
	part->subtype = span_of("plain");
	part->charset = part->boundary = part->report_type = empty;
	part->header = header;
	if (content_type.at != NULL)
		read_type(arena, content_type, part);
	part->encoding = encoding.at != NULL ? encoding_of(encoding) : MIME_IDENTITY;
}

void
mime_read_header(struct arena *arena, struct span header, struct mime_part *part)
{
	static const struct span names[] = { SPAN_INIT("content-type"), SPAN_INIT("content-transfer-encoding") };
	struct span values[2];

	header_find_all(header, names, 2, values);
	mime_read_fields(arena, header, values[0], values[1], part);
}

struct span
mime_decode(struct arena *arena, const struct mime_part *part)
{
	switch (part->encoding) {
	case MIME_BASE64: return base64_decode(arena, part->body);
	case MIME_QUOTED_PRINTABLE: return quoted_printable_decode(arena, part->body);
	case MIME_IDENTITY: break;
	}
	return part->body;
}

struct span
mime_text(struct arena *arena, const struct mime_part *part)
{
	struct span text = charset_to_utf8(arena, mime_decode(arena, part), part->charset);

	return part->kind == MIME_TEXT_HTML ? html_to_text(arena, text) : text;
}
