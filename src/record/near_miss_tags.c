#include "grammar/tag_list.h"
#include "grammar/transfer_encoding.h"
#include "record/near_miss_text.h"

/* A kind of record made of tags. */
struct form {
	const char *version; /* as it must be written */
	const char *versions[10]; /* as it is mistyped, in lower case; NULL at the end */
	const char *tags[14]; /* NULL at the end */
	const char *first; /* the tag that no such record is without; with it, it is one */
	bool version_optional;
};

static const struct form forms[] = {
	[RECORD_DMARC] = { "DMARC1",
	    { "dmarc1", "dmarc 1", "dmarc-1", "dmarcv1", "dmarc=1", "dmark1", "damrc1", "dmrac1", "dmarc", NULL },
	    { "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "pct", "fo", "rf", "ri", "t", "psd", NULL }, "p", false },
	[RECORD_DKIM_KEY] = { "DKIM1", { "dkim1", "dkim 1", "dkim-1", "dkimv1", "dkim=1", "dkim1.0", "dkim", NULL },
	    { "p", "k", "h", "s", "t", "g", "n", NULL }, "p", true },
	[RECORD_MTA_STS] = { "STSv1", { "stsv1", "sts1", "sts v1", "sts-v1", "sts", NULL }, { "id", NULL }, "id",
	    false },
	[RECORD_TLS_RPT] = { "TLSRPTv1",
	    { "tlsrptv1", "tls-rptv1", "tlsrpt1", "tls-rpt1", "tlsrpt v1", "tlsrpt", NULL }, { "rua", NULL }, "rua",
	    false },
	[RECORD_BIMI] = { "BIMI1", { "bimi1", "bimi 1", "bimiv1", "bimi", NULL }, { "l", "a", "avp", "lps", NULL }, "l",
	    false },
};

struct mending {
	struct near_text *t;
	struct out *out;
	const struct form *form;
	bool has_first;
};

static const struct span nothing = { "", 0 };

static struct span
skip_of(struct span s, const char *set)
{
	while (s.len > 0 && is_one_of(s.at[0], set))
		s = span_skip(s, 1);
	return s;
}

static struct span
trim_end(struct span s, const char *set)
{
	while (s.len > 0 && is_one_of(s.at[s.len - 1], set))
		s.len--;
	return s;
}

static struct span
copy_of(struct mending *m, const char *s)
{
	return arena_copy(m->t->arena, span_of(s));
}

/* "rau" for "rua"; the name itself where it is right or unknown. */
static struct span
right_name(const struct form *form, struct span name)
{
	static const struct {
		struct span wrong;
		const char *right;
	} slips[] = { { SPAN_INIT("rau"), "rua" }, { SPAN_INIT("ura"), "rua" }, { SPAN_INIT("ruaa"), "rua" },
		{ SPAN_INIT("rfu"), "ruf" }, { SPAN_INIT("ruff"), "ruf" }, { SPAN_INIT("policy"), "p" },
		{ SPAN_INIT("aspff"), "aspf" }, { SPAN_INIT("asfp"), "aspf" }, { SPAN_INIT("apsf"), "aspf" },
		{ SPAN_INIT("adikm"), "adkim" }, { SPAN_INIT("akdim"), "adkim" }, { SPAN_INIT("adkmi"), "adkim" },
		{ SPAN_INIT("pst"), "pct" }, { SPAN_INIT("ptc"), "pct" }, { SPAN_INIT("pc"), "pct" },
		{ SPAN_INIT("pk"), "p" }, { SPAN_INIT("key"), "p" } };

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		for (const char *const *tag = form->tags; *tag != NULL; tag++)
			if (span_equal_folded(name, slips[i].wrong) && strcmp(*tag, slips[i].right) == 0)
				return span_of(*tag);
	return name;
}

static bool
is_known(const struct form *form, struct span name)
{
	name = right_name(form, name);
	for (const char *const *tag = form->tags; *tag != NULL; tag++)
		if (span_equal_folded(name, span_of(*tag)))
			return true;
	return span_equal_folded(name, span_of("v"));
}

static size_t
name_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && (ascii_is_alnum(s.at[n]) || s.at[n] == '_'))
		n++;
	return n;
}

