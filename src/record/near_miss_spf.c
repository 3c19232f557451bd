#include "grammar/ip_address.h"
#include "record/near_miss_text.h"
#include "record/spf_record.h"

enum { WORDS_MAX = 256, DEPTH_MAX = 6 };

/* A term between separators. */
struct word {
	struct span text;
	bool behind_comma;
};

struct mending {
	struct near_text *t;
	struct out *out;
	struct word words[WORDS_MAX];
	size_t n;
	const char *last; /* the mechanism in front: what a list behind it goes on with; NULL: none */
};

static const struct span nothing = { "", 0 };

static const char *const versions[] = { "spf1.0", "spf1", "spf 1", "spf-1", "spfv1", "spf=1", "spf:1", "sfp1", "spfl",
	"spf", "vspf1", NULL };

static const char *const mechanisms[] = { "include", "ip4", "ip6", "exists", "redirect", "all", "ptr", "mx", "a",
	NULL };

static bool
is_qualifier(char c)
{
	return is_one_of(c, "+-~?");
}

static struct span
unqualified(struct span s)
{
	return s.len > 0 && is_qualifier(s.at[0]) ? span_skip(s, 1) : s;
}

static bool
is_all(struct span s)
{
	return span_equal_folded(unqualified(s), span_of("all"));
}

/* A mechanism's name with its sign, "include:". */
static bool
begins_term(struct span s)
{
	static const char *const signed_names[] = { "include:", "ip4:", "ip6:", "exists:", "redirect=", "a:", "mx:",
		"include=", "ip4=", "ip6=", "ipv4:", "ipv6:", "exp=", NULL };

	if (is_all(span_first(s, 4)) && s.len == 4)
		return true;
	for (size_t i = 0; signed_names[i] != NULL; i++)
		if (span_starts_folded(unqualified(s), signed_names[i]))
			return true;
	return false;
}

static bool
parses(struct near_text *t, struct span term)
{
	struct out out = { 0 };
	struct spf_record r;
	bool sound;

	out_str(&out, "v=spf1 ");
	out_span(&out, term);
	sound = spf_record_parse(t->arena, arena_copy(t->arena, out_view(&out)), &r) && r.n_terms == 1;
	out_deinit(&out);
	return sound;
}

/* "include:a.exampleinclude:b.example": legal in a macro-string, but in no name that the DNS has. */
static bool
has_second_colon(struct span term)
{
	const size_t colon = span_index(term, ':');
	const struct span value = span_skip(term, colon < term.len ? colon + 1 : colon);

	return span_equal_folded(span_first(term, colon), span_of("include")) && span_index(value, ':') < value.len &&
	    span_index(value, '%') == value.len;
}

/* "include=x" is a modifier nobody knows, "b.example-all" a name nobody has: sound, and never meant. */
static bool
is_meant(struct near_text *t, struct span term)
{
	const struct span plain = unqualified(term);
	const size_t equals = span_index(plain, '=');
	const struct span name = span_first(plain, equals);

	if (!parses(t, term) || has_second_colon(plain))
		return false;
	if (term.len > 4 && !is_all(term) && is_all(span_skip(term, term.len - 4)) &&
	    is_qualifier(term.at[term.len - 4]))
		return false;
	if (equals == plain.len || span_equal_folded(name, span_of("redirect")) ||
	    span_equal_folded(name, span_of("exp")))
		return true;
	for (size_t i = 0; mechanisms[i] != NULL; i++)
		if (span_equal_folded(name, span_of(mechanisms[i])))
			return false;
	return !span_starts_folded(plain, "ipv") && !span_starts_folded(plain, "ip=");
}

static const char *
mechanism_of(struct span term)
{
	const struct span plain = unqualified(term);
	size_t n = 0;

	while (n < plain.len && ascii_is_alnum(plain.at[n]))
		n++;
	for (size_t i = 0; mechanisms[i] != NULL; i++)
		if (span_equal_folded(span_first(plain, n), span_of(mechanisms[i])))
			return mechanisms[i];
	return NULL;
}

