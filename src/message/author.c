#include "message/author.h"

#include "grammar/domain_name.h"
#include "message/header.h"

struct reader {
	struct arena *arena;
	struct span rest;
	struct authors *authors;
};

/* Words and "@", up to what ends them. */
struct words {
	struct span text; /* all of it */
	struct span local, domain; /* around the first "@" */
	size_t n_before, n_behind; /* words before the first "@", and behind its domain */
	size_t n_at;
	bool same_domain; /* behind every "@" */
};

static bool
fail(struct reader *in, enum problem fault)
{
	if (in->authors->fault == PROBLEM_NONE) {
		in->authors->fault = fault;
		in->authors->fault_at = in->rest;
	}
	return false;
}

static void
doubt(struct reader *in, enum problem problem)
{
	if (in->authors->doubt == PROBLEM_NONE)
		in->authors->doubt = problem;
}

/* quoted-string, its quotes included; 0: it does not end. RFC 5322 section 3.2.4 */
static size_t
quoted_len(struct span s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			return i + 1;
	}
	return 0;
}

/* comment; they nest; 0: it does not end. RFC 5322 section 3.2.2 */
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
	return 0;
}

/* [CFWS]. A comment with angle brackets anywhere, or with "@" inside of them, is an address to those who know no
   comments. RFC 5322 section 3.2.2 */
static bool
skip(struct reader *in, bool angled)
{
	while (in->rest.len > 0) {
		size_t n = ascii_is_space(in->rest.at[0]) ? 1 : 0;

		if (n == 0 && in->rest.at[0] != '(')
			return true;
		if (n == 0) {
			n = comment_len(in->rest);
			if (n == 0)
				return fail(in, PROBLEM_AUTHOR_UNENDED);
			for (size_t i = 0; i < n; i++)
				if (in->rest.at[i] == '<' || in->rest.at[i] == '>' || (angled && in->rest.at[i] == '@'))
					doubt(in, PROBLEM_AUTHOR_ADDRESS_AS_NAME);
		}
		in->rest = span_skip(in->rest, n);
	}
	return true;
}

/* atext and "." (RFC 5322 sections 3.2.3 and 4.1), UTF-8 (RFC 6532), and "[" "]" as they stand in names */
static bool
is_word_char(char c)
{
	return (uint8_t)c > ' ' && c != 0x7f && strchr("()<>@,;:\\\"", c) == NULL;
}

static size_t
word_len(struct span s)
{
	size_t n = 0;

	if (s.len > 0 && s.at[0] == '"')
		return quoted_len(s);
	while (n < s.len && is_word_char(s.at[n]))
		n++;
	return n;
}

/* domain-literal = "[" *dtext "]". RFC 5322 section 3.4.1 */
static size_t
domain_len(struct span s)
{
	const size_t close = s.len > 0 && s.at[0] == '[' ? span_index(s, ']') : s.len;

	if (close < s.len)
		return close + 1;
	return s.len > 0 && s.at[0] != '"' ? word_len(s) : 0;
}

/* "@" and the domain behind it */
static bool
take_domain(struct reader *in, struct words *w, bool angled)
{
	struct span domain;

	in->rest = span_skip(in->rest, 1);
	if (!skip(in, angled))
		return false;
	domain = span_first(in->rest, domain_len(in->rest));
	in->rest = span_skip(in->rest, domain.len);
	if (w->n_at++ == 0) {
		w->domain = domain;
		w->same_domain = true;
	}
	w->same_domain = w->same_domain && span_equal_folded(w->domain, domain);
	return true;
}