/* A known tag and its sign, and more than padding behind it. */
static bool
begins_tag(const struct form *form, struct span s)
{
	const size_t n = name_length(s);
	const struct span rest = skip_of(span_skip(s, n), " ");

	return n > 0 && is_known(form, span_first(s, n)) && rest.len > 0 && (rest.at[0] == '=' || rest.at[0] == ':') &&
	    !span_starts(rest, "==") && (rest.len > 1 || form->tags[0][0] != 'p' || form->version_optional == false) &&
	    !(rest.at[0] == ':' && span_starts_folded(s, "mailto:"));
}

/* "mailto:b@example.jp" or "b@example.jp" up to the next semicolon */
static bool
is_address(struct span s)
{
	s = span_first(s, span_index(s, ';'));
	return span_index(s, '@') < s.len && span_index(s, '=') == s.len;
}

/* Where the value ends: at a semicolon, or where another tag begins behind a blank or comma. */
static size_t
value_end(struct mending *m, struct span s, struct span name)
{
	const bool uris = span_starts_folded(name, "ru");

	for (size_t i = 0; i < s.len; i++) {
		if (span_equal(name, span_of("n"))) /* notes hold anything */
			return span_index(s, ';');
		if (s.at[i] == ';') {
			if (!uris || !is_address(skip_of(span_skip(s, i + 1), " ")))
				return i;
			near_text_slip(m->t, SLIP_SEPARATOR_WRONG, span_first(span_skip(s, i), 1), span_of(","));
		} else if ((s.at[i] == ' ' || s.at[i] == ',') && begins_tag(m->form, skip_of(span_skip(s, i), " ,"))) {
			const bool comma = memchr(
			    s.at + i, ',', (size_t)(skip_of(span_skip(s, i), " ,").at - s.at) - i);

			near_text_slip(m->t, comma ? SLIP_SEPARATOR_WRONG : SLIP_SEPARATOR_MISSING,
			    span_first(span_skip(s, i), 1), span_of(";"));
			return i;
		}
	}
	return s.len;
}

static unsigned
distance(struct span a, struct span b)
{
	unsigned row[16], last, up;

	if (a.len > 15 || b.len > 15)
		return 99;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= a.len; i++) {
		last = row[0];
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.len; k++) {
			up = row[k];
			row[k] = last + (ascii_lower(a.at[i - 1]) != ascii_lower(b.at[k - 1]));
			row[k] = up + 1 < row[k] ? up + 1 : row[k];
			row[k] = row[k - 1] + 1 < row[k] ? row[k - 1] + 1 : row[k];
			last = up;
		}
	}
	return row[b.len];
}

/* "rejected" → reject. What is nearer to none of them than two letters could be any. */
static struct span
mend_policy(struct mending *m, struct span value)
{
	static const char *const policies[] = { "none", "quarantine", "reject" };
	const struct span bare = trim_end(value, ".,;)");

	for (size_t i = 0; i < 3; i++) {
		const struct span right = span_of(policies[i]);

		if (span_equal_folded(value, right))
			return value;
		if (distance(bare, right) > (i == 0 ? 1U : 2U))
			continue;
		near_text_slip(m->t, SLIP_VALUE, value, right);
		return right;
	}
	near_text_unclear(m->t, value.len > 0 ? value : m->t->current);
	return value;
}