/* "v=spf1ip4:…", "v=spf1-all"; not "spf-verification=…" */
static bool
may_follow_version(struct span s)
{
	const struct span word = span_first(s, span_index(s, ' ')), plain = unqualified(word);
	const char *name = mechanism_of(word);

	return begins_term(s) ||
	    (name != NULL &&
		(plain.len == strlen(name) || plain.at[strlen(name)] == ':' || plain.at[strlen(name)] == '/'));
}

static void
put_term(struct mending *m, struct span term)
{
	out_char(m->out, ' ');
	out_span(m->out, term);
	m->last = mechanism_of(term);
}

/* In the arena: qualifier, name and sign, value. */
static struct span
compose(struct mending *m, struct span term, const char *front, struct span value)
{
	struct out out = { 0 };
	struct span made;

	out_span(&out, span_first(term, (size_t)(unqualified(term).at - term.at)));
	out_str(&out, front);
	out_span(&out, value);
	made = arena_copy(m->t->arena, out_view(&out));
	out_deinit(&out);
	return made;
}

/* "192.0.2.0/24", "[2001:db8::1]"; without the brackets in `plain`. 0: none, else 4 or 6. */
static int
address_kind(struct span s, struct span *plain)
{
	uint8_t bytes[16];
	struct span address;

	if (s.len > 1 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		s = span_first(span_skip(s, 1), s.len - 2);
	address = span_first(s, span_index(s, '/'));
	*plain = s;
	if (ip_address_read_v6(address, bytes))
		return 6;
	return ip_address_take_v4(&address, bytes) && address.len == 0 ? 4 : 0;
}

/* "255.255.255.0" → 24; -1: it is none. */
static int
netmask_bits(struct span s)
{
	uint8_t b[4];
	uint32_t mask, inverse;
	int bits = 32;

	if (!ip_address_take_v4(&s, b) || s.len > 0)
		return -1;
	mask = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	inverse = ~mask;
	if ((inverse & (inverse + 1)) != 0)
		return -1;
	for (; inverse > 0; inverse >>= 1)
		bits--;
	return bits;
}

/* "192.0.2.0/255.255.255.0" and "192.0.2.*": a network all the same. */
static bool
mend_network(struct mending *m, struct span value, struct span *mended)
{
	const size_t slash = span_index(value, '/');
	const int bits = slash < value.len ? netmask_bits(span_skip(value, slash + 1)) : -1;
	struct out out = { 0 };
	struct span plain;

	if (bits >= 0) {
		out_span(&out, span_first(value, slash + 1));
		out_number(&out, (uint64_t)bits);
	} else if (value.len > 2 && span_equal(span_skip(value, value.len - 2), span_of(".*"))) {
		out_span(&out, span_first(value, value.len - 1));
		out_str(&out, "0/24");
	}
	*mended = arena_copy(m->t->arena, out_view(&out));
	out_deinit(&out);
	return mended->len > 0 && address_kind(*mended, &plain) == 4;
}

static bool
is_host_name(struct span s)
{
	return s.len > 0 && span_index(s, '.') < s.len && span_index(s, '@') == s.len && span_index(s, ':') == s.len &&
	    span_index(s, '/') == s.len && !ascii_is_digit(s.at[s.len - 1]) && s.at[0] != '.';
}

/* What is given for an address or a name: the right mechanism for it. */
static bool
mend_value(struct mending *m, struct span term, struct span *mended)
{
	const struct span plain = unqualified(term);
	const size_t colon = span_index(plain, ':');
	const struct span name = span_first(plain, colon);
	struct span value = colon < plain.len ? span_skip(plain, colon + 1) : plain, inner;
	const char *of = colon < plain.len ? mechanism_of(name) : NULL;
	int kind = address_kind(plain, &inner); /* alone: a colon may be its own */

	if (kind == 0 && of != NULL) {
		while (value.len > 0 && is_one_of(value.at[value.len - 1], ".;/") && is_one_of(of[0], "im"))
			value.len--;
		if (mend_network(m, value, &inner))
			value = inner;
		kind = address_kind(value, &inner);
	} else if (kind == 0 && mend_network(m, plain, &inner)) {
		kind = 4;
	}
	if (kind != 0)
		*mended = compose(m, term, kind == 4 ? "ip4:" : "ip6:", inner);
	else if (of == NULL)
		return false;
	else if (span_take(&value, "https://") || span_take(&value, "http://"))
		*mended = compose(m, term, arena_copy(m->t->arena, span_of("include:")).at,
		    span_first(value, span_index(value, '/')));
	else if (strncmp(of, "ip", 2) == 0 && is_host_name(value))
		*mended = compose(m, term, "a:", value);
	else
		return false;
	return (kind != 0 || is_host_name(span_skip(*mended, span_index(*mended, ':') + 1))) && parses(m->t, *mended) &&
	    !span_equal(*mended, term);
}

/* Names and signs as they are mistyped. */
static bool
mend_name(struct mending *m, struct span term, enum slip *slip, struct span *mended)
{
	static const struct {
		struct span wrong;
		const char *right;
		enum slip slip;
	} slips[] = { { SPAN_INIT("include="), "include:", SLIP_SIGN }, { SPAN_INIT("ip4="), "ip4:", SLIP_SIGN },
		{ SPAN_INIT("ip6="), "ip6:", SLIP_SIGN }, { SPAN_INIT("a="), "a:", SLIP_SIGN },
		{ SPAN_INIT("mx="), "mx:", SLIP_SIGN }, { SPAN_INIT("exists="), "exists:", SLIP_SIGN },
		{ SPAN_INIT("ptr="), "ptr:", SLIP_SIGN }, { SPAN_INIT("redirect:"), "redirect=", SLIP_SIGN },
		{ SPAN_INIT("exp:"), "exp=", SLIP_SIGN }, { SPAN_INIT("include::"), "include:", SLIP_SIGN },
		{ SPAN_INIT("ip4::"), "ip4:", SLIP_SIGN }, { SPAN_INIT("ip4:="), "ip4:", SLIP_SIGN },
		{ SPAN_INIT("include:="), "include:", SLIP_SIGN }, { SPAN_INIT("redirect=="), "redirect=", SLIP_SIGN },
		{ SPAN_INIT("include;"), "include:", SLIP_SIGN }, { SPAN_INIT("ip4/"), "ip4:", SLIP_SIGN },
		{ SPAN_INIT("ip4://"), "ip4:", SLIP_SIGN }, { SPAN_INIT("ip4."), "ip4:", SLIP_SIGN },
		{ SPAN_INIT("ipv4:"), "ip4:", SLIP_NAME }, { SPAN_INIT("ipv6:"), "ip6:", SLIP_NAME },
		{ SPAN_INIT("ipv4="), "ip4:", SLIP_NAME }, { SPAN_INIT("ipv6="), "ip6:", SLIP_NAME },
		{ SPAN_INIT("ip-4:"), "ip4:", SLIP_NAME }, { SPAN_INIT("ipaddr:"), "ip4:", SLIP_NAME },
		{ SPAN_INIT("ip:"), "ip4:", SLIP_NAME }, { SPAN_INIT("ip="), "ip4:", SLIP_NAME },
		{ SPAN_INIT("ipp4:"), "ip4:", SLIP_NAME }, { SPAN_INIT("pi4:"), "ip4:", SLIP_NAME },
		{ SPAN_INIT("i4:"), "ip4:", SLIP_NAME }, { SPAN_INIT("incude:"), "include:", SLIP_NAME },
		{ SPAN_INIT("includes:"), "include:", SLIP_NAME }, { SPAN_INIT("inlcude:"), "include:", SLIP_NAME },
		{ SPAN_INIT("inclue:"), "include:", SLIP_NAME }, { SPAN_INIT("includ:"), "include:", SLIP_NAME },
		{ SPAN_INIT("inculde:"), "include:", SLIP_NAME }, { SPAN_INIT("inclde:"), "include:", SLIP_NAME },
		{ SPAN_INIT("incldue:"), "include:", SLIP_NAME },
		{ SPAN_INIT("include:include:"), "include:", SLIP_NAME }, { SPAN_INIT("ip4:ip4:"), "ip4:", SLIP_NAME },
		{ SPAN_INIT("rediect="), "redirect=", SLIP_NAME }, { SPAN_INIT("redirct="), "redirect=", SLIP_NAME },
		{ SPAN_INIT("redir="), "redirect=", SLIP_NAME } };
	const struct span plain = unqualified(term);
	size_t best = sizeof(slips) / sizeof(slips[0]);

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (span_equal_folded(span_first(plain, slips[i].wrong.len), slips[i].wrong) &&
		    (best == sizeof(slips) / sizeof(slips[0]) || slips[i].wrong.len > slips[best].wrong.len))
			best = i;
	if (span_equal_folded(plain, span_of("a:")) || span_equal_folded(plain, span_of("mx:"))) {
		*slip = SLIP_SIGN;
		*mended = span_first(term, term.len - 1);
		return true;
	}
	if (best == sizeof(slips) / sizeof(slips[0]) || plain.len == slips[best].wrong.len)
		return false;
	*slip = slips[best].slip;
	*mended = compose(m, term, slips[best].right, span_skip(plain, slips[best].wrong.len));
	return true;
}

/* "-alll", "~all.", "--all", "- all" is another's. */
static bool
mend_all(struct mending *m, struct span term, struct span *mended)
{
	static const char *const wrong[] = { "al", "alll", "alll", "al1", "a11", "all.", "all:", "all;", "all=", "all-",
		"all~", "aall", "everyone", NULL };
	struct span rest = term;

	while (rest.len > 1 && is_qualifier(rest.at[0]) && rest.at[1] == rest.at[0])
		rest = span_skip(rest, 1);
	if (rest.at != term.at && is_all(rest)) {
		*mended = rest;
		return true;
	}
	for (size_t i = 0; wrong[i] != NULL; i++)
		if (rest.len > 2 && span_equal_folded(unqualified(rest), span_of(wrong[i]))) {
			*mended = compose(m, rest, "all", nothing);
			return rest.at != unqualified(rest).at;
		}
	return false;
}

/* Where two terms grew together: before "~all" at the end, or a name with its sign in the middle. */
static size_t
seam_of(struct span term)
{
	if (term.len > 4 && is_all(span_skip(term, term.len - 4)) && is_qualifier(term.at[term.len - 4]) &&
	    !is_qualifier(term.at[term.len - 5]))
		return term.len - 4;
	for (size_t i = 1; i < term.len; i++) {
		const struct span rest = span_skip(term, i);
		const bool whole = is_qualifier(rest.at[0]) || !is_qualifier(term.at[i - 1]);

		if (whole && (i > 1 || !is_qualifier(term.at[0])) && begins_term(rest) &&
		    (is_qualifier(rest.at[0]) || (ascii_lower(rest.at[0]) != 'a' && ascii_lower(rest.at[0]) != 'm')) &&
		    term.at[i - 1] != ':' && term.at[i - 1] != '=')
			return i;
	}
	return 0;
}

static void mend_term(struct mending *m, struct span term, bool behind_comma, unsigned depth);

static bool
split_term(struct mending *m, struct span term, unsigned depth)
{
	const size_t seam = seam_of(term);

	if (seam == 0)
		return false;
	near_text_slip(m->t, SLIP_SEPARATOR_MISSING, span_skip(term, seam), span_of(" "));
	mend_term(m, span_first(term, seam), false, depth + 1);
	mend_term(m, span_skip(term, seam), false, depth + 1);
	return true;
}

/* "include:a.example,b.example": the second is one, too. */
static bool
goes_on(struct mending *m, struct span term, bool behind_comma, struct span *mended)
{
	char front[16];

	if (!behind_comma || m->last == NULL || !is_host_name(term) || strncmp(m->last, "ip", 2) == 0)
		return false;
	strcpy(front, m->last);
	strcat(front, ":");
	*mended = compose(m, term, front, term);
	return parses(m->t, *mended);
}

static void
mend_term(struct mending *m, struct span term, bool behind_comma, unsigned depth)
{
	struct span mended = nothing;
	enum slip slip = SLIP_VALUE;

	if (is_meant(m->t, term)) {
		put_term(m, term);
		return;
	}
	if (depth < DEPTH_MAX && split_term(m, term, depth))
		return;
	if (goes_on(m, term, behind_comma, &mended) || mend_all(m, term, &mended) || mend_value(m, term, &mended) ||
	    mend_name(m, term, &slip, &mended)) {
		near_text_slip(m->t, slip, term, mended);
		if (is_meant(m->t, mended) || depth >= DEPTH_MAX)
			put_term(m, mended);
		else
			mend_term(m, mended, false, depth + 1);
		if (depth >= DEPTH_MAX)
			near_text_unclear(m->t, term);
		return;
	}
	near_text_unclear(m->t, term);
	put_term(m, term);
}

static bool
is_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.at[i]))
			return false;
	return s.len > 0;
}

