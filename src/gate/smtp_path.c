#include "gate/smtp_path.h"

#include "base/utf8.h"
#include "grammar/ip_address.h"
#include "message/mailbox.h"

enum { PATH_SIZE_MAX = 256 + 256, LABEL_SIZE_MAX = 63, DOMAIN_SIZE_MAX = 255 };

/* "@a.example,@b.example:" */
static void
skip_route(struct span *path)
{
	const size_t colon = span_index(*path, ':');

	if (path->len > 0 && path->at[0] == '@' && colon < path->len)
		*path = span_skip(*path, colon + 1);
}

/* Where the path's '>' stands: one in a quoted string is none. */
static size_t
find_close(struct span path)
{
	bool quoted = false;

	for (size_t i = 0; i < path.len; i++) {
		if (quoted && path.at[i] == '\\')
			i++;
		else if (path.at[i] == '"')
			quoted = !quoted;
		else if (path.at[i] == '>' && !quoted)
			return i;
	}
	return path.len;
}

enum smtp_path
smtp_take_path(struct span *rest, const char *word, struct span *address)
{
	struct span s = *rest, path;
	size_t close;

	*address = (struct span){ "", 0 };
	while (s.len > 0 && ascii_is_blank(s.at[0]))
		s = span_skip(s, 1);
	if (!span_starts_folded(s, word))
		return SMTP_PATH_NONE;
	s = span_skip(s, strlen(word));
	while (s.len > 0 && ascii_is_blank(s.at[0]))
		s = span_skip(s, 1);
	if (!span_take_char(&s, '<') || (close = find_close(s)) == s.len)
		return SMTP_PATH_NONE;
	path = span_first(s, close);
	*rest = span_skip(s, close + 1);
	if (rest->len > 0 && !ascii_is_blank(rest->at[0]))
		return SMTP_PATH_NONE;
	skip_route(&path);
	*address = path;
	return path.len <= PATH_SIZE_MAX ? SMTP_PATH_OK : SMTP_PATH_BAD;
}

static bool
is_literal(struct span s)
{
	struct ip_address ip;

	if (s.len < 3 || s.at[0] != '[' || s.at[s.len - 1] != ']')
		return false;
	s = (struct span){ s.at + 1, s.len - 2 };
	if (span_starts_folded(s, "ipv6:"))
		return ip_address_read(span_skip(s, 5), &ip) && ip.is_v6;
	return ip_address_read(s, &ip) && !ip.is_v6;
}

static bool
is_label(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.at[i]) && s.at[i] != '-' && s.at[i] != '_' && (uint8_t)s.at[i] < 0x80)
			return false;
	return s.len > 0 && s.len <= LABEL_SIZE_MAX && s.at[0] != '-' && s.at[s.len - 1] != '-';
}

static bool
is_domain(struct span s)
{
	if (s.len == 0 || s.len > DOMAIN_SIZE_MAX)
		return false;
	while (s.len > 0) {
		const struct span label = span_first(s, span_index(s, '.'));

		if (!is_label(label))
			return false;
		s = span_skip(s, label.len);
		if (span_take_char(&s, '.') && s.len == 0)
			return false;
	}
	return true;
}

static bool
is_utf8(struct span s)
{
	uint32_t code;

	while (s.len > 0)
		if (!utf8_take(&s, &code))
			return false;
	return true;
}

bool
smtp_is_mailbox(struct span s)
{
	struct span rest = s, address, domain;

	if (!is_utf8(s) || !mailbox_take(&rest, &address) || rest.len > 0)
		return false;
	domain = mailbox_domain(address);
	return domain.at != NULL && (is_domain(domain) || is_literal(domain));
}

bool
smtp_is_postmaster(struct span s)
{
	return span_equal_folded(s, span_of("postmaster"));
}

bool
smtp_is_helo(struct span s)
{
	return is_domain(s) || is_literal(s);
}