/* One address of rua= as a URI. */
static void
put_uri(struct mending *m, struct out *out, struct span item)
{
	static const char *const wrong[] = { "mailto://", "mailto:/", "mailto=", "mailto;",
		"mail:", "email:", "mailt:", "mailot:", "malto:", "maito:", "mailto.", "mailto", NULL };
	struct span address = item;

	if (span_starts_folded(item, "mailto:") && !span_starts_folded(item, "mailto:/")) {
		out_span(out, item);
		return;
	}
	for (size_t i = 0; wrong[i] != NULL && address.at == item.at; i++)
		if (span_starts_folded(item, wrong[i]))
			address = span_skip(item, strlen(wrong[i]));
	if (span_index(address, '@') == address.len || address.at[0] == '@' || span_index(address, ':') < address.len) {
		out_span(out, item); /* an https: URI, or nothing that could be mended */
		if (!span_starts_folded(item, "http"))
			near_text_unclear(m->t, item);
		return;
	}
	near_text_slip(m->t, SLIP_VALUE, item, copy_of(m, "mailto:"));
	out_str(out, "mailto:");
	out_span(out, address);
}

/* URIs parted by commas; a blank or semicolon between two of them was meant for one. */
static struct span
mend_uris(struct mending *m, struct span value)
{
	struct out out = { 0 };
	struct span rest = trim_end(value, ", ."), made;

	for (bool first = true; rest.len > 0; first = false) {
		size_t n = 0, end;
		struct span item;

		while (n < rest.len && !is_one_of(rest.at[n], " ,;"))
			n++;
		item = span_first(rest, n);
		if (span_equal_folded(item, span_of("mailto:")) && n < rest.len) { /* "mailto: a@b" */
			const struct span address = skip_of(span_skip(rest, n), " ");

			n = (size_t)(address.at - rest.at) + span_index(address, ' ');
			near_text_slip(m->t, SLIP_STRAY_BLANK, span_first(rest, n), nothing);
			out_str(&out, first ? "mailto:" : ",mailto:");
			out_span(&out, span_first(address, span_index(address, ' ')));
			rest = skip_of(span_skip(rest, n), " ,;");
			continue;
		}
		out_str(&out, first ? "" : ",");
		put_uri(m, &out, item);
		end = (size_t)(skip_of(span_skip(rest, n), " ,;").at - rest.at);
		if (end < rest.len && memchr(rest.at + n, ',', end - n) == NULL &&
		    memchr(rest.at + n, ';', end - n) == NULL)
			near_text_slip(m->t, SLIP_SEPARATOR_MISSING, span_first(span_skip(rest, n), 1), span_of(","));
		rest = span_skip(rest, end);
	}
	made = arena_copy(m->t->arena, out_view(&out));
	out_deinit(&out);
	return made;
}

/* A DER SEQUENCE says how long it is. ITU-T X.690 section 8.1.3 */
static bool
is_whole_key(struct arena *arena, struct span base64)
{
	const struct span der = base64_decode(arena, base64);
	const uint8_t *d = (const uint8_t *)der.at;

	if (der.len < 4 || d[0] != 0x30)
		return false;
	if (d[1] == 0x82)
		return der.len == 4 + ((size_t)d[2] << 8 | d[3]);
	return d[1] == 0x81 ? der.len == 3 + (size_t)d[2] : der.len == 2 + (size_t)d[1];
}

/* A key file's frame; and blanks that were "+" before a form in the web decoded them. */
static struct span
mend_key(struct mending *m, struct span value)
{
	static const char begin[] = "-----BEGIN PUBLIC KEY-----", end[] = "-----END PUBLIC KEY-----";
	struct span copy, plain;
	char *at;

	if (span_starts(value, begin)) {
		near_text_slip(m->t, SLIP_PASTED, span_first(value, sizeof(begin) - 1), nothing);
		value = skip_of(span_skip(value, sizeof(begin) - 1), " ");
		at = memmem(value.at, value.len, end, sizeof(end) - 1);
		value = trim_end(at ? span_first(value, (size_t)(at - value.at)) : value, " ");
	}
	plain = tag_without_blanks(m->t->arena, value);
	if (plain.len == value.len || is_whole_key(m->t->arena, plain))
		return value;
	copy = arena_copy(m->t->arena, value);
	at = (char *)copy.at;
	for (size_t i = 0; i < copy.len; i++)
		at[i] = at[i] == ' ' ? '+' : at[i];
	if (!is_whole_key(m->t->arena, copy))
		return value;
	near_text_slip(m->t, SLIP_VALUE, span_first(span_skip(value, span_index(value, ' ')), 1), span_of("+"));
	return copy;
}

