#include "auth/spf.h"

#include <stdio.h>

#include "base/out.h"
#include "dns/reverse.h"
#include "record/near_miss.h"

enum { DEPTH_MAX = SPF_LOOKUPS_MAX + 1, ASTRAY_MAX = 16 /* records at a name that are looked at */ };

struct evaluator {
	struct arena *arena;
	const struct spf_query *query;
	struct dns_answers *answers;
	struct spf_evaluation *e;
	struct span sender, local_part, sender_domain;
	struct spf_step *steps;
	unsigned ahead; /* terms whose look-up was asked for before its turn */
};

/* One check_host(). RFC 7208 section 4 */
struct sender_check {
	struct evaluator *v;
	struct span domain;
	unsigned depth;
	struct spf_record record;
};

const char *
spf_result_name(enum spf_result result)
{
	static const char *const names[] = { "none", "neutral", "pass", "fail", "softfail", "temperror", "permerror",
		"needs answers" };

	return names[result];
}

static enum spf_result
fail_with(struct evaluator *v, enum spf_result result, enum problem problem, struct span at)
{
	if (v->e->problem == PROBLEM_NONE) {
		v->e->problem = problem;
		v->e->problem_at = at;
	}
	return result;
}

/* What one look-up comes to. */
enum found { FOUND, FOUND_NOTHING, FOUND_ERROR, FOUND_MISSING };

/* A name that gives no answer is a void look-up; more than two are one too many. RFC 7208 section 4.6.4 */
static enum found
look_up(struct evaluator *v, struct span name, enum dns_type type, const struct dns_answer **answer)
{
	static const struct dns_answer unsound = { .result = DNS_NO_NAME };

	*answer = dns_name_is_sound(name) ? dns_answers_find(v->answers, name, type) : &unsound;
	if (*answer == NULL)
		return FOUND_MISSING;
	if ((*answer)->result == DNS_FAILED)
		return FOUND_ERROR;
	return (*answer)->result == DNS_ANSWERED ? FOUND : FOUND_NOTHING;
}

static bool
count_void(struct evaluator *v)
{
	return ++v->e->void_lookups <= SPF_VOID_LOOKUPS_MAX;
}

/*
 * Macros. RFC 7208 section 7
 */

static void
put_ip_dotted(struct out *out, const struct ip_address *ip)
{
	char text[IP_ADDRESS_TEXT_MAX];

	if (!ip->is_v6) {
		ip_address_write(ip, text);
		out_str(out, text);
		return;
	}
	for (size_t i = 0; i < 32; i++) {
		out_char(out, "0123456789ABCDEF"[ip->bytes[i / 2] >> (i % 2 ? 0 : 4) & 15]);
		if (i < 31)
			out_char(out, '.');
	}
}

static bool
is_at_or_below(struct span name, struct span domain)
{
	if (domain.len > 0 && domain.at[domain.len - 1] == '.')
		domain.len--;
	return name.len >= domain.len && span_equal_folded(span_skip(name, name.len - domain.len), domain) &&
	    (name.len == domain.len || name.at[name.len - domain.len - 1] == '.');
}

static bool
holds_address(const struct dns_answer *a, const struct ip_address *ip, unsigned bits)
{
	const size_t size = ip->is_v6 ? 16 : 4;

	for (size_t i = 0; i < a->n_records; i++)
		if (a->records[i].data.len == size &&
		    ip_address_in((const uint8_t *)a->records[i].data.at, ip->bytes, bits))
			return true;
	return false;
}

static enum dns_type
address_type(const struct evaluator *v)
{
	return v->query->ip.is_v6 ? DNS_AAAA : DNS_A;
}

/* Calls for each name of the sending host whose address leads back to it, the first ten looked at.
   Errors on the way are passed over. RFC 7208 section 5.5 */
static enum found
each_validated(struct evaluator *v, bool (*want)(struct span name, void *context), void *context)
{
	const struct dns_answer *ptr, *address;
	bool missing = false;
	enum found found = look_up(v, dns_reverse_name(v->arena, &v->query->ip), DNS_PTR, &ptr);

	if (found != FOUND)
		return found;
	for (size_t i = 0; i < ptr->n_records && i < SPF_PTR_MAX; i++) {
		enum found one = look_up(v, ptr->records[i].data, address_type(v), &address);

		missing = missing || one == FOUND_MISSING;
		if (one == FOUND && !missing && holds_address(address, &v->query->ip, v->query->ip.is_v6 ? 128 : 32) &&
		    want(ptr->records[i].data, context))
			break;
	}
	return missing ? FOUND_MISSING : FOUND;
}

