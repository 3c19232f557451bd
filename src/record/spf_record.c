#include "record/spf_record.h"

#include "grammar/ip_address.h"

bool
spf_record_is(struct span text)
{
	return span_starts_folded(text, "v=spf1") && (text.len == 6 || text.at[6] == ' ');
}

/* macro-expand = "%{" macro-letter transformers *delimiter "}" / "%%" / "%_" / "%-". RFC 7208 section 7.1 */
static bool
take_macro(struct span *s, bool explains)
{
	const char *letters = explains ? "slodipvhcrt" : "slodipvh";
	struct span rest = *s;
	uint16_t digits = 1;

	if (!span_take_char(&rest, '%'))
		return false;
	if (span_take_char(&rest, '%') || span_take_char(&rest, '_') || span_take_char(&rest, '-')) {
		*s = rest;
		return true;
	}
	if (!span_take_char(&rest, '{') || rest.len == 0 || rest.at[0] == '\0' ||
	    strchr(letters, ascii_lower(rest.at[0])) == NULL)
		return false;
	rest = span_skip(rest, 1);
	if (rest.len > 0 && ascii_is_digit(rest.at[0]) && (!span_take_digits(&rest, 1, 3, &digits) || digits == 0))
		return false;
	if (rest.len > 0 && ascii_lower(rest.at[0]) == 'r')
		rest = span_skip(rest, 1);
	while (rest.len > 0 && rest.at[0] != '\0' && strchr(".-+,/_=", rest.at[0]) != NULL)
		rest = span_skip(rest, 1);
	if (!span_take_char(&rest, '}'))
		return false;
	*s = rest;
	return true;
}

bool
spf_macro_string_is_sound(struct span s, bool explains)
{
	while (s.len > 0)
		if (s.at[0] == '%') {
			if (!take_macro(&s, explains))
				return false;
		} else if ((s.at[0] < '!' && !(explains && s.at[0] == ' ')) || s.at[0] == 127) {
			return false;
		} else {
			s = span_skip(s, 1);
		}
	return true;
}

/* domain-end = ( "." toplabel [ "." ] ) / macro-expand. RFC 7208 section 7.1 */
static bool
has_domain_end(struct span s)
{
	size_t dot, digits = 0;
	struct span label;

	if (s.len > 0 && s.at[s.len - 1] == '}')
		return true; /* sound macros are checked apart */
	if (s.len > 1 && s.at[s.len - 2] == '%' && strchr("%_-", s.at[s.len - 1]) != NULL)
		return true;
	if (s.len > 0 && s.at[s.len - 1] == '.')
		s.len--;
	for (dot = s.len; dot > 0 && s.at[dot - 1] != '.';)
		dot--;
	if (dot == 0)
		return false;
	label = span_skip(s, dot);
	if (label.len == 0 || label.at[0] == '-' || label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		if (!ascii_is_digit(label.at[i]) && !ascii_is_alpha(label.at[i]) && label.at[i] != '-')
			return false;
		digits += ascii_is_digit(label.at[i]);
	}
	return digits < label.len;
}

static bool
is_domain_spec(struct span s)
{
	return s.len > 0 && spf_macro_string_is_sound(s, false) && has_domain_end(s);
}

/* "/24", "//64", "/24//64". dual-cidr-length. RFC 7208 section 5.6 */
static bool
take_cidr(struct span *s, uint8_t max, uint8_t *bits)
{
	struct span rest = *s;
	uint16_t n;

	if (!span_take_char(&rest, '/') || (rest.len > 1 && rest.at[0] == '0' && ascii_is_digit(rest.at[1])) ||
	    !span_take_digits(&rest, 1, 3, &n) || n > max)
		return false;
	*bits = (uint8_t)n;
	*s = rest;
	return true;
}

/* Splits a dual-cidr-length off the end of "domain/24//64". */
static bool
read_dual_cidr(struct span *value, struct spf_term *t)
{
	size_t at = value->len;
	struct span cidr;

	while (at > 0 && (ascii_is_digit(value->at[at - 1]) || value->at[at - 1] == '/'))
		at--;
	while (at < value->len && value->at[at] != '/')
		at++; /* digits that end a name */
	if (at < value->len) {
		size_t close = at;

		while (close < value->len && value->at[close] != '}')
			close++;
		if (close < value->len)
			return true; /* "%{d/}": a delimiter */
	}
	cidr = span_skip(*value, at);
	value->len = at;
	if (cidr.len > 1 && cidr.at[1] != '/' && !take_cidr(&cidr, 32, &t->cidr4))
		return false;
	if (cidr.len > 0 && (!span_take_char(&cidr, '/') || !take_cidr(&cidr, 128, &t->cidr6)))
		return false;
	return cidr.len == 0;
}

static bool
read_ip4(struct span value, struct spf_term *t)
{
	size_t slash = span_index(value, '/');
	struct span address = span_first(value, slash), rest = span_skip(value, slash);

	return ip_address_take_v4(&address, t->address) && address.len == 0 &&
	    (rest.len == 0 || (take_cidr(&rest, 32, &t->cidr4) && rest.len == 0));
}

static bool
read_ip6(struct span value, struct spf_term *t)
{
	size_t slash = span_index(value, '/');
	struct span rest = span_skip(value, slash);

	return ip_address_read_v6(span_first(value, slash), t->address) &&
	    (rest.len == 0 || (take_cidr(&rest, 128, &t->cidr6) && rest.len == 0));
}