static struct span
mend_value(struct mending *m, struct span name, struct span value)
{
	const bool dmarc = m->form == &forms[RECORD_DMARC];

	if (dmarc &&
	    (span_equal(name, span_of("p")) || span_equal(name, span_of("sp")) || span_equal(name, span_of("np"))))
		return mend_policy(m, value);
	if (span_starts(name, "ru"))
		return mend_uris(m, value);
	if (m->form == &forms[RECORD_DKIM_KEY] && span_equal(name, span_of("p")))
		return mend_key(m, value);
	if (dmarc && span_equal(name, span_of("pct")) && value.len > 1 && value.at[value.len - 1] == '%') {
		near_text_slip(m->t, SLIP_VALUE, span_skip(value, value.len - 1), nothing);
		return span_first(value, value.len - 1);
	}
	if (dmarc && span_starts(name, "a") &&
	    (span_equal_folded(value, span_of("strict")) || span_equal_folded(value, span_of("relaxed")))) {
		near_text_slip(m->t, SLIP_VALUE, value, span_of(ascii_lower(value.at[0]) == 's' ? "s" : "r"));
		return copy_of(m, ascii_lower(value.at[0]) == 's' ? "s" : "r");
	}
	return value;
}

static void
put_tag(struct mending *m, struct span name, struct span value)
{
	out_str(m->out, m->out->len > 0 ? "; " : "");
	out_span(m->out, name);
	out_char(m->out, '=');
	out_span(m->out, value);
	m->has_first = m->has_first || span_equal_folded(name, span_of(m->form->first));
}

/* What stands there without a name: a policy, a key. */
static void
put_stray(struct mending *m, struct span part)
{
	const bool key = m->form == &forms[RECORD_DKIM_KEY] && !m->has_first && is_whole_key(m->t->arena, part);

	part = trim_end(part, " ,;)");
	if (part.len == 0)
		return;
	if (key ||
	    (m->form == &forms[RECORD_DMARC] && !m->has_first &&
		(span_equal_folded(part, span_of("none")) || span_equal_folded(part, span_of("quarantine")) ||
		    span_equal_folded(part, span_of("reject"))))) {
		near_text_slip(m->t, SLIP_NAME, part, copy_of(m, "p="));
		put_tag(m, span_of("p"), part);
		return;
	}
	near_text_unclear(m->t, part);
}

/* An empty tag is an error in a tag-list. RFC 6376 section 3.2 */
static struct span
skip_separators(struct mending *m, struct span s)
{
	const struct span rest = skip_of(s, "; ,");
	size_t n = 0;

	for (size_t i = 0; i < s.len - rest.len; i++)
		if (s.at[i] == ';' && n++ == 1 && m->form->version_optional)
			near_text_slip(m->t, SLIP_SEPARATOR_WRONG, span_first(span_skip(s, i), 1), nothing);
	return rest;
}

/* One tag off the front. */
static void
take_tag(struct mending *m, struct span *rest)
{
	const size_t n = name_length(*rest);
	const struct span name = span_first(*rest, n), sign = skip_of(span_skip(*rest, n), " ");
	const struct span right = right_name(m->form, name);
	struct span value;
	size_t end;

	m->t->current = *rest;
	if (n == 0 || sign.len == 0 || (sign.at[0] != '=' && sign.at[0] != ':')) {
		end = span_index(*rest, ';');
		put_stray(m, span_trim(span_first(*rest, end)));
		*rest = skip_of(span_skip(*rest, end), "; ,");
		return;
	}
	if (sign.at[0] == ':')
		near_text_slip(m->t, SLIP_SIGN, span_first(sign, 1), span_of("="));
	if (right.at != name.at)
		near_text_slip(m->t, SLIP_NAME, name, right);
	value = skip_of(span_skip(sign, 1), " =");
	end = value_end(m, value, right);
	m->t->current = span_first(value, end);
	*rest = skip_separators(m, span_skip(value, end));
	value = trim_end(span_first(value, end), " ");
	if (span_equal_folded(name, span_of("v"))) /* it stands behind another */
		near_text_slip(m->t, SLIP_VERSION_LATE, name, nothing);
	else
		put_tag(m, right, mend_value(m, right, value));
}

