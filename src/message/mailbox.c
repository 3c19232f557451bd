#include "message/mailbox.h"

#include "base/utf8.h"
#include "grammar/charset.h"
#include "message/header.h"

static const struct span none = { NULL, 0 };

static bool
is_utf8(char c)
{
	return (signed char)c < 0;
}

/* atext and the dot between atoms. RFC 5322 section 3.2.3 */
static bool
is_local_char(char c)
{
	static const bool is[256] = { ['0' ... '9'] = true,
		['A' ... 'Z'] = true,
		['a' ... 'z'] = true,
		['!'] = true,
		['#' ... '\''] = true,
		['*' ... '+'] = true,
		['-' ... '/'] = true,
		['='] = true,
		['?'] = true,
		['^' ... '`'] = true,
		['{' ... '~'] = true };

	return is[(unsigned char)c];
}

static bool
is_host_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_'; /* "_": against RFC 5321, but met */
}

/* Marks that end a name in Japanese prose: U+3000 to U+301F (but for the
   iteration marks) and the full-width forms of ASCII's punctuation. */
static bool
is_wide_mark(struct span s)
{
	const unsigned char *p = (const unsigned char *)s.at;

	if (s.len < 3)
		return false;
	if (p[0] == 0xe3 && p[1] == 0x80)
		return p[2] <= 0x9f && (p[2] < 0x85 || p[2] > 0x87);
	return p[0] == 0xef && p[1] == 0xbc && (p[2] <= 0x8f || (p[2] >= 0x9a && p[2] <= 0xa0));
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE. RFC 5321 section 4.1.2 */
static size_t
quoted_len(struct span s)
{
	s = span_first(s, MAILBOX_LOCAL_SIZE_MAX);
	for (size_t i = 1; i < s.len; i++) {
		if (s.at[i] == '\n' || s.at[i] == '\r')
			return 0;
		if (s.at[i] == '"')
			return i + 1;
		i += s.at[i] == '\\';
	}
	return 0;
}

/* Local-part = Dot-string / Quoted-string */
static size_t
local_len(struct span s)
{
	size_t n = 0;

	if (s.len > 0 && s.at[0] == '"')
		return quoted_len(s);
	while (n < s.len && n < MAILBOX_LOCAL_SIZE_MAX && (is_local_char(s.at[n]) || is_utf8(s.at[n])))
		n++;
	return n;
}

/* address-literal = "[" ( IPv4 / IPv6 / General ) "]". RFC 5321 section 4.1.3 */
static size_t
literal_len(struct span s)
{
	s = span_first(s, MAILBOX_DOMAIN_SIZE_MAX);
	for (size_t i = 1; i < s.len; i++) {
		if (s.at[i] == ']')
			return i > 1 ? i + 1 : 0;
		if (!is_host_char(s.at[i]) && s.at[i] != '.' && s.at[i] != ':')
			return 0;
	}
	return 0;
}

/* sub-domain = Let-dig [Ldh-str] / U-label. RFC 6531 section 3.3. In prose a
   label that begins in ASCII ends where other script is glued to it. */
static size_t
label_len(struct span s, bool in_prose)
{
	bool ascii_only = in_prose && s.len > 0 && !is_utf8(s.at[0]);
	size_t n = 0;

	while (
	    n < s.len && (is_host_char(s.at[n]) || (is_utf8(s.at[n]) && !ascii_only && !is_wide_mark(span_skip(s, n)))))
		n++;
	return n;
}

/* Domain = sub-domain *("." sub-domain); a dot at its end is left. */
static size_t
domain_len(struct span s, bool in_prose)
{
	size_t n = 0, label;

	if (s.len > 0 && s.at[0] == '[')
		return literal_len(s);
	s = span_first(s, MAILBOX_DOMAIN_SIZE_MAX);
	while ((label = label_len(span_skip(s, n), in_prose)) > 0) {
		n += label;
		if (n + 1 >= s.len || s.at[n] != '.' || label_len(span_skip(s, n + 1), in_prose) == 0)
			break;
		n++;
	}
	while (n > 0 && (s.at[n - 1] == '-' || s.at[n - 1] == '_'))
		n--;
	return n;
}

bool
mailbox_take(struct span *s, struct span *addr)
{
	size_t local = local_len(*s), domain;

	if (local == 0 || local == s->len || s->at[local] != '@')
		return false;
	domain = domain_len(span_skip(*s, local + 1), false);
	if (domain == 0)
		return false;
	*addr = span_first(*s, local + 1 + domain);
	*s = span_skip(*s, addr->len);
	return true;
}

/* Where the quoted local part begins that ends before `end`; `end`: nowhere. */
static size_t
quoted_start(struct span s, size_t floor, size_t end)
{
	for (size_t i = end - 1; i-- > floor;) {
		if (s.at[i] == '\n')
			break;
		if (s.at[i] == '"' && (i == floor || s.at[i - 1] != '\\'))
			return i;
	}
	return end;
}

/* Quotes, brackets and signs that prose puts before an address could all be
   its first character; they are not. */
static size_t
skip_marks(struct span s, size_t start, size_t end)
{
	static const char *const keys[] = { "to=", "from=", "rcpt=", "recipient=", "sender=" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (span_starts_folded((struct span){ s.at + start, end - start }, keys[i]))
			start += strlen(keys[i]);
	while (start < end && !ascii_is_alnum(s.at[start]) && !is_utf8(s.at[start]) && s.at[start] != '_' &&
	    s.at[start] != '+' && s.at[start] != '$' && s.at[start] != '#')
		start++;
	return start;
}

/* Where the local part before s[end] == '@' begins. UTF-8 belongs to it within
   angle brackets, or when there is nothing else: prose is glued to addresses. */
static size_t
local_start(struct span s, size_t floor, size_t end)
{
	size_t start = end, ascii;

	if (end - floor > MAILBOX_LOCAL_SIZE_MAX)
		floor = end - MAILBOX_LOCAL_SIZE_MAX;
	if (end >= floor + 2 && s.at[end - 1] == '"')
		return quoted_start(s, floor, end);
	while (start > floor && is_local_char(s.at[start - 1]))
		start--;
	ascii = start;
	while (start > floor && (is_local_char(s.at[start - 1]) || is_utf8(s.at[start - 1])))
		start--;
	if (start > floor && s.at[start - 1] == '<')
		return start;
	if (ascii < end)
		return skip_marks(s, ascii, end);
	for (size_t i = start; i < end; i++)
		if (is_wide_mark((struct span){ s.at + i, end - i }))
			start = i + 3;
	return start;
}

bool
mailbox_find(struct span s, struct span *addr)
{
	size_t floor = 0, at = 0;

	while ((at += span_index(span_skip(s, at), '@')) < s.len) {
		size_t start = local_start(s, floor, at);
		bool angled = start > 0 && s.at[start - 1] == '<';
		size_t domain = start < at ? domain_len(span_skip(s, at + 1), !angled) : 0;

		if (domain > 0) {
			*addr = (struct span){ s.at + start, at + 1 + domain - start };
			return true;
		}
		floor = ++at;
	}
	return false;
}

struct span
mailbox_domain(struct span addr)
{
	const char *at = addr.len ? memrchr(addr.at, '@', addr.len) : NULL;

	if (at == NULL)
		return none;
	return span_skip(addr, (size_t)(at + 1 - addr.at));
}

/* A quoted-string, a comment (they nest) or one character.
   RFC 5322 sections 3.2.2 and 3.2.4 */
static size_t
lexeme_len(struct span s)
{
	size_t depth = 0, i = 0;
	bool quoted = s.at[0] == '"';

	if (!quoted && s.at[0] != '(')
		return 1;
	for (; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (quoted && i > 0 && s.at[i] == '"')
			return i + 1;
		else if (!quoted && s.at[i] == '(')
			depth++;
		else if (!quoted && s.at[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.len;
}

/* obs-route = "@" domain *("," "@" domain) ":". RFC 5322 section 4.4 */
static struct span
skip_route(struct span s)
{
	size_t colon = span_index(s, ':');

	return s.len > 0 && s.at[0] == '@' && colon < s.len ? span_skip(s, colon + 1) : s;
}

/* angle-addr = [CFWS] "<" addr-spec ">" [CFWS]; `s` begins behind "<" */
static bool
take_angled(struct span s, struct span *addr)
{
	s = span_trim(s);
	s = span_trim(skip_route(s));
	return mailbox_take(&s, addr);
}

/* The first mailbox of an address-list. RFC 5322 section 3.4 */
static bool
find_in_list(struct span s, struct span *addr)
{
	bool word_start = true;

	while (s.len > 0) {
		struct span at = s;
		size_t n = lexeme_len(s);

		if (s.at[0] == '<' && take_angled(span_skip(s, 1), addr))
			return true;
		if (word_start && mailbox_take(&at, addr) && (at.len == 0 || at.at[0] != '"')) {
			struct span angled = span_skip(at, span_index(at, '<'));

			/* <...> behind it: it was the display name, unquoted */
			if (angled.len == 0 || span_index(at, ',') < span_index(at, '<') ||
			    !take_angled(span_skip(angled, 1), &at))
				return true;
			*addr = at;
			return true;
		}
		word_start = n > 1 || (!is_local_char(s.at[0]) && !is_utf8(s.at[0]));
		s = span_skip(s, n);
	}
	return false;
}

struct span
mailbox_from_field(struct arena *arena, struct span value)
{
	struct span addr;

	value = header_unfold(arena, value);
	if (find_in_list(value, &addr) || mailbox_find(value, &addr))
		return addr;
	if (mailbox_find(header_decode(arena, value), &addr))
		return addr;
	return none;
}

/* hexchar = ASCII "+" immediately followed by two upper case hexadecimal
   digits. RFC 3461 section 4 */
static struct span
without_xtext(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len + 1), *to = start;

	for (size_t i = 0; i < s.len; i++) {
		int high = s.at[i] == '+' && s.len - i > 2 ? ascii_hex_value(s.at[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex_value(s.at[i + 2]) : -1;

		*to++ = low >= 0 ? (char)(high * 16 + low) : s.at[i];
		i += low >= 0 ? 2 : 0;
	}
	return (struct span){ start, (size_t)(to - start) };
}

/* EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}". RFC 6533 section 3 */
static bool
take_unicode(struct span *s, uint32_t *c)
{
	struct span rest = *s;
	size_t n;

	if (!span_take_char(&rest, '\\') || !span_take_char(&rest, 'x') || !span_take_char(&rest, '{'))
		return false;
	n = span_index(span_first(rest, 7), '}');
	if (n == 0 || n >= rest.len || rest.at[n] != '}')
		return false;
	*c = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = ascii_hex_value(rest.at[i]);

		if (digit < 0)
			return false;
		*c = *c * 16 + (uint32_t)digit;
	}
	*s = span_skip(rest, n + 1);
	return true;
}

static struct span
without_unicode_escapes(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len + 4), *to = start;
	uint32_t c;

	while (s.len > 0) {
		if (take_unicode(&s, &c)) {
			to += utf8_put(c, to);
			continue;
		}
		*to++ = s.at[0];
		s = span_skip(s, 1);
	}
	return (struct span){ start, (size_t)(to - start) };
}

/* An address of the mail that flows on the Internet, in whatever dress. The
   "+40" of a sub-address is only an "@" when there is no other. */
static struct span
read_internet_address(struct arena *arena, struct span s)
{
	struct span addr, at = s;

	if (s.len > 4 && memmem(s.at, s.len, "\\x{", 3) != NULL)
		at = s = without_unicode_escapes(arena, s);
	if (span_index(s, '@') == s.len && span_index(s, '+') < s.len) {
		at = without_xtext(arena, s);
		if (span_index(at, '@') < at.len)
			s = at;
	}
	at = s;
	if (span_take_char(&at, '<'))
		at = span_trim(span_first(at, span_index(at, '>')));
	if (find_in_list(at, &addr) || mailbox_find(at, &addr))
		return addr;
	return at;
}

/* address-type ";" generic-address. RFC 3464 section 2.1.2 */
struct span
mailbox_from_dsn(struct arena *arena, struct span value)
{
	struct span s = header_unfold(arena, value);
	size_t n = span_index(s, ';');
	struct span type = span_trim(span_first(s, n));

	if (value.len == 0)
		return (struct span){ "", 0 };
	if (n == s.len || span_index(type, '@') < type.len || span_index(type, '"') < type.len)
		return read_internet_address(arena, s);
	s = span_trim(span_skip(s, n + 1));
	if (span_equal_folded(type, span_of("x400")) || span_equal_folded(type, span_of("x.400")))
		return s;
	return read_internet_address(arena, s);
}