static bool
is_value(struct span s)
{
	struct span plain;

	return address_kind(s, &plain) != 0 || is_host_name(s);
}

/* "ip4: 192.0.2.1", "ip4 :192.0.2.1", "~ all", "include _spf.example": one term that blanks tore apart. */
static bool
belongs_together(struct span a, struct span b)
{
	const struct span name = unqualified(a);

	if (a.len == 1 && is_qualifier(a.at[0]))
		return true;
	if (a.len > 1 && (a.at[a.len - 1] == ':' || a.at[a.len - 1] == '=') && !begins_term(b) &&
	    (mechanism_of(b) == NULL || is_value(b)))
		return true;
	if ((b.at[0] == ':' || b.at[0] == '=') && (b.len == 1 || !begins_term(a)))
		return true;
	return (b.len > 1 && b.at[0] == '/' && ascii_is_digit(b.at[1])) ||
	    (is_value(b) &&
		(span_equal_folded(name, span_of("ip4")) || span_equal_folded(name, span_of("ip6")) ||
		    span_equal_folded(name, span_of("include")) || span_equal_folded(name, span_of("redirect"))));
}

static struct span
between(struct span first, struct span last)
{
	return (struct span){ first.at, (size_t)(last.at + last.len - first.at) };
}

static struct span
join_words(struct mending *m, struct span first, struct span a, struct span b)
{
	const char last = a.at[a.len - 1];
	struct out out = { 0 };
	struct span joined;

	out_span(&out, a);
	if (ascii_is_alnum(last) && is_value(b))
		out_char(&out, span_equal_folded(a, span_of("redirect")) ? '=' : ':');
	out_span(&out, b);
	joined = arena_copy(m->t->arena, out_view(&out));
	out_deinit(&out);
	near_text_slip(m->t, SLIP_STRAY_BLANK, first, joined);
	return joined;
}