/* "v=DMARC1p=reject" */
static bool
may_follow_version(struct span s)
{
	const size_t n = name_length(s);

	return n > 0 && n <= 5 && n < s.len && (s.at[n] == '=' || s.at[n] == ':');
}

static bool
is_version(const struct form *form, struct span version)
{
	const size_t n = strlen(form->version);
	struct span rest = version;

	if (rest.len == 0 || ascii_lower(rest.at[0]) != 'v')
		return false;
	rest = skip_of(span_skip(rest, 1), " ");
	if (!span_take_char(&rest, '='))
		return false;
	rest = skip_of(rest, " ");
	return rest.len == n && span_equal(rest, span_of(form->version));
}

static void
take_version(struct mending *m, struct span version, struct span *rest)
{
	struct out right = { 0 };

	out_str(&right, "v=");
	out_str(&right, m->form->version);
	out_span(m->out, out_view(&right));
	if (!is_version(m->form, version))
		near_text_slip(m->t, SLIP_VERSION, version, arena_copy(m->t->arena, out_view(&right)));
	out_deinit(&right);
	*rest = skip_of(*rest, " ");
	if (rest->len > 0 && rest->at[0] != ';')
		near_text_slip(m->t, rest->at[0] == ',' ? SLIP_SEPARATOR_WRONG : SLIP_SEPARATOR_MISSING,
		    span_first(*rest, 1), span_of(";"));
	*rest = skip_separators(m, *rest);
}

/* "p=reject; v=DMARC1", "p=none" at _dmarc: by the tag that only such a record begins with. */
static bool
begins_without_version(struct mending *m, struct span text)
{
	const size_t n = name_length(text);
	const struct span value = skip_of(span_skip(text, n), " =:");

	if (m->form->version_optional)
		return (n > 0 && ascii_lower(text.at[0]) != 'v' && begins_tag(m->form, text)) ||
		    is_whole_key(m->t->arena, text);
	return m->form == &forms[RECORD_DMARC] && n == 1 && ascii_lower(text.at[0]) == 'p' &&
	    (span_starts_folded(value, "none") || span_starts_folded(value, "quarantine") ||
		span_starts_folded(value, "reject"));
}

static void
put_missing_version(struct mending *m, struct span text)
{
	bool late = false;

	for (size_t i = 1; i + 1 < text.len && !late; i++)
		late = ascii_lower(text.at[i]) == 'v' && is_one_of(text.at[i - 1], "; ,") &&
		    is_one_of(text.at[i + 1], " =:");
	if (m->form->version_optional && !late)
		return;
	if (!late)
		near_text_slip(m->t, SLIP_VERSION_MISSING, span_first(text, 1), copy_of(m, m->form->version));
	out_str(m->out, "v=");
	out_str(m->out, m->form->version);
}

bool
near_miss_read_tags(struct near_text *t, struct out *out)
{
	struct mending m = { .t = t, .out = out, .form = &forms[t->miss->kind] };
	struct span rest = t->text, version;

	if (near_text_take_version(t, &rest, &version, m.form->versions, may_follow_version)) {
		take_version(&m, version, &rest);
	} else {
		if (!begins_without_version(&m, rest))
			return false;
		put_missing_version(&m, rest);
	}
	while (rest.len > 0)
		take_tag(&m, &rest);
	return true;
}