/* A mechanism's ":value" or "/cidr"; `value` begins with its mark. */
static bool
read_value(struct span value, struct spf_term *t)
{
	const bool given = span_take_char(&value, ':');

	switch (t->kind) {
	case SPF_ALL: return !given && value.len == 0;
	case SPF_IP4: return given && read_ip4(value, t);
	case SPF_IP6: return given && read_ip6(value, t);
	case SPF_A:
	case SPF_MX:
		if (!read_dual_cidr(&value, t))
			return false;
		t->domain_spec = value;
		return given ? is_domain_spec(value) : value.len == 0;
	case SPF_PTR: t->domain_spec = value; return given ? is_domain_spec(value) : value.len == 0;
	case SPF_INCLUDE:
	case SPF_EXISTS: t->domain_spec = value; return given && is_domain_spec(value);
	default: return false;
	}
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ), and "=" behind it. RFC 7208 section 4.6.1 */
static bool
take_modifier_name(struct span *s, struct span *name)
{
	size_t n = 0;

	if (s->len == 0 || !ascii_is_alpha(s->at[0]))
		return false;
	while (n < s->len &&
	    (ascii_is_alpha(s->at[n]) || ascii_is_digit(s->at[n]) || strchr("-_.", s->at[n]) != NULL) &&
	    s->at[n] != '\0')
		n++;
	if (n == s->len || s->at[n] != '=')
		return false;
	*name = span_first(*s, n);
	*s = span_skip(*s, n + 1);
	return true;
}

static bool
read_modifier(struct span name, struct span value, struct spf_term *t)
{
	t->domain_spec = value;
	t->kind = span_equal_folded(name, span_of("redirect")) ? SPF_REDIRECT
	    : span_equal_folded(name, span_of("exp"))          ? SPF_EXP
							       : SPF_UNKNOWN_MODIFIER;
	if (t->kind == SPF_UNKNOWN_MODIFIER)
		return spf_macro_string_is_sound(value, false);
	return is_domain_spec(value);
}

static bool
read_mechanism(struct span s, struct spf_term *t)
{
	static const struct {
		struct span name;
		enum spf_term_kind kind;
	} names[] = { { SPAN_INIT("all"), SPF_ALL }, { SPAN_INIT("include"), SPF_INCLUDE }, { SPAN_INIT("a"), SPF_A },
		{ SPAN_INIT("mx"), SPF_MX }, { SPAN_INIT("ptr"), SPF_PTR }, { SPAN_INIT("ip4"), SPF_IP4 },
		{ SPAN_INIT("ip6"), SPF_IP6 }, { SPAN_INIT("exists"), SPF_EXISTS } };
	size_t n = 0;

	t->qualifier = '+';
	if (s.len > 0 && s.at[0] != '\0' && strchr("+-~?", s.at[0]) != NULL) {
		t->qualifier = s.at[0];
		s = span_skip(s, 1);
	}
	while (n < s.len && s.at[n] != ':' && s.at[n] != '/')
		n++;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(span_first(s, n), names[i].name)) {
			t->kind = names[i].kind;
			return read_value(span_skip(s, n), t);
		}
	return false;
}

static bool
read_term(struct span text, struct spf_term *t)
{
	struct span rest = text, name;

	*t = (struct spf_term){ .text = text, .domain_spec = { "", 0 }, .cidr4 = 32, .cidr6 = 128 };
	return take_modifier_name(&rest, &name) ? read_modifier(name, rest, t) : read_mechanism(text, t);
}

static bool
blame(struct spf_record *r, struct span term, enum problem problem)
{
	r->fault = term;
	r->problem = problem;
	return false;
}

/* redirect= and exp= may stand once each. RFC 7208 section 6 */
static bool
note_modifier(struct spf_record *r, size_t i)
{
	const struct spf_term *t = &r->terms[i], **to = t->kind == SPF_REDIRECT ? &r->redirect : &r->exp;

	if (t->kind != SPF_REDIRECT && t->kind != SPF_EXP)
		return true;
	if (*to != NULL)
		return blame(r, t->text, PROBLEM_SPF_MODIFIER_TWICE);
	*to = t;
	return true;
}

bool
spf_record_parse(struct arena *arena, struct span text, struct spf_record *r)
{
	size_t room = 0;

	*r = (struct spf_record){ .fault = { "", 0 } };
	for (struct span rest = text; rest.len > 0; rest = span_skip(rest, span_index(rest, ' '))) {
		room += rest.at[0] == ' ';
		while (rest.len > 0 && rest.at[0] == ' ')
			rest = span_skip(rest, 1);
	}
	room = room < SPF_TERMS_MAX ? room : SPF_TERMS_MAX;
	r->terms = arena_take_items(arena, room + 1, sizeof(*r->terms));
	text = span_skip(text, 6);
	for (;;) {
		struct span term;

		while (text.len > 0 && text.at[0] == ' ')
			text = span_skip(text, 1);
		if (text.len == 0)
			return true;
		term = span_first(text, span_index(text, ' '));
		text = span_skip(text, term.len);
		if (r->n_terms == room)
			return blame(r, term, PROBLEM_SPF_TERMS_TOO_MANY);
		if (!read_term(term, &r->terms[r->n_terms]))
			return blame(r, term, PROBLEM_SPF_TERM);
		if (!note_modifier(r, r->n_terms++))
			return false;
	}
}
