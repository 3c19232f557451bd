#include "catalog/match.h"

void
catalog_scan(const struct catalog *c, struct span text, struct catalog_scan *scan)
{
	scan->n = words_find(&c->words, text, scan->hits);
}

const struct provider *
catalog_marked(const struct catalog *c, const struct catalog_scan *scan, struct span *mark)
{
	const struct words_hit *best = NULL;

	for (size_t i = 0; i < scan->n; i++)
		if (scan->hits[i].words->use == WORDS_MARK &&
		    (best == NULL || scan->hits[i].words->literal_len > best->words->literal_len))
			best = &scan->hits[i];
	if (best == NULL)
		return NULL;
	*mark = best->found;
	return &c->providers[best->words->owner];
}

/* Whether `name` is `end` or stands below it: "mx.google.com" below "google.com". */
static bool
ends_in(struct span name, struct span end)
{
	if (end.len == 0 || name.len < end.len)
		return false;
	if (name.len > end.len && name.at[name.len - end.len - 1] != '.')
		return false;
	return span_equal_folded(span_skip(name, name.len - end.len), end);
}

static const struct provider *
find_name(const struct catalog_name *names, uint32_t n, struct span name)
{
	const struct catalog_name *best = NULL;

	while (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	for (uint32_t i = 0; i < n; i++)
		if (ends_in(name, names[i].name) && (best == NULL || names[i].name.len > best->name.len))
			best = &names[i];
	return best ? best->provider : NULL;
}

const struct provider *
catalog_provider_of_host(const struct catalog *c, struct span host)
{
	return host.len ? find_name(c->hosts, c->n_hosts, host) : NULL;
}

const struct provider *
catalog_provider_of_domain(const struct catalog *c, struct span domain)
{
	return domain.len ? find_name(c->domains, c->n_domains, domain) : NULL;
}

/* How well the code is asked for: 0 not at all, 1 by its class, 2 by itself; -1: another is. */
static int
asks_code(const struct rule_asks *a, uint16_t code)
{
	int best = a->n_codes ? -1 : 0;

	for (size_t i = 0; i < a->n_codes && code != 0; i++) {
		if (a->codes[i] == code)
			return 2;
		if (a->codes[i] == code / 100)
			best = 1;
	}
	return best;
}

static int
asks_status(const struct rule_asks *a, struct enhanced_status s)
{
	int best = a->n_statuses ? -1 : 0;

	for (size_t i = 0; i < a->n_statuses && s.class != 0; i++) {
		const struct status_pattern *p = &a->statuses[i];

		if ((p->class != 0xffff && p->class != s.class) || (p->subject != 0xffff && p->subject != s.subject) ||
		    (p->detail != 0xffff && p->detail != s.detail))
			continue;
		int fit = 1 + (p->class != 0xffff) + (p->subject != 0xffff) + (p->detail != 0xffff);
		if (fit > best)
			best = fit;
	}
	return best;
}

/* The longest With of the rule that was found; 0: none. */
static uint32_t
with_len(const struct catalog_scan *scan, uint32_t rule)
{
	uint32_t best = 0;

	for (size_t i = 0; i < scan->n; i++) {
		const struct words *w = scan->hits[i].words;

		if (w->use == WORDS_WITH && w->owner == rule && w->literal_len > best)
			best = w->literal_len;
	}
	return best;
}

static bool
provider_applies(const struct rule_asks *r, const struct words *w, const struct catalog_query *q)
{
	if (r->provider == NULL || r->provider == q->provider)
		return true;
	return !q->provider_by_mark && w != NULL && w->literal_len >= PROVIDER_WORDS_MIN;
}

/* Words, then words that name a cause, then own receiver, then number of fields, then length of
   text. 0: not matched. */
static uint64_t
rank_of(const struct catalog *c, const struct catalog_scan *scan, uint32_t i, const struct words *w,
    const struct catalog_query *q, struct catalog_match *m)
{
	const struct rule_asks *a = &c->asks[i];
	int code = asks_code(a, q->code), status = asks_status(a, q->status);
	uint32_t with = a->with && scan ? with_len(scan, i) : 0;
	uint64_t fields;

	if (code < 0 || status < 0 || (a->with && with == 0) || !provider_applies(a, w, q) ||
	    (a->stages != 0 && (a->stages & q->stage) == 0))
		return 0;
	fields = (uint64_t)((w != NULL) + (code > 0) + (status > 0) + (with > 0) + (a->stages != 0));
	m->asked_code = code > 0;
	m->asked_status = status > 0;
	return (uint64_t)(w != NULL) << 41 | (uint64_t)(w != NULL && !a->vague) << 40 |
	    (uint64_t)(a->provider != NULL) << 36 | fields << 32 | (uint64_t)((w ? w->literal_len : 0) + with) << 8 |
	    (uint64_t)(status > 0 ? status << 2 : 0) | (uint64_t)(code > 0 ? code : 0);
}

static void
consider(const struct catalog *c, const struct catalog_scan *scan, uint32_t i, const struct words_hit *hit,
    const struct catalog_query *q, struct catalog_match *best)
{
	struct catalog_match m = { .rule = &c->rules[i], .hit = hit };

	m.rank = rank_of(c, scan, i, hit ? hit->words : NULL, q, &m);
	if (m.rank == 0 || m.rank < best->rank)
		return;
	if (m.rank > best->rank)
		*best = m;
	else if (m.rule != best->rule)
		best->tied = true;
}

static void
consider_subject(const struct catalog *c, uint32_t subject, const struct catalog_query *q, struct catalog_match *best)
{
	for (uint32_t i = c->by_codes_at[subject]; i < c->by_codes_at[subject + 1]; i++)
		consider(c, NULL, c->by_codes[i], NULL, q, best);
}

struct catalog_match
catalog_choose_by_codes(const struct catalog *c, const struct catalog_query *q)
{
	struct catalog_match best = { 0 };

	if (q->status.class != 0 && q->status.subject < CATALOG_SUBJECTS)
		consider_subject(c, q->status.subject, q, &best);
	consider_subject(c, CATALOG_SUBJECTS, q, &best);
	return best;
}

struct catalog_match
catalog_choose(const struct catalog *c, const struct catalog_scan *scan, const struct catalog_query *q)
{
	struct catalog_match best = { 0 };

	for (size_t i = 0; i < scan->n; i++)
		if (scan->hits[i].words->use == WORDS_TEXT)
			consider(c, scan, scan->hits[i].words->owner, &scan->hits[i], q, &best);
	return best.rule ? best : catalog_choose_by_codes(c, q);
}
