#include "record/dkim_signature.h"

#include "grammar/domain_name.h"

static const char *const algorithms[] = { [DKIM_RSA_SHA256] = "rsa-sha256",
	[DKIM_ED25519_SHA256] = "ed25519-sha256",
	[DKIM_RSA_SHA1] = "rsa-sha1",
	[DKIM_UNKNOWN_ALGORITHM] = "unknown" };

const char *
dkim_algorithm_name(enum dkim_algorithm algorithm)
{
	return algorithms[algorithm];
}

static bool
fail(struct dkim_signature *s, enum problem problem, struct span at)
{
	s->problem = problem;
	s->problem_at = at;
	return false;
}

static bool
has_all(const struct tag_list *tags, const char *const *needed, struct dkim_signature *s)
{
	for (; *needed != NULL; needed++)
		if (tag_list_find(tags, *needed) == NULL)
			return fail(s, PROBLEM_TAG_MISSING, span_of(*needed));
	return true;
}

/* hyphenated-word *( "." hyphenated-word ). RFC 6376 section 3.5 */
static bool
is_domain(struct span s)
{
	return s.len <= 253 && domain_name_is_harmless(s) && s.at[s.len - 1] != '.';
}

static enum dkim_algorithm
read_algorithm(struct span name)
{
	for (size_t i = 0; i < DKIM_UNKNOWN_ALGORITHM; i++)
		if (span_equal_folded(name, span_of(algorithms[i])))
			return (enum dkim_algorithm)i;
	return DKIM_UNKNOWN_ALGORITHM;
}

static bool
read_way(struct span name, enum canonicalization *way)
{
	*way = span_equal_folded(name, span_of("relaxed")) ? CANONICALIZATION_RELAXED : CANONICALIZATION_SIMPLE;
	return *way == CANONICALIZATION_RELAXED || span_equal_folded(name, span_of("simple"));
}

/* c= header "/" body; "relaxed" alone is relaxed/simple. RFC 6376 section 3.5. ARC is relaxed where it says nothing,
   as those who began with it have it. */
static bool
read_canonicalization(const struct tag_list *tags, enum canonicalization usual, struct dkim_signature *s)
{
	const struct tag *tag = tag_list_find(tags, "c");
	size_t slash;

	s->header = s->body = usual;
	if (tag == NULL)
		return true;
	s->body = CANONICALIZATION_SIMPLE;
	slash = span_index(tag->value, '/');
	if (!read_way(span_first(tag->value, slash), &s->header) ||
	    (slash < tag->value.len && !read_way(span_skip(tag->value, slash + 1), &s->body)))
		return fail(s, PROBLEM_SIGNATURE_CANONICALIZATION, tag->value);
	return true;
}

static bool
read_times(const struct tag_list *tags, struct dkim_signature *s)
{
	const struct tag *t = tag_list_find(tags, "t"), *x = tag_list_find(tags, "x");

	if (t != NULL && !tag_read_number(t->value, DKIM_NUMBER_DIGITS, &s->timestamp))
		return fail(s, PROBLEM_SIGNATURE_TIME, t->value);
	if (x != NULL && !tag_read_number(x->value, DKIM_NUMBER_DIGITS, &s->expiration))
		return fail(s, PROBLEM_SIGNATURE_TIME, x->value);
	if (t != NULL && x != NULL && s->expiration <= s->timestamp)
		return fail(s, PROBLEM_SIGNATURE_EXPIRES_BEFORE, x->value);
	return true;
}

/* l= has up to 76 digits; what exceeds our own 18 is longer than any body. RFC 6376 section 3.5 */
static bool
read_length(const struct tag_list *tags, struct dkim_signature *s)
{
	const struct tag *l = tag_list_find(tags, "l");

	if (l == NULL)
		return true;
	s->has_length = true;
	if (tag_read_number(l->value, DKIM_NUMBER_DIGITS, &s->length))
		return true;
	s->length = UINT64_MAX;
	if (l->value.len == 0 || l->value.len > DKIM_LENGTH_DIGITS)
		return fail(s, PROBLEM_SIGNATURE_LENGTH, l->value);
	for (size_t i = 0; i < l->value.len; i++)
		if (l->value.at[i] < '0' || l->value.at[i] > '9')
			return fail(s, PROBLEM_SIGNATURE_LENGTH, l->value);
	return true;
}

