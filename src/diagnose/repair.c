#include "diagnose/repair.h"

#include "auth/iprev.h"
#include "base/out.h"
#include "catalog/match.h"
#include "record/near_miss.h"

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

/* Adds a sound record's terms; "all" is kept for the end. */
static void
add_terms(struct out *out, struct span record, struct span *all)
{
	struct span rest = span_skip(record, 6);

	while (rest.len > 0) {
		const size_t n = span_index(rest, ' ');
		const struct span term = span_first(rest, n);

		rest = span_skip(rest, n < rest.len ? n + 1 : n);
		if (is_all(term)) {
			*all = softer(*all, term);
		} else if (term.len > 0 && !stands_already(out, term)) {
			out_char(out, ' ');
			out_span(out, term);
		}
	}
}

/* Whether the record is an SPF record, or was surely meant for one where no other is there. */
static bool
is_meant_for_spf(struct arena *arena, const struct dns_answer *txt, struct span text)
{
	struct near_miss miss;

	if (spf_record_is(text))
		return true;
	for (size_t i = 0; i < txt->n_records; i++)
		if (spf_record_is(txt->records[i].data))
			return false;
	return near_miss_read(arena, RECORD_SPF, text, &miss);
}

/* One of the records that stand there, as it was meant. False: that cannot be told. */
static bool
add_record(struct arena *arena, struct out *out, struct span text, struct span *all, struct repair_spf *r)
{
	struct near_miss *miss = arena_take_items(arena, 1, sizeof(*miss));

	if (!near_miss_read(arena, RECORD_SPF, text, miss) || miss->unclear.len > 0) {
		r->at_fault = miss->unclear.len > 0 ? miss->unclear : text;
		return false;
	}
	if (r->n_merged++ == 0) {
		r->before = text;
		r->meant = miss->after;
	}
	if (r->miss == NULL && miss->n_slips > 0)
		r->miss = miss;
	r->n_mended += miss->n_slips;
	add_terms(out, miss->after, all);
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
		if (is_meant_for_spf(arena, txt, txt->records[i].data))
			sound = add_record(arena, &out, txt->records[i].data, &all, r);
	if (all.len > 0 || r->n_merged == 0) {
		out_char(&out, ' ');
		out_span(&out, all.len > 0 ? all : span_of("~all"));
	}
	r->after = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return !sound ? REPAIR_BROKEN_TERM : r->after.len > REPAIR_RECORD_MAX ? REPAIR_TOO_LONG : REPAIR_NONE;
}

/* Puts one SPF record in the place of those that stand there. */
static void
swap_in(struct arena *arena, struct dns_answers *answers, const struct dns_answer *before, struct span text)
{
	struct dns_answer after = *before;
	struct dns_record *records = arena_take_items(arena, before->n_records + 1, sizeof(*records));

	after.n_records = 0;
	for (size_t i = 0; i < before->n_records; i++)
		if (!is_meant_for_spf(arena, before, before->records[i].data))
			records[after.n_records++] = before->records[i];
	records[after.n_records++].data = text;
	after.records = records;
	after.result = DNS_ANSWERED;
	dns_answers_put(answers, &after);
}

/* Who passed by one of the old terms passes still. False: an answer is missing. */
static bool
prove_samples(struct arena *arena, const struct spf_query *query, struct dns_answers *answers,
    const struct dns_answer *before, struct repair_spf *r)
{
	struct spf_sample samples[SPF_SAMPLES_MAX];
	size_t n = 0;
	bool known = r->meant.len == 0 || spf_sample(arena, answers, r->name, r->meant, samples, &n);

	r->n_kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct spf_query q = *query;
		struct spf_evaluation now, then;

		q.ip = samples[i].ip;
		swap_in(arena, answers, before, r->after);
		spf_evaluate(arena, &q, answers, &now);
		r->n_kept += now.result == SPF_PASS;
		if (now.result != SPF_PASS && now.result != SPF_NEEDS_ANSWERS) {
			swap_in(arena, answers, before, r->meant);
			spf_evaluate(arena, &q, answers, &then);
			known = known && then.result != SPF_NEEDS_ANSWERS;
			if (then.result == SPF_PASS && r->lost.len == 0)
				r->lost = samples[i].term;
		}
		known = known && now.result != SPF_NEEDS_ANSWERS;
	}
	return known;
}

/* Swaps the answer, evaluates, and puts the old one back. False: an answer is missing. */
static bool
prove(struct arena *arena, const struct spf_query *query, struct dns_answers *answers, const struct dns_answer *txt,
    struct repair_spf *r)
{
	const struct dns_answer before = *txt;
	struct spf_query nobody = *query;
	bool known;

