#include "diagnose/spf_flatten.h"

#include "auth/spf.h"
#include "base/out.h"
#include "grammar/ip_address.h"
#include "record/spf_record.h"

enum { DEPTH_MAX = 10, TERMS_MAX = 256 };

struct flattener {
	struct arena *arena;
	struct dns_answers *answers;
	bool missing;
};

/* One term of the record that is being flattened. */
struct entry {
	struct span text; /* what stands there: the term, or the addresses put in its place */
	const struct spf_term *term;
	unsigned cost; /* look-ups, those of what it includes too */
	struct span addresses; /* what it stands for; empty: it cannot be told */
	bool own; /* a or mx: the domain's own hosts, as a rule */
};

static bool
asks_dns(enum spf_term_kind kind)
{
	return kind == SPF_INCLUDE || kind == SPF_A || kind == SPF_MX || kind == SPF_PTR || kind == SPF_EXISTS ||
	    kind == SPF_REDIRECT;
}

static bool
has_macro(const struct spf_term *t)
{
	return span_index(t->domain_spec, '%') < t->domain_spec.len;
}

static struct span
target_of(const struct spf_term *t, struct span domain)
{
	return t->domain_spec.len > 0 ? t->domain_spec : domain;
}

static const struct dns_answer *
ask(struct flattener *f, struct span name, enum dns_type type)
{
	static const struct dns_answer none = { .result = DNS_NO_NAME };
	const struct dns_answer *a = dns_name_is_sound(name) ? dns_answers_find(f->answers, name, type) : &none;

	f->missing = f->missing || a == NULL;
	return a ? a : &none;
}

/* The one sound SPF record of a name. */
static bool
find_record(struct flattener *f, struct span name, struct spf_record *r)
{
	const struct dns_answer *txt = ask(f, name, DNS_TXT);
	size_t n = 0;

	for (size_t i = 0; i < txt->n_records; i++)
		if (spf_record_is(txt->records[i].data) && n++ == 0 &&
		    !spf_record_parse(f->arena, txt->records[i].data, r))
			return false;
	return n == 1;
}

static unsigned cost_of(struct flattener *f, const struct spf_term *t, unsigned depth);

static unsigned
cost_of_record(struct flattener *f, const struct spf_record *r, unsigned depth)
{
	unsigned cost = 0;

	for (size_t i = 0; i < r->n_terms && cost < 1000; i++)
		cost += cost_of(f, &r->terms[i], depth);
	return cost;
}

static unsigned
cost_of(struct flattener *f, const struct spf_term *t, unsigned depth)
{
	struct spf_record r;

	if (!asks_dns(t->kind))
		return 0;
	if ((t->kind != SPF_INCLUDE && t->kind != SPF_REDIRECT) || has_macro(t) || depth == DEPTH_MAX ||
	    !find_record(f, t->domain_spec, &r))
		return 1;
	return 1 + cost_of_record(f, &r, depth + 1);
}

/* " ip4:192.0.2.0/24" for each address. */
static void
put_addresses(struct out *out, const struct dns_answer *a, char qualifier, unsigned cidr)
{
	for (size_t i = 0; i < a->n_records; i++) {
		const bool is_v6 = a->records[i].data.len == 16;
		struct ip_address ip = { .is_v6 = is_v6 };
		char text[IP_ADDRESS_TEXT_MAX];

		memcpy(ip.bytes, a->records[i].data.at, is_v6 ? 16 : 4);
		ip_address_write(&ip, text);
		out_char(out, ' ');
		if (qualifier != '+')
			out_char(out, qualifier);
		out_str(out, is_v6 ? "ip6:" : "ip4:");
		out_str(out, text);
		if (cidr < (is_v6 ? 128U : 32U)) {
			out_char(out, '/');
			out_number(out, cidr);
		}
	}
}

static void
put_host(struct flattener *f, struct out *out, struct span name, char qualifier, const struct spf_term *t)
{
	put_addresses(out, ask(f, name, DNS_A), qualifier, t->cidr4);
	put_addresses(out, ask(f, name, DNS_AAAA), qualifier, t->cidr6);
}

static bool put_term(
    struct flattener *f, struct out *out, const struct spf_term *t, struct span domain, char qualifier, unsigned depth);

/* What passes by an included record. Only where each of its terms says yes, or ends it. RFC 7208 section 5.2 */
static bool
put_record(struct flattener *f, struct out *out, struct span name, char qualifier, unsigned depth)
{
	struct spf_record r;

	if (depth == DEPTH_MAX || out->len > SPF_FLATTEN_SIZE_MAX || !find_record(f, name, &r))
		return false;
	for (size_t i = 0; i < r.n_terms; i++) {
		const struct spf_term *t = &r.terms[i];

		if (t->kind == SPF_ALL)
			return t->qualifier != '+';
		if (t->kind == SPF_REDIRECT || t->kind == SPF_EXP || t->kind == SPF_UNKNOWN_MODIFIER)
			continue;
		if (t->qualifier != '+' || !put_term(f, out, t, name, qualifier, depth))
			return false;
	}
	return r.redirect == NULL ||
	    (!has_macro(r.redirect) && put_record(f, out, r.redirect->domain_spec, qualifier, depth + 1));
}

static bool
put_term(
    struct flattener *f, struct out *out, const struct spf_term *t, struct span domain, char qualifier, unsigned depth)
{
	const struct span name = target_of(t, domain);
	const struct dns_answer *mx;