/* Separators are blanks; commas and semicolons are taken for them, but within a macro. */
static void
collect_words(struct mending *m, struct span rest)
{
	size_t n = 0;
	bool comma = false;

	while (n < rest.len && m->n < WORDS_MAX) {
		unsigned braces = 0;
		size_t end = n;
		const struct span whole = span_first(span_skip(rest, n), span_index(span_skip(rest, n), ' '));

		if (span_index(whole, '%') < whole.len && parses(m->t, whole))
			end = n + whole.len; /* a macro-string may hold a comma */
		while (end < rest.len && (braces > 0 || !is_one_of(rest.at[end], " ,;"))) {
			braces += rest.at[end] == '{';
			braces -= rest.at[end] == '}' && braces > 0;
			end++;
		}
		if (end > n) {
			m->words[m->n++] = (struct word){ span_first(span_skip(rest, n), end - n), comma };
			comma = false;
		}
		if (end < rest.len && rest.at[end] != ' ') {
			near_text_slip(m->t, SLIP_SEPARATOR_WRONG, span_first(span_skip(rest, end), 1), span_of(" "));
			comma = true;
		}
		n = end + 1;
	}
}

static bool
is_second_version(struct span word)
{
	return span_equal_folded(word, span_of("v=spf1"));
}

/* "all" goes to the end, where two records were pasted into one. */
static bool
mend_words(struct mending *m)
{
	bool twice = false;
	struct span all = nothing;

	for (size_t i = 0; i < m->n; i++)
		twice = twice || is_second_version(m->words[i].text);
	for (size_t i = 0; i < m->n; i++) {
		const struct span first = m->words[i].text;
		struct span word = first;

		if (is_second_version(word)) {
			near_text_slip(m->t, SLIP_VERSION_LATE, word, nothing);
			continue;
		}
		if (i + 1 == m->n && (is_digits(word) || span_equal(word, span_of(")")))) {
			near_text_slip(m->t, SLIP_PASTED, word, nothing);
			continue;
		}
		while (i + 1 < m->n && (!is_meant(m->t, word) || m->words[i + 1].text.at[0] == '/') &&
		    !m->words[i + 1].behind_comma && belongs_together(word, m->words[i + 1].text)) {
			i++;
			word = join_words(m, between(first, m->words[i].text), word, m->words[i].text);
		}
		m->t->current = between(first, m->words[i].text);
		if (twice && is_all(word))
			all = word;
		else
			mend_term(m, word, m->words[i].behind_comma, 0);
	}
	if (all.len > 0)
		put_term(m, all);
	return m->n > 0;
}

