#include "cmd/operand.h"

#include <errno.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/out.h"
#include "base/utf8.h"
#include "dns/answers.h"
#include "dns/idn.h"
#include "intake/complain.h"

/* What is wrong with a value; {0} where it was given, {1} the value. */
enum fault { EMPTY, CONTROL, NOT_A_DOMAIN, IS_AN_ADDRESS, LABEL_TOO_LONG, NAME_TOO_LONG, NOT_AN_ADDRESS, NOT_AN_IP };

static bool
refuse(enum lang lang, const char *what, const char *value, enum fault fault)
{
	static const char *const says[][LANG_COUNT] = {
		[EMPTY] = { "todoku: %s is empty%.0s\n", "todoku: %s が空です%.0s\n" },
		[CONTROL] = { "todoku: %s holds a control character: '%s'\n",
		    "todoku: %s に制御文字が含まれています: '%s'\n" },
		[NOT_A_DOMAIN] = { "todoku: %s takes a domain name, not '%s'\n",
		    "todoku: %s にはドメイン名を指定してください('%s' は使えません)\n" },
		[IS_AN_ADDRESS] = { "todoku: %s: '%s' is an IP address; a domain is wanted\n",
		    "todoku: %s: '%s' は IP アドレスです。ドメイン名を指定してください\n" },
		[LABEL_TOO_LONG] = { "todoku: %s: a part of '%s' is longer than 63 bytes\n",
		    "todoku: %s: '%s' の中に 63 バイトを超えるラベルがあります\n" },
		[NAME_TOO_LONG] = { "todoku: %s: '%s' is longer than 253 bytes\n",
		    "todoku: %s: '%s' は 253 バイトを超えています\n" },
		[NOT_AN_ADDRESS] = { "todoku: %s takes a mail address, not '%s'\n",
		    "todoku: %s にはメールアドレスを指定してください('%s' は使えません)\n" },
		[NOT_AN_IP] = { "todoku: %s takes an IPv4 or IPv6 address, not '%s'\n",
		    "todoku: %s には IPv4 または IPv6 アドレスを指定してください('%s' は使えません)\n" },
	};

	complain(says[fault][lang], what, value);
	return false;
}

/* Full-width letters and marks as their ASCII ones, the ideographic blank as a blank; trimmed. */
static struct span
plain(struct arena *arena, const char *value)
{
	struct span rest = span_of(value), before;
	struct out out = { 0 };
	struct span s;

	while (rest.len > 0) {
		uint32_t code;

		before = rest;
		if (!utf8_take(&rest, &code)) {
			out_char(&out, before.at[0]);
			rest = span_skip(before, 1);
		} else if (code >= 0xff01 && code <= 0xff5e) {
			out_char(&out, (char)(code - 0xff01 + '!'));
		} else if (code == 0x3000) {
			out_char(&out, ' ');
		} else {
			out_span(&out, span_first(before, before.len - rest.len));
		}
	}
	s = arena_copy(arena, span_trim(out_view(&out)));
	out_deinit(&out);
	return s;
}

static bool
has_control(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.at[i] < ' ' || s.at[i] == 0x7f)
			return true;
	return false;
}

static struct span
without_pair(struct span s, char open, char close)
{
	return s.len > 1 && s.at[0] == open && s.at[s.len - 1] == close
	    ? span_trim((struct span){ s.at + 1, s.len - 2 })
	    : s;
}

/* "https://user@example.jp:443/x?y" → "example.jp" */
static struct span
host_of_url(struct span s)
{
	const char *at = s.len > 3 ? memmem(s.at, s.len, "://", 3) : NULL;
	size_t n = 0;

	if (at != NULL)
		s = span_skip(s, (size_t)(at - s.at) + 3);
	else if (span_starts_folded(s, "mailto:"))
		return span_skip(s, 7);
	else
		return s;
	while (n < s.len && s.at[n] != '/' && s.at[n] != '?' && s.at[n] != '#')
		n++;
	s = span_first(s, n);
	return s.len > 0 && s.at[0] != '[' ? span_first(s, span_index(s, ':')) : s;
}

/* What stands behind the last "@". */
static struct span
behind_at(struct span s)
{
	size_t n = s.len;

	while (n > 0 && s.at[n - 1] != '@')
		n--;
	return span_skip(s, n);
}

static enum fault
fault_of_name(struct span name)
{
	size_t n;

	for (struct span rest = name; rest.len > 0; rest = span_skip(rest, n < rest.len ? n + 1 : n)) {
		n = span_index(rest, '.');
		if (n > DNS_LABEL_SIZE_MAX)
			return LABEL_TOO_LONG;
	}
	return name.len > DNS_NAME_SIZE_MAX ? NAME_TOO_LONG : NOT_A_DOMAIN;
}

bool
operand_domain(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *domain)
{
	struct span s = plain(arena, value);
	struct ip_address ip;

	if (s.len == 0)
		return refuse(lang, what, value, EMPTY);
	if (has_control(s))
		return refuse(lang, what, value, CONTROL);
	s = span_trim(behind_at(without_pair(host_of_url(without_pair(s, '<', '>')), '<', '>')));
	if (s.len > 0 && s.at[s.len - 1] == '>')
		s.len--;
	if (ip_address_read(without_pair(s, '[', ']'), &ip))
		return refuse(lang, what, value, IS_AN_ADDRESS);
	return (s.len > 0 && idn_to_ascii(arena, s, domain)) || refuse(lang, what, value, fault_of_name(s));
}

bool
operand_address(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *address)
{
	struct span s = plain(arena, value), local, domain;
	struct out out = { 0 };

	if (has_control(s))
		return refuse(lang, what, value, CONTROL);
	s = host_of_url(without_pair(s, '<', '>'));
	if (s.len == 0) { /* the null reverse-path. RFC 5321 section 4.5.5 */
		*address = (struct span){ "", 0 };
		return true;
	}
	domain = behind_at(s);
	local = span_first(s, s.len - domain.len);
	if (!idn_to_ascii(arena, domain, &domain)) {
		*address = s; /* whoever judges it says what it is worth */
		return local.len > 0 || refuse(lang, what, value, NOT_AN_ADDRESS);
	}
	out_span(&out, local.len > 1 ? local : span_of("postmaster@"));
	out_span(&out, domain);
	*address = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return true;
}

bool
operand_name(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *name)
{
	*name = plain(arena, value);
	return !has_control(*name) || refuse(lang, what, value, CONTROL);
}

bool
operand_ip(struct arena *arena, enum lang lang, const char *what, const char *value, struct ip_address *ip)
{
	const struct span s = plain(arena, value);

	if (s.len == 0)
		return refuse(lang, what, value, EMPTY);
	return ip_address_read(without_pair(s, '[', ']'), ip) || refuse(lang, what, value, NOT_AN_IP);
}

bool
operand_number(enum lang lang, const char *what, const char *value, uint64_t least, uint64_t most, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(value, &end, 10);
	if (*end == '\0' && ascii_is_digit(value[0]) && *n >= least && *n <= most && errno == 0)
		return true;
	complain(lang == LANG_JA ? "todoku: %s には %llu～%llu の数を指定してください('%s' は使えません)\n"
				 : "todoku: %s takes a number from %llu to %llu, not '%s'\n",
	    what, (unsigned long long)least, (unsigned long long)most, value);
	return false;
}