	nobody.nobody = true;
	nobody.ip = (struct ip_address){ .is_v6 = false };
	swap_in(arena, answers, &before, r->after);
	spf_evaluate(arena, query, answers, &r->proof);
	spf_evaluate(arena, &nobody, answers, &r->whole);
	known = prove_samples(arena, query, answers, &before, r);
	dns_answers_put(answers, &before);
	return known && r->proof.result != SPF_NEEDS_ANSWERS && r->whole.result != SPF_NEEDS_ANSWERS;
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
	if (r->proof.result != SPF_PASS || r->lost.len > 0) {
		r->after = before;
		r->lost = (struct span){ "", 0 };
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

struct span
repair_without_term(struct arena *arena, struct span record, struct span term)
{
	struct out out = { 0 };
	struct span left;

	for (struct span rest = record; rest.len > 0;) {
		const size_t n = span_index(rest, ' ');

		if (!span_equal(span_first(rest, n), term)) {
			out_str(&out, out.len > 0 ? " " : "");
			out_span(&out, span_first(rest, n));
		}
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	left = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return left;
}

struct span
repair_dead_include(const struct spf_evaluation *e)
{
	for (size_t i = 0; i < e->n_steps && e->result == SPF_PERMERROR; i++)
		if (e->steps[i].depth == 0 && e->steps[i].matched == SPF_ERROR &&
		    e->steps[i].why == PROBLEM_SPF_INCLUDE_WITHOUT_RECORD &&
		    span_equal_folded(e->steps[i].target, e->problem_at))
			return e->steps[i].term;
	return (struct span){ "", 0 };
}

/* False: an answer is missing. */
static bool
remove_dead_includes(struct arena *arena, const struct spf_query *query, struct dns_answers *answers,
    const struct dns_answer *txt, struct repair_spf *r)
{
	struct span term;

	while (r->n_removed < REPAIR_REMOVED_MAX && (term = repair_dead_include(&r->whole)).len > 0) {
		r->removed[r->n_removed++] = term;
		r->after = repair_without_term(arena, r->after, term);
		if (!prove(arena, query, answers, txt, r))
			return false;
	}
	return true;
}

/* The record with r->added in front, proved. False: an answer is missing. */
static bool
attempt(struct arena *arena, const struct spf_query *query, struct dns_answers *answers, const struct dns_answer *txt,
    struct repair_spf *r)
{
	r->obstacle = build(arena, txt, r);
	if (r->obstacle != REPAIR_NONE)
		return true;
	if (!prove(arena, query, answers, txt, r) || !remove_dead_includes(arena, query, answers, txt, r) ||
	    !keep_within_limit(arena, query, answers, txt, r))
		return false;
	if (r->proof.result != SPF_PASS || r->lost.len > 0)
		r->obstacle = REPAIR_NOT_PROVED;
	return true;
}

static bool
has_terms_behind_all(struct arena *arena, struct span text)
{
	struct spf_record r;
	bool all = false;

	if (text.len == 0 || !spf_record_parse(arena, text, &r))
		return false;
	for (size_t i = 0; i < r.n_terms; i++) {
		if (all && r.terms[i].qualifier != 0)
			return true;
		all = all || r.terms[i].kind == SPF_ALL;
	}
	return false;
}

/* Whether what stands there only has to be mended: it is broken, or taken for no record at all. */
static bool
may_be_mended(struct arena *arena, const struct dns_answer *txt, const struct spf_evaluation *e)
{
	struct near_miss miss;

	for (size_t i = 0; i < txt->n_records; i++)
		if (is_meant_for_spf(arena, txt, txt->records[i].data) &&
		    near_miss_read(arena, RECORD_SPF, txt->records[i].data, &miss) &&
		    (miss.n_slips > 0 || has_terms_behind_all(arena, miss.after)))
			return true;
	return e->result == SPF_PERMERROR;
}

bool
repair_spf(struct arena *arena, const struct catalog *catalog, const struct spf_query *query,
    struct dns_answers *answers, const struct spf_evaluation *e, struct repair_spf *r)
{
	const struct repair_spf nothing = { .name = e->domain,
		.before = { "", 0 },
		.after = { "", 0 },
		.added = { "", 0 },
		.at_fault = { "", 0 },
		.meant = { "", 0 },
		.lost = { "", 0 } };
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
	if (may_be_mended(arena, txt, e)) { /* it may be that the address stands in it */
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