/* %{p}: the name that is the domain, else one below it, else any. RFC 7208 section 7.3 */
struct wanted_name {
	struct span domain, best;
	unsigned rank;
};

static bool
prefer_name(struct span name, void *context)
{
	struct wanted_name *w = context;
	unsigned rank = span_equal_folded(name, w->domain) ? 3 : is_at_or_below(name, w->domain) ? 2 : 1;

	if (rank > w->rank) {
		w->rank = rank;
		w->best = name;
	}
	return rank == 3;
}

/* False: an answer is missing. */
static bool
put_letter(struct sender_check *c, struct out *out, char letter)
{
	struct evaluator *v = c->v;
	struct wanted_name name = { c->domain, { "unknown", 7 }, 0 };
	char text[IP_ADDRESS_TEXT_MAX];

	switch (letter) {
	case 's': out_span(out, v->sender); break;
	case 'l': out_span(out, v->local_part); break;
	case 'o': out_span(out, v->sender_domain); break;
	case 'd': out_span(out, c->domain); break;
	case 'i': put_ip_dotted(out, &v->query->ip); break;
	case 'p':
		if (each_validated(v, prefer_name, &name) == FOUND_MISSING)
			return false;
		out_span(out, name.best);
		break;
	case 'v': out_str(out, v->query->ip.is_v6 ? "ip6" : "in-addr"); break;
	case 'h': out_span(out, v->query->helo); break;
	case 'c':
		ip_address_write(&v->query->ip, text);
		out_str(out, text);
		break;
	case 'r': out_span(out, v->query->receiver.len ? v->query->receiver : span_of("unknown")); break;
	case 't': out_number(out, v->query->now); break;
	default: break;
	}
	return true;
}

/* Splits at delimiters, turns round, keeps the last `keep` parts, joins with dots. RFC 7208 section 7.3 */
static void
put_transformed(struct out *out, struct span value, struct span delimiters, bool reverse, unsigned keep)
{
	struct span parts[256];
	size_t n = 0, from;

	for (;;) {
		size_t i = 0;

		while (i < value.len && memchr(delimiters.at, value.at[i], delimiters.len) == NULL)
			i++;
		if (n == sizeof(parts) / sizeof(parts[0]))
			memmove(parts, parts + 1, --n * sizeof(parts[0]));
		parts[n++] = span_first(value, i);
		if (i == value.len)
			break;
		value = span_skip(value, i + 1);
	}
	if (reverse)
		for (size_t i = 0; i < n / 2; i++) {
			struct span other = parts[i];

			parts[i] = parts[n - 1 - i];
			parts[n - 1 - i] = other;
		}
	from = keep > 0 && keep < n ? n - keep : 0;
	for (size_t i = from; i < n; i++) {
		if (i > from)
			out_char(out, '.');
		out_span(out, parts[i]);
	}
}

/* RFC 3986 section 2.3 */
static void
put_url_escaped(struct out *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i], l = ascii_lower(c);

		if ((l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL)) {
			out_char(out, c);
			continue;
		}
		out_char(out, '%');
		out_char(out, "0123456789ABCDEF"[(uint8_t)c >> 4]);
		out_char(out, "0123456789ABCDEF"[c & 15]);
	}
}

/* "{d2r-}", sound: the record was parsed. False: an answer is missing. */
static bool
expand_macro(struct sender_check *c, struct out *out, struct span *s)
{
	struct out value = { 0 }, changed = { 0 };
	const char letter = s->at[1];
	struct span rest = span_skip(*s, 2), delimiters;
	uint16_t keep = 0;
	bool reverse, known = put_letter(c, &value, ascii_lower(letter));

	span_take_digits(&rest, 1, 3, &keep);
	reverse = rest.len > 0 && ascii_lower(rest.at[0]) == 'r';
	rest = span_skip(rest, reverse);
	delimiters = span_first(rest, span_index(rest, '}'));
	*s = span_skip(rest, delimiters.len + 1);
	put_transformed(&changed, out_view(&value), delimiters.len ? delimiters : span_of("."), reverse, keep);
	if (letter >= 'A' && letter <= 'Z')
		put_url_escaped(out, out_view(&changed));
	else
		out_span(out, out_view(&changed));
	out_deinit(&value);
	out_deinit(&changed);
	return known;
}

