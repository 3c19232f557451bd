#include "diagnose/repair.h"

#include "auth/iprev.h"
#include "base/out.h"
#include "catalog/match.h"

static struct span
join(struct arena *arena, const char *label, struct span name)
{
	struct out out = { 0 };
	struct span joined;

	out_str(&out, label);
	out_span(&out, name);
	joined = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return joined;
}

/* "ip4:192.0.2.25" */
static struct span
mechanism_for(struct arena *arena, const struct ip_address *ip)
{
	char text[4 + IP_ADDRESS_TEXT_MAX] = "ip4:";

	text[2] = ip->is_v6 ? '6' : '4';
	ip_address_write(ip, text + 4);
	return arena_copy(arena, span_of(text));
}

/* What people write for what they mean. */
static bool
mend(struct out *out, struct span term)
{
	static const struct {
		struct span wrong;
		const char *right;
	} slips[] = { { SPAN_INIT("ipv4:"), "ip4:" }, { SPAN_INIT("ipv6:"), "ip6:" }, { SPAN_INIT("ip4="), "ip4:" },
		{ SPAN_INIT("ip6="), "ip6:" }, { SPAN_INIT("ip:"), "ip4:" }, { SPAN_INIT("include="), "include:" },
		{ SPAN_INIT("incude:"), "include:" }, { SPAN_INIT("includes:"), "include:" },
		{ SPAN_INIT("redirect:"), "redirect=" }, { SPAN_INIT("all."), "all" } };
	struct span rest = term;

	if (rest.len > 0 && rest.at[0] != '\0' && strchr("+-~?", rest.at[0]) != NULL)
		rest = span_skip(rest, 1);
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (rest.len >= slips[i].wrong.len &&
		    span_equal_folded(span_first(rest, slips[i].wrong.len), slips[i].wrong)) {
			out_span(out, span_first(term, (size_t)(rest.at - term.at)));
			out_str(out, slips[i].right);
			out_span(out, span_skip(rest, slips[i].wrong.len));
			return true;
		}
	return false;
}

static bool
is_sound(struct arena *arena, struct span term)
{
	struct out out = { 0 };
	struct spf_record r;
	bool sound;

	out_str(&out, "v=spf1 ");
	out_span(&out, term);
	sound = spf_record_parse(arena, arena_copy(arena, out_view(&out)), &r);
	out_deinit(&out);
	return sound;
}

static bool
is_all(struct span term)
{
	return span_equal_folded(term, span_of("all")) ||
	    (term.len == 4 && span_equal_folded(span_skip(term, 1), span_of("all")));
}

/* Which of two "all" harms fewer, where two records must become one. */
static struct span
softer(struct span a, struct span b)
{
	static const char order[] = "-~?+";
	const char *x = a.len == 4 ? strchr(order, a.at[0]) : order + 3,
		   *y = b.len == 4 ? strchr(order, b.at[0]) : order + 3;

	return a.len == 0 ? b : b.len == 0 || x >= y ? a : b;
}

