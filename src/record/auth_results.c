#include "record/auth_results.h"

#include "base/utf8.h"
#include "grammar/cfws.h"

struct reader {
	struct arena *arena;
	struct span whole, rest;
	struct auth_results *r;
	bool lost; /* a comment or quoted string does not end: nothing behind it can be told apart */
};

static bool
fail(struct reader *in, const char *problem)
{
	if (in->r->problem == NULL) {
		in->r->problem = problem;
		in->r->at = in->whole.len - in->rest.len;
	}
	return false;
}

/* [CFWS]; the first comment is kept where `comment` is not NULL. */
static bool
skip(struct reader *in, struct span *comment)
{
	struct span first = { "", 0 };

	if (!cfws_skip(&in->rest, &first)) {
		in->lost = true;
		return fail(in, "an unsound comment");
	}
	if (comment != NULL && comment->len == 0)
		*comment = cfws_plain(in->arena, first);
	return true;
}

/* RFC 2045 section 5.1, and UTF-8 as RFC 6532 has it; `also`: more that may stand in it */
static size_t
word_len(struct span s, const char * not )
{
	size_t n = 0;

	while (n < s.len && (uint8_t)s.at[n] > ' ' && s.at[n] != 0x7f && strchr(not, s.at[n]) == NULL)
		n++;
	return n;
}

static bool
take_word(struct reader *in, const char * not, struct span *word, const char *problem)
{
	const size_t n = word_len(in->rest, not );

	if (n == 0)
		return fail(in, problem);
	*word = span_first(in->rest, n);
	in->rest = span_skip(in->rest, n);
	return true;
}

static bool
take_quoted(struct reader *in, struct span *value)
{
	if (cfws_take_quoted(in->arena, &in->rest, value))
		return true;
	in->lost = true;
	return fail(in, "an unsound quoted string");
}

#define SEPARATORS "()<>,;:\\\"[]?="

/* pvalue = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS]; what stands bare may be any but blanks and ";" */
static bool
take_value(struct reader *in, struct span *value)
{
	struct span domain;
	const char *start;

	if (in->rest.len == 0 || in->rest.at[0] != '"')
		return take_word(in, ";()\"", value, "a value is missing");
	start = in->rest.at;
	if (!take_quoted(in, value))
		return false;
	if (in->rest.len > 0 && in->rest.at[0] == '@') { /* "a b"@example.jp */
		if (!take_word(in, ";()\"", &domain, "a domain is missing"))
			return false;
		*value = (struct span){ start, (size_t)(in->rest.at - start) };
	}
	return true;
}

static bool
take_equals(struct reader *in)
{
	if (!skip(in, NULL))
		return false;
	if (!span_take_char(&in->rest, '='))
		return fail(in, "\"=\" is missing");
	return skip(in, NULL);
}

/* method [ "/" method-version ] "=" result */
static bool
take_method(struct reader *in, struct auth_result *a)
{
	struct span version;

	if (!take_word(in, SEPARATORS "/.", &a->method, "a method is missing") || !skip(in, NULL))
		return false;
	if (span_take_char(&in->rest, '/') &&
	    (!skip(in, NULL) || !take_word(in, SEPARATORS, &version, "a version is missing")))
		return false;
	return take_equals(in) && take_word(in, SEPARATORS "/", &a->result, "a result is missing") &&
	    skip(in, &a->comment);
}

static void
keep(struct auth_result *a, const struct auth_property *p)
{
	if (a->n_properties < AUTH_PROPERTIES_MAX)
		a->properties[a->n_properties++] = *p;
}

/* propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue; reasonspec = "reason" [CFWS] "=" [CFWS] value.
   Without its type, as in "x-bits=2048" and "action=none", it is a fault, but read. */
static bool
take_property(struct reader *in, struct auth_result *a)
{
	struct auth_property p;

	if (!take_word(in, SEPARATORS ".", &p.ptype, "a property is missing") || !skip(in, NULL))
		return false;
	if (in->rest.len > 0 && in->rest.at[0] == '=') {
		p.property = p.ptype;
		p.ptype = (struct span){ "", 0 };
		if (!take_equals(in) || !take_value(in, &p.value))
			return false;
		if (span_equal_folded(p.property, span_of("reason"))) {
			a->reason = p.value;
		} else {
			fail(in, "a property without its type");
			keep(a, &p);
		}
		return skip(in, &a->comment);
	}
	if (!span_take_char(&in->rest, '.'))
		return fail(in, "a property without its type");
	if (!skip(in, NULL) || !take_word(in, SEPARATORS, &p.property, "a property is missing") || !take_equals(in) ||
	    !take_value(in, &p.value))
		return false;
	keep(a, &p);
	return skip(in, &a->comment);
}

/* What is not understood, up to the next of `ends`; comments and quoted strings are passed over as a whole. */
static void
skip_odd(struct reader *in, const char *ends)
{
	struct span value;

	while (!in->lost && in->rest.len > 0) {
		const char c = in->rest.at[0];

		if (c == '(') {
			skip(in, NULL);
			continue;
		}
		if (c == '"') {
			take_quoted(in, &value);
			continue;
		}
		if (c != '\0' && strchr(ends, c) != NULL)
			break;
		in->rest = span_skip(in->rest, 1);
	}
	if (!in->lost)
		skip(in, NULL);
}