static bool
is_base64(struct span s)
{
	return span_trim(s).len > 0 && tag_is_base64(s);
}

/* Whether h= names From. RFC 6376 section 5.4 */
static bool
signs_from(struct span headers)
{
	struct span name;

	while (tag_take_item(&headers, ':', &name))
		if (span_equal_folded(name, span_of("from")))
			return true;
	return false;
}

/* dkim-quoted-printable: "=" and two hexadecimal digits; blanks are left out. RFC 6376 section 2.11 */
static size_t
decode_quoted(struct span s, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		const int byte = span_hex_byte(s, i, '=');

		if (ascii_is_space(s.at[i]))
			continue;
		to[n++] = byte >= 0 ? (char)byte : s.at[i];
		i += byte >= 0 ? 2 : 0;
	}
	return n;
}

/* [ Local-part ] "@": where the "@" stands behind a quoted-string or a run without any. RFC 6376 section 3.5 */
static size_t
find_identity_at(struct span s)
{
	size_t i = 0;

	if (s.len > 0 && s.at[0] == '"') {
		for (i = 1; i < s.len && s.at[i] != '"'; i++)
			i += s.at[i] == '\\';
		i++;
		return i < s.len && s.at[i] == '@' ? i : s.len;
	}
	return span_index(s, '@');
}

/* i= stands at or below d=. RFC 6376 section 6.1.1 */
static bool
identity_fits(struct span identity, struct span domain, bool *below)
{
	char text[DKIM_IDENTITY_SIZE_MAX];
	struct span plain = { text, 0 };
	size_t at;

	if (identity.len > sizeof(text))
		return false;
	plain.len = decode_quoted(identity, text);
	at = find_identity_at(plain);
	if (at == plain.len)
		return false;
	plain = span_skip(plain, at + 1);
	*below = plain.len > domain.len;
	return span_index(plain, '@') == plain.len && plain.len >= domain.len &&
	    span_equal_folded(span_skip(plain, plain.len - domain.len), domain) &&
	    (!*below || (domain_name_is_harmless(plain) && plain.at[plain.len - domain.len - 1] == '.'));
}

/* q= must name dns/txt, the only one there is. RFC 6376 section 3.5 */
static bool
asks_dns(const struct tag_list *tags)
{
	const struct tag *tag = tag_list_find(tags, "q");
	struct span rest, method;

	if (tag == NULL)
		return true;
	rest = tag->value;
	while (tag_take_item(&rest, ':', &method))
		if (span_equal_folded(method, span_of("dns/txt")) || span_equal_folded(method, span_of("dns")))
			return true;
	return false;
}

static bool
read_instance(const struct tag_list *tags, struct dkim_signature *s)
{
	uint64_t n;
	const struct span value = tag_list_value(tags, "i");

	if (!tag_read_number(value, 3, &n) || n == 0 || n > ARC_SETS_MAX)
		return fail(s, PROBLEM_SIGNATURE_INSTANCE, value);
	s->instance = (unsigned)n;
	return true;
}

/* What all three have: a=, b=, d=, s=, t=. */
static bool
read_common(const struct tag_list *tags, struct dkim_signature *s)
{
	const struct tag *b = tag_list_find(tags, "b");

	s->algorithm_name = tag_list_value(tags, "a");
	s->algorithm = read_algorithm(s->algorithm_name);
	s->signature = b->value;
	s->signature_hole = b->whole;
	s->domain = tag_list_value(tags, "d");
	s->selector = tag_list_value(tags, "s");
	if (!is_domain(s->domain))
		return fail(s, PROBLEM_SIGNATURE_DOMAIN, s->domain);
	if (!is_domain(s->selector))
		return fail(s, PROBLEM_SIGNATURE_SELECTOR, s->selector);
	if (!is_base64(s->signature))
		return fail(s, PROBLEM_SIGNATURE_BASE64, span_of("b"));
	if (s->algorithm == DKIM_UNKNOWN_ALGORITHM)
		return fail(s, PROBLEM_SIGNATURE_ALGORITHM, s->algorithm_name);
	return read_times(tags, s);
}