static bool
expand(struct sender_check *c, struct span macros, struct span *expanded)
{
	struct out out = { 0 };
	bool known = true;

	while (macros.len > 0 && known) {
		char next = macros.len > 1 ? macros.at[1] : '\0';

		if (macros.at[0] != '%') {
			out_char(&out, macros.at[0]);
			macros = span_skip(macros, 1);
		} else if (next == '{') {
			macros = span_skip(macros, 1);
			known = expand_macro(c, &out, &macros);
		} else {
			out_str(&out, next == '_' ? " " : next == '-' ? "%20" : "%");
			macros = span_skip(macros, 2);
		}
	}
	*expanded = arena_copy(c->v->arena, out_view(&out));
	out_deinit(&out);
	return known;
}

/* The target of a term; labels go from the left until it fits. RFC 7208 section 7.3 */
static bool
expand_domain(struct sender_check *c, const struct spf_term *t, struct span *domain)
{
	*domain = c->domain;
	if (t->domain_spec.len > 0 && !expand(c, t->domain_spec, domain))
		return false;
	if (domain->len > 0 && domain->at[domain->len - 1] == '.')
		domain->len--;
	while (domain->len > DNS_NAME_SIZE_MAX && span_index(*domain, '.') < domain->len)
		*domain = span_skip(*domain, span_index(*domain, '.') + 1);
	return true;
}

/*
 * Mechanisms. RFC 7208 section 5
 */

enum match { MATCH, NO_MATCH, MATCH_TEMPERROR, MATCH_PERMERROR, MATCH_MISSING };

static enum spf_result check_host(struct evaluator *v, struct span domain, unsigned depth, enum problem unusable);

static enum match
match_missing_or_error(enum found found)
{
	return found == FOUND_MISSING ? MATCH_MISSING : MATCH_TEMPERROR;
}

static enum match
too_many_voids(struct sender_check *c, struct span name)
{
	fail_with(c->v, SPF_PERMERROR, PROBLEM_SPF_VOID_LOOKUPS, name);
	return MATCH_PERMERROR;
}

static enum match
match_address(struct sender_check *c, struct span name, const struct spf_term *t, bool counts_void)
{
	struct evaluator *v = c->v;
	const struct dns_answer *a;
	enum found found = look_up(v, name, address_type(v), &a);

	if (found == FOUND_NOTHING)
		return counts_void && !count_void(v) ? too_many_voids(c, name) : NO_MATCH;
	if (found != FOUND)
		return match_missing_or_error(found);
	if (v->query->nobody)
		return NO_MATCH;
	return holds_address(a, &v->query->ip, v->query->ip.is_v6 ? t->cidr6 : t->cidr4) ? MATCH : NO_MATCH;
}

static enum match
match_mx(struct sender_check *c, struct span name, const struct spf_term *t)
{
	const struct dns_answer *mx;
	enum found found = look_up(c->v, name, DNS_MX, &mx);
	bool missing = false;

	if (found == FOUND_NOTHING)
		return count_void(c->v) ? NO_MATCH : too_many_voids(c, name);
	if (found != FOUND)
		return match_missing_or_error(found);
	if (mx->n_records > SPF_MX_MAX) {
		fail_with(c->v, SPF_PERMERROR, PROBLEM_SPF_MX_NAMES, name);
		return MATCH_PERMERROR;
	}
	for (size_t i = 0; i < mx->n_records; i++) {
		enum match m = match_address(c, mx->records[i].data, t, true);

		if (m == MATCH_MISSING)
			missing = true; /* all are asked for at once */
		else if (m != NO_MATCH && !missing)
			return m;
	}
	return missing ? MATCH_MISSING : NO_MATCH;
}

static bool
is_of_domain(struct span name, void *context)
{
	struct wanted_name *w = context;

	w->rank = is_at_or_below(name, w->domain);
	return w->rank;
}

/* An error in looking up names matches nothing. RFC 7208 section 5.5 */
static enum match
match_ptr(struct sender_check *c, struct span name)
{
	struct wanted_name w = { .domain = name };
	enum found found = each_validated(c->v, is_of_domain, &w);

	if (found == FOUND_MISSING)
		return MATCH_MISSING;
	if (found == FOUND_NOTHING && !count_void(c->v))
		return too_many_voids(c, name);
	return found == FOUND && w.rank ? MATCH : NO_MATCH;
}