/* resinfo = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]. What is odd in it costs itself. */
static void
take_result(struct reader *in)
{
	struct auth_result a = { .reason = { "", 0 }, .comment = { "", 0 } };

	a.properties = arena_take(in->arena, AUTH_PROPERTIES_MAX * sizeof(*a.properties));
	if (!take_method(in, &a) || span_index(a.result, '.') < a.result.len) {
		fail(in, "a result is missing"); /* "from=example.jp" tells none */
		skip_odd(in, ";");
		return;
	}
	while (!in->lost && in->rest.len > 0 && in->rest.at[0] != ';') {
		const struct span start = in->rest;

		if (take_property(in, &a) || in->lost)
			continue;
		in->rest = start;
		skip_odd(in, "; \t\r\n");
		if (in->rest.at == start.at) /* a line end that folds nothing */
			in->rest = span_skip(in->rest, 1);
	}
	if (in->r->n < AUTH_RESULTS_MAX)
		in->r->results[in->r->n++] = a;
}

/* "i" "=" 1*2DIGIT ";" in front. RFC 8617 section 4.1.1 */
static void
take_instance(struct reader *in)
{
	struct span s = span_trim(in->rest);
	uint16_t n;

	if (!span_take_char(&s, 'i'))
		return;
	s = span_trim(s);
	if (!span_take_char(&s, '='))
		return;
	s = span_trim(s);
	if (!span_take_digits(&s, 1, 2, &n))
		return;
	s = span_trim(s);
	if (!span_take_char(&s, ';'))
		return;
	in->r->instance = n;
	in->rest = s;
}

/* authserv-id [ CFWS authres-version ]. Microsoft leaves it out and begins with a result, or puts it behind the first. */
static void
take_head(struct reader *in)
{
	struct span start, version;

	take_instance(in);
	if (!skip(in, NULL))
		return;
	start = in->rest;
	if (start.len > 0 && start.at[0] == '"'
		? !take_quoted(in, &in->r->authserv_id)
		: !take_word(in, ";()\"=", &in->r->authserv_id, "who says so is missing"))
		return;
	if (!skip(in, NULL))
		return;
	if (in->rest.len > 0 && in->rest.at[0] == '=') {
		in->rest = start;
		in->r->authserv_id = (struct span){ "", 0 };
		fail(in, "who says so is missing");
		take_result(in);
		return;
	}
	if (in->rest.len > 0 && in->rest.at[0] != ';' &&
	    (!take_word(in, SEPARATORS, &version, "a version that is none") || !skip(in, NULL)))
		skip_odd(in, ";");
	if (!in->lost && in->rest.len > 0 && in->rest.at[0] != ';') {
		fail(in, "a version that is none");
		skip_odd(in, ";");
	}
}

/* A lone name between two results. */
static bool
take_late_id(struct reader *in)
{
	const struct span word = span_first(in->rest, word_len(in->rest, SEPARATORS));
	const struct span behind = span_trim(span_skip(in->rest, word.len));

	if (span_index(word, '.') == word.len || (behind.len > 0 && behind.at[0] != ';'))
		return false;
	if (in->r->authserv_id.len == 0)
		in->r->authserv_id = word;
	in->rest = behind;
	return true;
}

/* authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo ) [CFWS] */
bool
auth_results_parse(struct arena *arena, struct span value, struct auth_results *r)
{
	struct reader in = { .arena = arena, .whole = span_trim(value) };

	*r = (struct auth_results){ .authserv_id = { "", 0 } };
	in.rest = in.whole;
	in.r = r;
	r->results = arena_take(arena, AUTH_RESULTS_MAX * sizeof(*r->results));
	take_head(&in);
	while (!in.lost && span_take_char(&in.rest, ';')) {
		if (!skip(&in, NULL) || in.rest.len == 0) /* a ";" at the end is met */
			break;
		if (in.rest.at[0] == ';' || take_late_id(&in) ||
		    (span_equal_folded(span_trim(in.rest), span_of("none")) && r->n == 0 && (in.rest.len = 0) == 0))
			continue;
		take_result(&in);
	}
	return in.rest.len == 0 && r->problem == NULL ? true : (fail(&in, "something behind the end"), false);
}

static bool
is_bare(struct span s)
{
	bool at = false;

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i], l = ascii_lower(c);

		if (c == '@' && !at && i + 1 < s.len) {
			at = true;
			continue;
		}
		if (!(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr("!#$%&'*+-/^_`{|}~.", c) == NULL))
			return false;
	}
	return s.len > 0;
}

/* What may stand within quotes or a comment, `marks` escaped. */
static void
put_harmless(struct out *out, struct span s, const char *marks)
{
	while (s.len > 0) {
		const struct span before = s;
		uint32_t code;

		if (!utf8_take(&s, &code) || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
			out_char(out, '?');
			continue;
		}
		if (code < 0x80 && strchr(marks, (char)code) != NULL)
			out_char(out, '\\');
		out_span(out, span_first(before, before.len - s.len));
	}
}

static void
put_value(struct out *out, struct span s)
{
	if (is_bare(s)) {
		out_span(out, s);
		return;
	}
	out_char(out, '"');
	put_harmless(out, s, "\"\\");
	out_char(out, '"');
}

void
auth_results_begin(struct out *out, struct span authserv_id)
{
	put_value(out, authserv_id);
}

void
auth_results_add(struct out *out, const char *method, const char *result)
{
	out_str(out, ";\n\t");
	out_str(out, method);
	out_char(out, '=');
	out_str(out, result);
}

void
auth_results_reason(struct out *out, struct span reason)
{
	out_str(out, " reason=");
	put_value(out, reason);
}

void
auth_results_comment(struct out *out, struct span comment)
{
	out_str(out, " (");
	put_harmless(out, comment, "()\\");
	out_char(out, ')');
}

void
auth_results_property(struct out *out, const char *ptype, const char *property, struct span value)
{
	out_char(out, ' ');
	out_str(out, ptype);
	out_char(out, '.');
	out_str(out, property);
	out_char(out, '=');
	put_value(out, value);
}

void
auth_results_end(struct out *out, size_t n)
{
	if (n == 0)
		out_str(out, "; none");
}