/* What signs a message: h=, bh=, c=, l=. */
static bool
read_message(const struct tag_list *tags, enum canonicalization usual, struct dkim_signature *s)
{
	s->headers = tag_list_value(tags, "h");
	s->body_hash = tag_list_value(tags, "bh");
	if (!is_base64(s->body_hash))
		return fail(s, PROBLEM_SIGNATURE_BASE64, span_of("bh"));
	return read_canonicalization(tags, usual, s) && read_length(tags, s);
}

static bool
read_dkim(const struct tag_list *tags, struct dkim_signature *s)
{
	static const char *const needed[] = { "v", "a", "b", "bh", "d", "h", "s", NULL };

	if (!has_all(tags, needed, s) || !read_common(tags, s) || !read_message(tags, CANONICALIZATION_SIMPLE, s))
		return false;
	s->identity = tag_list_value(tags, "i");
	s->copied = tag_list_value(tags, "z");
	if (!span_equal(tag_list_value(tags, "v"), span_of("1")))
		return fail(s, PROBLEM_SIGNATURE_VERSION, tag_list_value(tags, "v"));
	if (s->identity.len > 0 && !identity_fits(s->identity, s->domain, &s->identity_below))
		return fail(s, PROBLEM_SIGNATURE_IDENTITY, s->identity);
	if (!asks_dns(tags))
		return fail(s, PROBLEM_SIGNATURE_QUERY, tag_list_value(tags, "q"));
	if (s->headers.len == 0)
		return fail(s, PROBLEM_SIGNATURE_NO_FIELDS, span_of("h"));
	if (!signs_from(s->headers))
		return fail(s, PROBLEM_SIGNATURE_NO_FROM, s->headers);
	return true;
}

static bool
read_arc_message_signature(const struct tag_list *tags, struct dkim_signature *s)
{
	static const char *const needed[] = { "i", "a", "b", "bh", "d", "h", "s", NULL };

	return has_all(tags, needed, s) && read_instance(tags, s) && read_common(tags, s) &&
	    read_message(tags, CANONICALIZATION_RELAXED, s);
}

/* h= in a seal is an error. RFC 8617 section 4.1.3 */
static bool
read_arc_seal(const struct tag_list *tags, struct dkim_signature *s)
{
	static const char *const needed[] = { "i", "a", "b", "cv", "d", "s", NULL };

	if (!has_all(tags, needed, s) || !read_instance(tags, s) || !read_common(tags, s))
		return false;
	s->header = CANONICALIZATION_RELAXED;
	s->chain = tag_list_value(tags, "cv");
	if (tag_list_find(tags, "h") != NULL || tag_list_find(tags, "bh") != NULL)
		return fail(s, PROBLEM_SIGNATURE_SEAL_FIELDS, span_of("h"));
	return true;
}

bool
dkim_signature_parse(enum dkim_kind kind, struct span value, struct dkim_signature *s)
{
	static const struct span empty = { "", 0 };
	struct tag_list tags;

	*s = (struct dkim_signature){ .algorithm = DKIM_UNKNOWN_ALGORITHM,
		.algorithm_name = empty,
		.domain = empty,
		.selector = empty,
		.identity = empty,
		.signature = empty,
		.body_hash = empty,
		.headers = empty,
		.copied = empty,
		.chain = empty,
		.signature_hole = empty,
		.problem_at = empty };
	if (!tag_list_parse(value, &tags)) {
		s->domain = tag_list_value(&tags, "d");
		s->selector = tag_list_value(&tags, "s");
		return fail(s, tags.problem, tags.problem_at);
	}
	switch (kind) {
	case DKIM_SIGNATURE: return read_dkim(&tags, s);
	case ARC_MESSAGE_SIGNATURE: return read_arc_message_signature(&tags, s);
	default: return read_arc_seal(&tags, s);
	}
}