static enum match
match_exists(struct sender_check *c, struct span name)
{
	const struct dns_answer *a;
	enum found found = look_up(c->v, name, DNS_A, &a);

	if (found == FOUND_NOTHING)
		return count_void(c->v) ? NO_MATCH : too_many_voids(c, name);
	if (found == FOUND)
		return c->v->query->nobody ? NO_MATCH : MATCH;
	return match_missing_or_error(found);
}

/* RFC 7208 section 5.2's table */
static enum match
match_include(struct sender_check *c, struct span name)
{
	switch (check_host(c->v, name, c->depth + 1, PROBLEM_SPF_INCLUDE_WITHOUT_RECORD)) {
	case SPF_PASS: return c->v->query->nobody ? NO_MATCH : MATCH;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL: return NO_MATCH;
	case SPF_TEMPERROR: return MATCH_TEMPERROR;
	case SPF_NEEDS_ANSWERS: return MATCH_MISSING;
	default: return MATCH_PERMERROR;
	}
}

static bool
asks_dns(enum spf_term_kind kind)
{
	return kind == SPF_INCLUDE || kind == SPF_A || kind == SPF_MX || kind == SPF_PTR || kind == SPF_EXISTS ||
	    kind == SPF_REDIRECT;
}

static struct spf_step *
add_step(struct sender_check *c, const struct spf_term *t)
{
	struct spf_evaluation *e = c->v->e;
	struct spf_step *step = e->n_steps < SPF_STEPS_MAX ? &c->v->steps[e->n_steps++] : &c->v->steps[SPF_STEPS_MAX];

	*step = (struct spf_step){ .depth = c->depth, .domain = c->domain, .term = t->text, .target = { "", 0 } };
	return step;
}

/* Ten terms may ask the DNS. RFC 7208 section 4.6.4 */
static bool
count_lookup(struct sender_check *c, const struct spf_term *t)
{
	if (!asks_dns(t->kind) || ++c->v->e->lookups <= SPF_LOOKUPS_MAX)
		return true;
	fail_with(c->v, SPF_PERMERROR, PROBLEM_SPF_LOOKUPS, t->text);
	return false;
}

/* %{i}, %{s} … : a name that only a sender makes; %{d} and %{o} are the domain's. RFC 7208 section 7.2 */
static bool
depends_on_sender(struct span macros)
{
	for (size_t i = 0; i + 2 < macros.len; i++)
		if (macros.at[i] == '%' && macros.at[i + 1] == '{' &&
		    strchr("do", ascii_lower(macros.at[i + 2])) == NULL)
			return true;
	return false;
}

/* For no address at all: includes are followed, hosts looked up, and nothing but "all" matches. */
static bool
is_passed_over(const struct sender_check *c, const struct spf_term *t)
{
	return c->v->query->nobody &&
	    (t->kind == SPF_IP4 || t->kind == SPF_IP6 || t->kind == SPF_PTR || depends_on_sender(t->domain_spec));
}

static enum match
match_term(struct sender_check *c, const struct spf_term *t, struct spf_step *step)
{
	const struct ip_address *ip = &c->v->query->ip;
	struct span name = { "", 0 };

	if (!count_lookup(c, t))
		return MATCH_PERMERROR;
	if (is_passed_over(c, t))
		return NO_MATCH;
	if (asks_dns(t->kind)) {
		if (!expand_domain(c, t, &name))
			return MATCH_MISSING;
		step->target = name;
	}
	switch (t->kind) {
	case SPF_ALL: return MATCH;
	case SPF_IP4: return !ip->is_v6 && ip_address_in(t->address, ip->bytes, t->cidr4) ? MATCH : NO_MATCH;
	case SPF_IP6: return ip->is_v6 && ip_address_in(t->address, ip->bytes, t->cidr6) ? MATCH : NO_MATCH;
	case SPF_A: return match_address(c, name, t, true);
	case SPF_MX: return match_mx(c, name, t);
	case SPF_PTR: return match_ptr(c, name);
	case SPF_EXISTS: return match_exists(c, name);
	case SPF_INCLUDE: return match_include(c, name);
	default: return NO_MATCH;
	}
}

static enum spf_result
result_of(char qualifier)
{
	return qualifier == '+' ? SPF_PASS
	    : qualifier == '-'  ? SPF_FAIL
	    : qualifier == '~'  ? SPF_SOFTFAIL
				: SPF_NEUTRAL;
}