/* Words as far as they go, [CFWS] between them. */
static bool
take_words(struct reader *in, struct words *w, bool angled)
{
	static const struct span empty = { "", 0 };
	const char *start;

	*w = (struct words){ .text = empty, .local = empty, .domain = empty };
	if (!skip(in, angled))
		return false;
	start = in->rest.at;
	while (in->rest.len > 0) {
		const size_t n = word_len(in->rest);

		if (n == 0 && in->rest.at[0] == '"')
			return fail(in, PROBLEM_AUTHOR_UNENDED);
		if (n == 0 && in->rest.at[0] != '@')
			break;
		if (n == 0 && !take_domain(in, w, angled))
			return false;
		if (n > 0 && w->n_at == 0 && w->n_before++ == 0)
			w->local = span_first(in->rest, n);
		w->n_behind += n > 0 && w->n_at > 0;
		in->rest = span_skip(in->rest, n);
		w->text = span_trim((struct span){ start, (size_t)(in->rest.at - start) });
		if (!skip(in, angled))
			return false;
	}
	return true;
}

static bool
has_encoded_word(struct span s)
{
	const char *at = s.len > 6 ? memmem(s.at, s.len, "=?", 2) : NULL;

	return at != NULL && memmem(at + 2, (size_t)(s.at + s.len - at - 2), "?=", 2) != NULL;
}

/* A quoted local part that is a whole address: the reader who stops at it sees another author. */
static bool
is_address_itself(struct span local)
{
	const struct span behind = span_skip(local, span_index(local, '@'));

	return local.at[0] == '"' &&
	    (span_index(local, '<') < local.len || span_index(local, '>') < local.len ||
		span_index(behind, '.') < behind.len);
}

static void
add(struct reader *in, const struct words *w)
{
	struct authors *authors = in->authors;
	struct author a = { .address = arena_copy(in->arena, w->text), .domain = { "", 0 } };
	char *to;

	authors->cut = authors->n == AUTHORS_MAX;
	if (authors->cut)
		return;
	if (w->n_at == 1 && w->n_before == 1) {
		to = arena_take(in->arena, w->local.len + w->domain.len + 2);
		memcpy(to, w->local.at, w->local.len);
		to[w->local.len] = '@';
		memcpy(to + w->local.len + 1, w->domain.at, w->domain.len);
		a.address = (struct span){ to, w->local.len + 1 + w->domain.len };
		a.domain = span_skip(a.address, w->local.len + 1);
		if (!domain_name_is_harmless(a.domain))
			a.domain = (struct span){ "", 0 };
	}
	authors->all[authors->n++] = a;
}

/* addr-spec = local-part "@" domain. RFC 5322 section 3.4.1. Words without any "@" name somebody, but no address. */
static bool
add_address(struct reader *in, const struct words *w)
{
	in->rest = w->text.len > 0 ? (struct span){ w->text.at, (size_t)(in->rest.at + in->rest.len - w->text.at) }
				   : in->rest;
	if (w->n_at > 1)
		return fail(in, PROBLEM_AUTHOR_SEVERAL_AT);
	if (w->n_at == 1 && (w->n_before > 1 || w->n_behind > 0))
		return fail(in, PROBLEM_AUTHOR_BLANK);
	if (w->n_at == 1 && has_encoded_word(w->text))
		return fail(in, PROBLEM_AUTHOR_ENCODED);
	if (w->n_at == 1 && w->n_before == 1 && is_address_itself(w->local))
		doubt(in, PROBLEM_AUTHOR_ADDRESS_AS_NAME);
	add(in, w);
	return true;
}

/* Whether a name's encoded-words say what steers, or an address in angle brackets, which readers that decode before
   they parse take for the author. */
static bool
hides_address(struct arena *arena, struct span name)
{
	struct span text;
	bool angle = false, at = false;

	if (!has_encoded_word(name))
		return false;
	text = header_decode(arena, name);
	for (size_t i = 0; i < text.len; i++) {
		if ((uint8_t)text.at[i] < ' ' || text.at[i] == 0x7f)
			return true;
		angle = angle || text.at[i] == '<';
		at = at || (angle && text.at[i] == '@');
		if (at && text.at[i] == '>')
			return true;
	}
	return false;
}