/* Without a version it is one if each word is a term, and the last is "all". */
static bool
is_without_version(struct mending *m)
{
	size_t n = m->n;

	if (n < 2 || !is_all(m->words[n - 1].text))
		return false;
	while (n-- > 0)
		if (!is_meant(m->t, m->words[n].text))
			return false;
	return true;
}

bool
near_miss_read_spf(struct near_text *t, struct out *out)
{
	struct mending *m = arena_take_items(t->arena, 1, sizeof(*m));
	struct span rest = t->text, version = nothing;
	const bool has_version = near_text_take_version(t, &rest, &version, versions, may_follow_version);
	struct spf_record r;

	*m = (struct mending){ .t = t, .out = out };
	if (has_version && !span_equal_folded(version, span_of("v=spf1")))
		near_text_slip(t, SLIP_VERSION, version, span_of("v=spf1"));
	else if (has_version && rest.len > 0 && !is_one_of(rest.at[0], " ,;"))
		near_text_slip(t, SLIP_SEPARATOR_MISSING, span_first(rest, 1), span_of(" "));
	collect_words(m, rest);
	if (!has_version) {
		if (!is_without_version(m))
			return false;
		near_text_slip(t, SLIP_VERSION_MISSING, span_first(rest, 1), span_of("v=spf1"));
	} else if (m->n == 0 && !span_equal_folded(version, span_of("v=spf1"))) {
		return false;
	}
	out_str(out, "v=spf1");
	mend_words(m);
	if (!spf_record_parse(t->arena, arena_copy(t->arena, out_view(out)), &r))
		near_text_unclear(t, r.fault);
	return true;
}