/* Whatever is wrong with it, there is just no explanation. False: an answer is missing. RFC 7208 section 6.2 */
static bool
explain(struct sender_check *c)
{
	struct evaluator *v = c->v;
	const struct dns_answer *txt;
	struct span name, text;

	if (c->record.exp == NULL || c->depth > 0)
		return true;
	if (!expand_domain(c, c->record.exp, &name))
		return false;
	switch (look_up(v, name, DNS_TXT, &txt)) {
	case FOUND_MISSING: return false;
	case FOUND: break;
	default: return true;
	}
	if (txt->n_records != 1 || !span_is_ascii(txt->records[0].data) ||
	    !spf_macro_string_is_sound(txt->records[0].data, true))
		return true;
	if (!expand(c, txt->records[0].data, &text))
		return false;
	if (span_is_ascii(text))
		v->e->explanation = text;
	return true;
}

/* Look-ups that the rest of the record will need are asked for at once, as far as the ten terms reach. */
static void
want_the_rest(struct sender_check *c, size_t from)
{
	for (size_t i = from; i < c->record.n_terms && c->v->e->lookups + c->v->ahead < SPF_LOOKUPS_MAX; i++) {
		const struct spf_term *t = &c->record.terms[i];
		const struct dns_answer *a;
		struct span name;

		if (!asks_dns(t->kind) || t->kind == SPF_PTR || span_index(t->domain_spec, '%') < t->domain_spec.len)
			continue;
		c->v->ahead++;
		expand_domain(c, t, &name);
		look_up(c->v, name,
		    t->kind == SPF_MX           ? DNS_MX
			: t->kind == SPF_A      ? address_type(c->v)
			: t->kind == SPF_EXISTS ? DNS_A
						: DNS_TXT,
		    &a);
	}
}

static void
decide(struct sender_check *c, struct span term)
{
	if (c->depth > 0)
		return;
	c->v->e->matched = term;
	c->v->e->matched_in = c->domain;
}

static enum spf_result
redirect(struct sender_check *c)
{
	struct spf_step *step;
	struct span name;

	if (c->record.redirect == NULL) {
		decide(c, (struct span){ "", 0 });
		return SPF_NEUTRAL; /* RFC 7208 section 4.7 */
	}
	step = add_step(c, c->record.redirect);
	if (!count_lookup(c, c->record.redirect))
		return SPF_PERMERROR;
	step->lookups = c->v->e->lookups;
	if (is_passed_over(c, c->record.redirect))
		return SPF_NEUTRAL;
	if (!expand_domain(c, c->record.redirect, &name))
		return SPF_NEEDS_ANSWERS;
	step->target = name;
	step->matched = SPF_MATCHED;
	return check_host(c->v, name, c->depth, PROBLEM_SPF_REDIRECT_WITHOUT_RECORD);
}

static enum spf_result
evaluate_record(struct sender_check *c)
{
	for (size_t i = 0; i < c->record.n_terms; i++) {
		const struct spf_term *t = &c->record.terms[i];
		struct spf_step *step;
		enum match m;

		if (t->qualifier == 0)
			continue;
		step = add_step(c, t);
		m = match_term(c, t, step);
		step->lookups = c->v->e->lookups;
		switch (m) {
		case NO_MATCH: step->matched = SPF_NOT_MATCHED; continue;
		case MATCH_MISSING: want_the_rest(c, i + 1); return SPF_NEEDS_ANSWERS;
		case MATCH_TEMPERROR:
			step->matched = SPF_ERROR;
			return fail_with(
			    c->v, SPF_TEMPERROR, PROBLEM_SPF_LOOKUP_FAILED, step->target.len ? step->target : t->text);
		case MATCH_PERMERROR:
			step->matched = SPF_ERROR;
			step->why = c->v->e->problem;
			return SPF_PERMERROR;
		case MATCH: break;
		}
		step->matched = SPF_MATCHED;
		decide(c, t->text);
		if (result_of(t->qualifier) == SPF_FAIL && !explain(c))
			return SPF_NEEDS_ANSWERS;
		return result_of(t->qualifier);
	}
	return redirect(c);
}

/* Which of the TXT records is it? RFC 7208 section 4.5 */
static enum spf_result
select_record(struct sender_check *c, const struct dns_answer *txt, struct span *record)
{
	size_t n = 0;

	for (size_t i = 0; i < txt->n_records; i++)
		if (spf_record_is(txt->records[i].data)) {
			*record = txt->records[i].data;
			n++;
		}
	if (n > 1)
		return fail_with(c->v, SPF_PERMERROR, PROBLEM_SPF_SEVERAL_RECORDS, c->domain);
	return n == 1 ? SPF_PASS : SPF_NONE;
}