/* A name that holds "@" without quotes is no phrase; it is put up with where it repeats its own domain. */
static bool
check_name(struct reader *in, const struct words *name, const struct words *address)
{
	if (name->n_at > 0 && !(name->same_domain && span_equal_folded(name->domain, address->domain)))
		return fail(in, PROBLEM_AUTHOR_ADDRESS_AS_NAME);
	if (hides_address(in->arena, name->text))
		doubt(in, PROBLEM_AUTHOR_ENCODED);
	return true;
}

/* obs-route = obs-domain-list ":", obs-domain-list = "@" domain *("," "@" domain). RFC 5322 section 4.4 */
static bool
skip_route(struct reader *in)
{
	const size_t colon = span_index(in->rest, ':');

	for (size_t i = 0; i < colon; i++)
		if (!is_word_char(in->rest.at[i]) && strchr("@, \t", in->rest.at[i]) == NULL)
			return fail(in, PROBLEM_AUTHOR_ROUTE);
	if (colon == in->rest.len)
		return fail(in, PROBLEM_AUTHOR_UNENDED);
	doubt(in, PROBLEM_AUTHOR_ROUTE);
	in->rest = span_skip(in->rest, colon + 1);
	return true;
}

/* angle-addr = [CFWS] "<" addr-spec ">" [CFWS]. RFC 5322 section 3.4 */
static bool
take_angle(struct reader *in, const struct words *name)
{
	struct words w;
	struct span behind;

	in->rest = span_skip(in->rest, 1);
	if (!skip(in, true))
		return false;
	if (in->rest.len > 0 && in->rest.at[0] == '@' && !skip_route(in))
		return false;
	if (!take_words(in, &w, true))
		return false;
	if (in->rest.len == 0)
		return fail(in, PROBLEM_AUTHOR_UNENDED);
	if (in->rest.at[0] != '>')
		return fail(in, PROBLEM_AUTHOR_CHARACTER);
	behind = span_skip(in->rest, 1);
	if (!check_name(in, name, &w) || !add_address(in, &w))
		return false;
	in->rest = behind;
	return skip(in, false);
}

static bool take_address(struct reader *in, bool in_group);

/* Elements of a list up to its end, or the ";" of a group. RFC 5322 sections 3.4 and 4.4 */
static bool
take_list(struct reader *in, bool in_group)
{
	for (;;) {
		if (!skip(in, false))
			return false;
		if (in->rest.len == 0 || (in_group && in->rest.at[0] == ';'))
			return true;
		if (in->rest.at[0] == ',') {
			in->rest = span_skip(in->rest, 1);
			continue;
		}
		if (!take_address(in, in_group))
			return false;
		if (in->rest.len > 0 && in->rest.at[0] != ',' && !(in_group && in->rest.at[0] == ';'))
			return fail(in, PROBLEM_AUTHOR_TEXT_BEHIND);
	}
}

/* group = display-name ":" [group-list] ";" [CFWS]. RFC 5322 section 3.4 */
static bool
take_group(struct reader *in, const struct words *name)
{
	if (name->n_at > 0 || name->n_before == 0)
		return fail(in, PROBLEM_AUTHOR_ADDRESS_AS_NAME);
	if (hides_address(in->arena, name->text))
		doubt(in, PROBLEM_AUTHOR_ENCODED);
	in->authors->has_group = true;
	in->rest = span_skip(in->rest, 1);
	if (!take_list(in, true))
		return false;
	if (in->rest.len == 0)
		return fail(in, PROBLEM_AUTHOR_UNENDED);
	in->rest = span_skip(in->rest, 1);
	return skip(in, false);
}

