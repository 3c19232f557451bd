#include "wire/author.h"

#include "wire/domain_name.h"
#include "wire/header.h"

/* One element of the list, gathered without comments. */
struct element {
	char *plain; /* all but angle-addr and comments */
	size_t n_plain;
	char *angled; /* what stood in <…> */
	size_t n_angled;
	bool has_angle, any;
};

/* quoted-string, its quotes included. RFC 5322 section 3.2.4 */
static size_t
quoted_len(struct span s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			return i + 1;
	}
	return s.len;
}

/* comment; they nest. RFC 5322 section 3.2.2 */
static size_t
comment_len(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '(')
			depth++;
		else if (s.at[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.len;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Up to ">" at the same level: quoted-strings and comments may hold one. */
static size_t
take_angle(struct span s, struct element *e)
{
	size_t i = 1;

	while (i < s.len && s.at[i] != '>') {
		const struct span rest = span_skip(s, i);
		size_t n = 1;

		if (s.at[i] == '(') {
			i += comment_len(rest);
			continue;
		}
		if (s.at[i] == '"')
			n = quoted_len(rest);
		else if (is_blank(s.at[i])) {
			i++;
			continue;
		}
		memcpy(e->angled + e->n_angled, rest.at, n);
		e->n_angled += n;
		i += n;
	}
	return i < s.len ? i + 1 : i;
}

/* obs-route = "@" domain *("," "@" domain) ":". RFC 5322 section 4.4 */
static struct span
without_route(struct span s)
{
	const size_t colon = span_index(s, ':');

	return s.len > 0 && s.at[0] == '@' && colon < s.len ? span_skip(s, colon + 1) : s;
}

/* Where the "@" between local part and domain stands: behind a quoted local part, else the last. */
static size_t
find_at(struct span s)
{
	const char *last;

	if (s.len > 0 && s.at[0] == '"') {
		const size_t n = quoted_len(s);

		return n < s.len && s.at[n] == '@' ? n : s.len;
	}
	last = s.len ? memrchr(s.at, '@', s.len) : NULL;
	return last ? (size_t)(last - s.at) : s.len;
}

static void
end_element(struct arena *arena, struct element *e, struct authors *authors)
{
	struct span address = { e->has_angle ? e->angled : e->plain, e->has_angle ? e->n_angled : e->n_plain };
	struct author a;
	size_t at;

	if (e->any && authors->n == AUTHORS_MAX)
		authors->cut = true;
	if (e->any && authors->n < AUTHORS_MAX) {
		a.address = arena_copy(arena, without_route(address));
		at = find_at(a.address);
		a.domain = at > 0 && at < a.address.len ? span_skip(a.address, at + 1) : (struct span){ "", 0 };
		if (!domain_name_is_harmless(a.domain))
			a.domain = (struct span){ "", 0 };
		authors->all[authors->n++] = a;
	}
	e->n_plain = e->n_angled = 0;
	e->has_angle = e->any = false;
}

/* Takes one lexeme of the list. */
static size_t
take(struct arena *arena, struct span s, struct element *e, struct authors *authors)
{
	size_t n = 1;

	switch (s.at[0]) {
	case '(': return comment_len(s);
	case '<':
		e->any = true;
		if (e->has_angle)
			return 1;
		e->has_angle = true;
		return take_angle(s, e);
	case ',':
	case ';': end_element(arena, e, authors); return 1;
	case ':': /* what stood before is a group's name */
		authors->has_group = true;
		*e = (struct element){ .plain = e->plain, .angled = e->angled };
		return 1;
	case '"': n = quoted_len(s); break;
	default:
		if (is_blank(s.at[0]))
			return 1;
	}
	memcpy(e->plain + e->n_plain, s.at, n);
	e->n_plain += n;
	e->any = true;
	return n;
}

void
authors_add(struct arena *arena, struct span value, struct authors *authors)
{
	struct element e = { .plain = arena_take(arena, value.len + 1), .angled = arena_take(arena, value.len + 1) };

	authors->n_fields++;
	while (value.len > 0)
		value = span_skip(value, take(arena, value, &e, authors));
	end_element(arena, &e, authors);
}

void
authors_find(struct arena *arena, struct span header, struct authors *authors)
{
	struct header_field f;

	*authors = (struct authors){ .n = 0 };
	while (header_take_field(&header, &f))
		if (span_equal_folded(f.name, span_of("from")))
			authors_add(arena, f.value, authors);
}
