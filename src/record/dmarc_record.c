#include "record/dmarc_record.h"

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
	static const char *const names[] = { "", "", "none", "quarantine", "reject" };

	return names[policy];
}

struct pair {
	struct span name, value;
};

/* dmarc-tag = 1*ALPHA equals 1*dmarc-value. RFC 9989 section 4.8 */
static bool
take_pair(struct span *rest, struct pair *p)
{
	const size_t n = span_index(*rest, ';');
	const struct span spec = span_first(*rest, n);
	const size_t equals = span_index(spec, '=');

	if (rest->len == 0)
		return false;
	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	p->name = span_trim(span_first(spec, equals));
	p->value = span_trim(span_skip(spec, equals < spec.len ? equals + 1 : equals));
	return true;
}

bool
dmarc_record_is(struct span text)
{
	struct pair p;

	return take_pair(&text, &p) && span_equal_folded(p.name, span_of("v")) &&
	    span_equal(p.value, span_of("DMARC1"));
}

static void
say(struct dmarc_record *r, enum problem problem, struct span at)
{
	if (r->problem != PROBLEM_NONE)
		return;
	r->problem = problem;
	r->problem_at = at;
}

/* dmarc-request = "none" / "quarantine" / "reject" */
static enum dmarc_policy
read_policy(struct dmarc_record *r, struct span value)
{
	for (enum dmarc_policy p = DMARC_POLICY_NONE; p <= DMARC_POLICY_REJECT; p++)
		if (span_equal_folded(value, span_of(dmarc_policy_name(p))))
			return p;
	say(r, PROBLEM_DMARC_POLICY_VALUE, value);
	return DMARC_POLICY_UNSOUND;
}

/* One letter of those allowed; else the default, the first. */
static char
read_letter(struct dmarc_record *r, struct span value, const char *allowed)
{
	const char c = value.len == 1 ? ascii_lower(value.at[0]) : '\0';

	if (c != '\0' && strchr(allowed, c) != NULL)
		return c;
	say(r, PROBLEM_DMARC_VALUE, value);
	return allowed[0];
}

/* scheme ":" and something behind it. RFC 3986 section 3 */
static bool
is_uri(struct span s)
{
	const size_t colon = span_index(s, ':');

	if (colon == 0 || colon + 1 >= s.len)
		return false;
	for (size_t i = 0; i < colon; i++) {
		const char l = ascii_lower(s.at[i]);

		if (!(l >= 'a' && l <= 'z') && (i == 0 || (!(l >= '0' && l <= '9') && strchr("+-.", l) == NULL)))
			return false;
	}
	for (size_t i = colon; i < s.len; i++)
		if ((uint8_t)s.at[i] <= ' ' || (uint8_t)s.at[i] >= 0x7f)
			return false;
	return !span_starts_folded(s, "mailto:") || (span_index(s, '@') < s.len && s.at[colon + 1] != '@');
}

/* dmarc-urilist = uri *(*WSP "," *WSP uri) */
bool
dmarc_take_uri(struct span *rest, struct span *uri)
{
	size_t n;

	if (rest->len == 0)
		return false;
	n = span_index(*rest, ',');
	*uri = span_trim(span_first(*rest, n));
	uri->len = span_index(*uri, '!');
	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return true;
}

static bool
has_uri(struct dmarc_record *r, struct span list)
{
	struct span rest = list, uri;
	bool any = false;

	while (dmarc_take_uri(&rest, &uri)) {
		if (is_uri(uri))
			any = true;
		else
			say(r, PROBLEM_DMARC_URI, uri);
	}
	return any;
}

static void
read_tag(struct dmarc_record *r, const struct pair *p)
{
	const struct span name = p->name, value = p->value;

	if (span_equal_folded(name, span_of("p")))
		r->p = read_policy(r, value);
	else if (span_equal_folded(name, span_of("sp")))
		r->sp = read_policy(r, value);
	else if (span_equal_folded(name, span_of("np")))
		r->np = read_policy(r, value);
	else if (span_equal_folded(name, span_of("adkim")))
		r->strict_dkim = read_letter(r, value, "rs") == 's';
	else if (span_equal_folded(name, span_of("aspf")))
		r->strict_spf = read_letter(r, value, "rs") == 's';
	else if (span_equal_folded(name, span_of("t")))
		r->test = read_letter(r, value, "ny") == 'y';
	else if (span_equal_folded(name, span_of("psd")))
		r->psd = (enum dmarc_psd)(strchr("uny", read_letter(r, value, "uny")) - "uny");
	else if (span_equal_folded(name, span_of("rua")))
		r->has_reports = has_uri(r, r->rua = value);
	else if (span_equal_folded(name, span_of("ruf")))
		has_uri(r, r->ruf = value);
	else if (span_equal_folded(name, span_of("fo")))
		r->fo = value;
	else if (span_equal_folded(name, span_of("pct")))
		r->pct = value;
}

bool
dmarc_record_parse(struct span text, struct dmarc_record *r)
{
	struct span seen[32];
	struct pair p;
	size_t n = 0;

	*r = (struct dmarc_record){
		.rua = { "", 0 }, .ruf = { "", 0 }, .fo = { "", 0 }, .pct = { "", 0 }, .problem_at = { "", 0 }
	};
	if (!dmarc_record_is(text))
		return false;
	while (take_pair(&text, &p)) {
		bool twice = false;

		for (size_t i = 0; i < n && !twice; i++)
			twice = span_equal_folded(seen[i], p.name);
		if (twice)
			say(r, PROBLEM_TAG_TWICE, p.name);
		if (twice || p.name.len == 0) {
			if (!twice && (p.value.len > 0 || text.len > 0))
				say(r, PROBLEM_DMARC_PART, p.value);
			continue;
		}
		if (n < sizeof(seen) / sizeof(seen[0]))
			seen[n++] = p.name;
		read_tag(r, &p);
	}
	if (r->p == DMARC_POLICY_ABSENT)
		say(r, PROBLEM_NO_P, span_of("p"));
	return true;
}