/* address = mailbox / group; mailbox = name-addr / addr-spec. RFC 5322 section 3.4 */
static bool
take_address(struct reader *in, bool in_group)
{
	struct words w;
	struct span rest;

	if (!take_words(in, &w, false))
		return false;
	if (in->rest.len > 0 && in->rest.at[0] == '<')
		return take_angle(in, &w);
	if (in->rest.len > 0 && in->rest.at[0] == ':' && !in_group)
		return take_group(in, &w);
	if (in->rest.len > 0 && in->rest.at[0] != ',' && in->rest.at[0] != ';')
		return fail(in, PROBLEM_AUTHOR_CHARACTER);
	rest = in->rest;
	if (!add_address(in, &w))
		return false;
	in->rest = rest;
	return true;
}

/* Line ends stand before a blank, as a fold. RFC 5322 section 2.2.3 */
static size_t
find_control(struct span s)
{
	size_t i = 0;

	for (; i < s.len; i++) {
		const bool fold = s.at[i] == '\n' && i + 1 < s.len && ascii_is_blank(s.at[i + 1]);
		const bool before = s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n';

		if (((uint8_t)s.at[i] < ' ' && s.at[i] != '\t' && !fold && !before) || s.at[i] == 0x7f)
			break;
	}
	return i;
}

void
authors_add(struct arena *arena, struct span value, struct authors *authors)
{
	struct reader in = { .arena = arena, .rest = value, .authors = authors };
	const size_t control = find_control(value);

	authors->n_fields++;
	if (control < value.len) {
		in.rest = span_skip(value, control);
		fail(&in, PROBLEM_AUTHOR_CONTROL);
		return;
	}
	take_list(&in, false);
}

/* "From:" but for blanks, controls and bytes that are not ASCII. `looked`: what need not be looked at again. */
static bool
is_disguised(struct span lines, size_t *looked)
{
	static const char name[] = "from";
	size_t n = 0;

	*looked = 0;
	for (size_t i = 0; i < lines.len; i++) {
		if ((uint8_t)lines.at[i] <= ' ' || (uint8_t)lines.at[i] >= 0x7f) {
			*looked = n == 0 ? i : *looked;
			continue;
		}
		if (n == sizeof(name) - 1)
			return lines.at[i] == ':';
		if (ascii_lower(lines.at[i]) != name[n++])
			return false;
	}
	return false;
}

static void
note_disguised(struct span at, struct authors *authors)
{
	authors->fault = PROBLEM_AUTHOR_DISGUISED;
	authors->fault_at = at;
	authors->n_fields++;
}

/* A carriage return alone ends a line for some readers: "X: y\rFrom: …". */
static void
look_behind_returns(struct span field, struct authors *authors)
{
	size_t looked, n;

	while ((n = span_index(field, '\r')) + 1 < field.len && authors->fault == PROBLEM_NONE) {
		field = span_skip(field, n + 1);
		if (field.at[0] == '\n')
			continue;
		if (is_disguised(field, &looked))
			note_disguised(field, authors);
		field = span_skip(field, looked);
	}
}

/* Lines between fields that are none. A folded one goes on with what it began: "From" and, behind the fold, ":". */
static void
look_at_others(struct span lines, struct authors *authors)
{
	size_t looked;

	while (lines.len > 0 && authors->fault == PROBLEM_NONE) {
		if (is_disguised(lines, &looked))
			note_disguised(lines, authors);
		lines = span_skip(lines, looked);
		lines = span_skip(lines, span_index(lines, '\n'));
		lines = span_skip(lines, lines.len > 0);
	}
}

void
authors_find(struct arena *arena, struct span header, struct authors *authors)
{
	const char *at = header.at;
	const char *const end = header.at + header.len;
	struct header_field f;

	*authors = (struct authors){ .n = 0 };
	while (header_take_field(&header, &f)) {
		look_at_others((struct span){ at, (size_t)(f.whole.at - at) }, authors);
		at = f.whole.at + f.whole.len;
		if (span_equal_folded(f.name, span_of("from")))
			authors_add(arena, f.value, authors);
		else
			look_behind_returns(f.whole, authors);
	}
	if (at != NULL)
		look_at_others((struct span){ at, (size_t)(end - at) }, authors);
}