/* Of records that are none, the first that means to be one. */
static void
note_astray(struct evaluator *v, const struct dns_answer *txt)
{
	struct near_miss miss;

	for (size_t i = 0; i < txt->n_records && i < ASTRAY_MAX && v->e->astray.len == 0; i++)
		if (near_miss_read(v->arena, RECORD_SPF, txt->records[i].data, &miss))
			v->e->astray = txt->records[i].data;
}

static bool
has_two_labels(struct span name)
{
	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	return span_index(name, '.') < name.len;
}

static enum spf_result
none(struct evaluator *v, unsigned depth, enum problem unusable, enum problem why, struct span domain)
{
	return unusable != PROBLEM_NONE ? fail_with(v, SPF_PERMERROR, unusable, domain)
	    : depth == 0                ? fail_with(v, SPF_NONE, why, domain)
					: SPF_NONE;
}

/* check_host(). `unusable`: error text when a missing record is a permerror (include, redirect). RFC 7208 section 4 */
static enum spf_result
check_host(struct evaluator *v, struct span domain, unsigned depth, enum problem unusable)
{
	struct sender_check c = { .v = v, .domain = domain, .depth = depth };
	const struct dns_answer *txt;
	struct span record = { "", 0 };
	enum spf_result selected;

	if (depth > DEPTH_MAX)
		return fail_with(v, SPF_PERMERROR, PROBLEM_SPF_LOOKUPS, domain);
	if (!dns_name_is_sound(domain) || !has_two_labels(domain))
		return none(v, depth, unusable, PROBLEM_SPF_NO_DOMAIN, domain);
	switch (look_up(v, domain, DNS_TXT, &txt)) {
	case FOUND_MISSING: return SPF_NEEDS_ANSWERS;
	case FOUND_ERROR: return fail_with(v, SPF_TEMPERROR, PROBLEM_SPF_LOOKUP_FAILED, domain);
	case FOUND_NOTHING:
		if (unusable != PROBLEM_NONE && !count_void(v))
			return fail_with(v, SPF_PERMERROR, PROBLEM_SPF_VOID_LOOKUPS, domain);
		return none(v, depth, unusable, PROBLEM_SPF_NO_RECORD, domain);
	case FOUND: break;
	}
	selected = select_record(&c, txt, &record);
	if (selected == SPF_NONE && depth == 0)
		note_astray(v, txt);
	if (selected == SPF_NONE)
		return none(v, depth, unusable, PROBLEM_SPF_NO_RECORD, domain);
	if (selected != SPF_PASS)
		return selected;
	if (depth == 0 && v->e->record.len == 0)
		v->e->record = record;
	if (!spf_record_parse(v->arena, record, &c.record))
		return fail_with(v, SPF_PERMERROR, c.record.problem, c.record.fault);
	return evaluate_record(&c);
}

/* The identity that is judged, and what the macros call sender. RFC 7208 section 4.3 */
static struct span
read_sender(struct evaluator *v)
{
	const struct spf_query *q = v->query;
	size_t at = q->mail_from.len;

	while (at > 0 && q->mail_from.at[at - 1] != '@')
		at--;
	v->e->by_helo = q->mail_from.len == 0;
	v->sender_domain = v->e->by_helo ? q->helo : span_skip(q->mail_from, at);
	v->local_part = at > 1 ? span_first(q->mail_from, at - 1) : span_of("postmaster");
	if (at > 1) {
		v->sender = q->mail_from;
	} else {
		char *to = arena_take(v->arena, 11 + v->sender_domain.len);

		memcpy(to, "postmaster@", 11);
		memcpy(to + 11, v->sender_domain.at, v->sender_domain.len);
		v->sender = (struct span){ to, 11 + v->sender_domain.len };
	}
	return v->sender_domain;
}

void
spf_evaluate(struct arena *arena, const struct spf_query *query, struct dns_answers *answers, struct spf_evaluation *e)
{
	struct evaluator v = { .arena = arena, .query = query, .answers = answers, .e = e };

	*e = (struct spf_evaluation){ .record = { "", 0 },
		.astray = { "", 0 },
		.matched = { "", 0 },
		.matched_in = { "", 0 },
		.problem_at = { "", 0 },
		.explanation = { "", 0 } };
	v.steps = arena_take_items(arena, SPF_STEPS_MAX + 1, sizeof(*v.steps));
	e->steps = v.steps;
	e->domain = read_sender(&v);
	e->result = check_host(&v, e->domain, 0, PROBLEM_NONE);
}