	if (has_macro(t))
		return false;
	switch (t->kind) {
	case SPF_IP4:
	case SPF_IP6:
		out_char(out, ' ');
		if (qualifier != '+')
			out_char(out, qualifier);
		out_span(out, t->text.at[0] == '+' ? span_skip(t->text, 1) : t->text);
		return true;
	case SPF_A: put_host(f, out, name, qualifier, t); return true;
	case SPF_MX:
		mx = ask(f, name, DNS_MX);
		for (size_t i = 0; i < mx->n_records && i < SPF_MX_MAX; i++)
			put_host(f, out, mx->records[i].data, qualifier, t);
		return true;
	case SPF_INCLUDE: return put_record(f, out, name, qualifier, depth + 1);
	default: return false;
	}
}

static void
fill_entry(struct flattener *f, struct entry *e, struct span domain)
{
	struct out out = { 0 };
	const struct spf_term *t = e->term;

	e->cost = cost_of(f, t, 0);
	e->own = t->kind == SPF_A || t->kind == SPF_MX;
	e->addresses = (struct span){ "", 0 };
	if (e->cost > 0 && t->kind != SPF_REDIRECT && put_term(f, &out, t, domain, t->qualifier, 0) && out.len > 1 &&
	    out.len <= SPF_FLATTEN_SIZE_MAX)
		e->addresses = arena_copy(f->arena, span_skip(out_view(&out), 1));
	out_deinit(&out);
}

/* The next to be replaced: one's own hosts before services, then what saves most for its length. */
static struct entry *
choose(struct entry *entries, size_t n)
{
	struct entry *best = NULL;

	for (size_t i = 0; i < n; i++) {
		struct entry *e = &entries[i];

		if (e->cost == 0 || e->addresses.len == 0)
			continue;
		if (best == NULL || (e->own && !best->own) ||
		    (e->own == best->own && e->addresses.len * best->cost < best->addresses.len * e->cost))
			best = e;
	}
	return best;
}

static struct span
join(struct arena *arena, const struct entry *entries, size_t n)
{
	struct out out = { 0 };
	struct span text;

	out_str(&out, "v=spf1");
	for (size_t i = 0; i < n; i++) {
		out_char(&out, ' ');
		out_span(&out, entries[i].text);
	}
	text = out.len <= SPF_FLATTEN_SIZE_MAX ? arena_copy(arena, out_view(&out)) : (struct span){ "", 0 };
	out_deinit(&out);
	return text;
}

bool
spf_flatten(
    struct arena *arena, struct dns_answers *answers, struct span domain, struct span text, struct spf_flattened *to)
{
	struct flattener f = { arena, answers, false };
	struct entry entries[TERMS_MAX], *e;
	struct spf_record r;
	size_t n = 0;

	*to = (struct spf_flattened){ .text = { "", 0 } };
	if (!spf_record_parse(arena, text, &r) || r.n_terms > TERMS_MAX)
		return true;
	for (; n < r.n_terms; n++) {
		entries[n] = (struct entry){ .text = r.terms[n].text, .term = &r.terms[n] };
		fill_entry(&f, &entries[n], domain);
		to->lookups += entries[n].cost;
	}
	if (f.missing)
		return false;
	while (to->lookups > SPF_LOOKUPS_MAX && to->n_replaced < SPF_FLATTEN_REPLACED_MAX &&
	    (e = choose(entries, n)) != NULL) {
		to->lookups -= e->cost;
		to->replaced[to->n_replaced++] = e->term->text;
		e->text = e->addresses;
		e->cost = 0;
	}
	if (to->lookups <= SPF_LOOKUPS_MAX)
		to->text = join(arena, entries, n);
	return true;
}

/* The first of a list such as "ip4:192.0.2.0/24 ip6:2001:db8::1". */
static bool
first_address(struct arena *arena, struct span list, struct ip_address *ip)
{
	struct spf_record r;
	struct out out = { 0 };

	out_str(&out, "v=spf1 ");
	out_span(&out, span_first(list, span_index(list, ' ')));
	spf_record_parse(arena, arena_copy(arena, out_view(&out)), &r);
	out_deinit(&out);
	if (r.n_terms == 0 || (r.terms[0].kind != SPF_IP4 && r.terms[0].kind != SPF_IP6))
		return false;
	*ip = (struct ip_address){ .is_v6 = r.terms[0].kind == SPF_IP6 };
	memcpy(ip->bytes, r.terms[0].address, ip->is_v6 ? 16 : 4);
	return true;
}

bool
spf_sample(struct arena *arena, struct dns_answers *answers, struct span domain, struct span text,
    struct spf_sample samples[SPF_SAMPLES_MAX], size_t *n)
{
	struct flattener f = { arena, answers, false };
	struct spf_record r;

	*n = 0;
	spf_record_parse(arena, text, &r);
	for (size_t i = 0; i < r.n_terms && *n < SPF_SAMPLES_MAX; i++) {
		const struct spf_term *t = &r.terms[i];
		struct out out = { 0 };

		if (t->qualifier == '+' && t->kind != SPF_ALL)
			put_term(&f, &out, t, domain, '+', 0);
		samples[*n].term = t->text;
		if (out.len > 1 &&
		    first_address(arena, arena_copy(arena, span_skip(out_view(&out), 1)), &samples[*n].ip))
			++*n;
		out_deinit(&out);
	}
	return !f.missing;
}