static bool
stands_already(const struct out *out, struct span term)
{
	struct span rest = out_view(out);

	while (rest.len > 0) {
		size_t n = span_index(rest, ' ');

		if (span_equal_folded(span_first(rest, n), term))
			return true;
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	return false;
}

/* Adds a record's terms, mended; "all" is kept for the end. */
static bool
add_terms(struct arena *arena, struct out *out, struct span record, struct span *all, struct repair_spf *r)
{
	struct span rest = span_skip(record, 6);

	while (rest.len > 0) {
		size_t n = span_index(rest, ' ');
		struct span term = span_first(rest, n);
		struct out mended = { 0 };

		rest = span_skip(rest, n < rest.len ? n + 1 : n);
		if (term.len == 0)
			continue;
		if (!is_sound(arena, term)) {
			if (mend(&mended, term))
				term = arena_copy(arena, out_view(&mended));
			out_deinit(&mended);
			if (!is_sound(arena, term)) {
				r->at_fault = term;
				return false;
			}
			r->n_mended++;
		}
		if (is_all(term)) {
			*all = softer(*all, term);
		} else if (!stands_already(out, term)) {
			out_char(out, ' ');
			out_span(out, term);
		}
	}
	return true;
}

/* The text that should stand there, or an obstacle. */
static enum repair_obstacle
build(struct arena *arena, const struct dns_answer *txt, struct repair_spf *r)
{
	struct out out = { 0 };
	struct span all = { "", 0 };
	bool sound = true;

	out_str(&out, r->added.len > 0 ? "v=spf1 " : "v=spf1");
	out_span(&out, r->added);
	for (size_t i = 0; i < txt->n_records && sound; i++)
		if (spf_record_is(txt->records[i].data)) {
			if (r->n_merged++ == 0)
				r->before = txt->records[i].data;
			sound = add_terms(arena, &out, txt->records[i].data, &all, r);
		}
	if (all.len > 0 || r->n_merged == 0) {
		out_char(&out, ' ');
		out_span(&out, all.len > 0 ? all : span_of("~all"));
	}
	r->after = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return !sound ? REPAIR_BROKEN_TERM : r->after.len > REPAIR_RECORD_MAX ? REPAIR_TOO_LONG : REPAIR_NONE;
}

/* Swaps the answer, evaluates, and puts the old one back. False: an answer is missing. */
static bool
prove(struct arena *arena, const struct spf_query *query, struct dns_answers *answers, const struct dns_answer *txt,
    struct repair_spf *r)
{
	const struct dns_answer before = *txt;
	struct dns_answer after = before;
	struct dns_record *records = arena_take_items(arena, before.n_records + 1, sizeof(*records));
	struct spf_query nobody = *query;

	nobody.ip = (struct ip_address){ .is_v6 = false }; /* 0.0.0.0 */
	after.n_records = 0;
	for (size_t i = 0; i < before.n_records; i++)
		if (!spf_record_is(before.records[i].data))
			records[after.n_records++] = before.records[i];
	records[after.n_records++].data = r->after;
	after.records = records;
	after.result = DNS_ANSWERED;
	dns_answers_put(answers, &after);
	spf_evaluate(arena, query, answers, &r->proof);
	spf_evaluate(arena, &nobody, answers, &r->whole);
	dns_answers_put(answers, &before);
	return r->proof.result != SPF_NEEDS_ANSWERS && r->whole.result != SPF_NEEDS_ANSWERS;
}

/* More than ten look-ups, for this sender or for others: what costs them gives way, and it is proved again. False: an
   answer is missing. */
static bool
keep_within_limit(struct arena *arena, const struct spf_query *query, struct dns_answers *answers,
    const struct dns_answer *txt, struct repair_spf *r)
{
	struct spf_flattened flat;
	const struct span before = r->after;

	if (r->whole.lookups <= SPF_LOOKUPS_MAX)
		return true;
	if (!spf_flatten(arena, answers, r->name, r->after, &flat))
		return false;
	if (flat.text.len == 0)
		return true;
	r->after = flat.text;
	if (!prove(arena, query, answers, txt, r))
		return false;
	if (r->proof.result != SPF_PASS) {
		r->after = before;
		return prove(arena, query, answers, txt, r);
	}
	memcpy(r->replaced, flat.replaced, sizeof(r->replaced));
	r->n_replaced = flat.n_replaced;
	return true;
}

/* The include of a known service, where the address has a name of it that leads back and the service's record lets it pass;
   else the address. False: an answer is missing. */
static bool
choose_mechanism(struct arena *arena, const struct catalog *catalog, const struct spf_query *query,
    struct dns_answers *answers, struct repair_spf *r)
{
	struct iprev_evaluation name;
	struct spf_evaluation e;
	const struct provider *p = NULL;
	struct spf_query of_service = *query;

	r->added = mechanism_for(arena, &query->ip);
	iprev_evaluate(arena, &query->ip, answers, &name);
	if (name.result == IPREV_NEEDS_ANSWERS)
		return false;
	if (name.result == IPREV_PASS)
		p = catalog_provider_of_host(catalog, name.name);
	if (p == NULL || p->include.len == 0)
		return true;
	of_service.mail_from = join(arena, "postmaster@", p->include);
	spf_evaluate(arena, &of_service, answers, &e);
	if (e.result == SPF_PASS && !is_all(e.matched)) {
		r->added = join(arena, "include:", p->include);
		r->service = p;
	}
	return e.result != SPF_NEEDS_ANSWERS;
}

/* The record with r->added in front, proved. False: an answer is missing. */
static bool
attempt(struct arena *arena, const struct spf_query *query, struct dns_answers *answers, const struct dns_answer *txt,
    struct repair_spf *r)
{
	r->obstacle = build(arena, txt, r);
	if (r->obstacle != REPAIR_NONE)
		return true;
	if (!prove(arena, query, answers, txt, r) || !keep_within_limit(arena, query, answers, txt, r))
		return false;
	if (r->proof.result != SPF_PASS)
		r->obstacle = REPAIR_NOT_PROVED;
	return true;
}

bool
repair_spf(struct arena *arena, const struct catalog *catalog, const struct spf_query *query,
    struct dns_answers *answers, const struct spf_evaluation *e, struct repair_spf *r)
{
	const struct repair_spf nothing = {
		.name = e->domain, .before = { "", 0 }, .after = { "", 0 }, .added = { "", 0 }, .at_fault = { "", 0 }
	};
	const struct dns_answer *txt;

	*r = nothing;
	if (e->result == SPF_PASS) {
		r->obstacle = REPAIR_NOT_NEEDED;
		return true;
	}
	if (!dns_name_is_sound(e->domain) || span_index(e->domain, '.') == e->domain.len) {
		r->obstacle = REPAIR_NO_DOMAIN;
		return true;
	}
	txt = dns_answers_find(answers, e->domain, DNS_TXT);
	if (txt == NULL || txt->result == DNS_FAILED) {
		r->obstacle = REPAIR_LOOKUP_FAILED;
		return txt != NULL;
	}
	if (e->result == SPF_PERMERROR) { /* it may be that only the record is broken, and the address stands in it */
		if (!attempt(arena, query, answers, txt, r))
			return false;
		if (r->obstacle == REPAIR_NONE && !is_all(r->proof.matched))
			return true;
		*r = nothing;
	}
	if (!choose_mechanism(arena, catalog, query, answers, r))
		return false;
	return attempt(arena, query, answers, txt, r);
}

bool
repair_take_string(struct span *rest, struct span *string)
{
	size_t n = rest->len < REPAIR_STRING_MAX ? rest->len : REPAIR_STRING_MAX;

	if (rest->len == 0)
		return false;
	if (n < rest->len)
		while (n > 1 && rest->at[n - 1] != ' ')
			n--;
	if (n == 1)
		n = rest->len < REPAIR_STRING_MAX ? rest->len : REPAIR_STRING_MAX;
	*string = span_first(*rest, n);
	*rest = span_skip(*rest, n);
	return true;
}
