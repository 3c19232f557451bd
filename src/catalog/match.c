#include "catalog/match.h"

void
catalog_scan(const struct catalog *c, struct span text, struct catalog_scan *scan)
{
	scan->text = text;
	scan->n = text_index_find(&c->words, text, scan->hits);
}

/* Of the provider's marks that were found the longest token ("support.google.com"): it tells a reader more than a phrase
   does. */
static struct span
plainest_mark(const struct catalog_scan *scan, const struct text_hit *mark)
{
	const struct text_hit *best = NULL;

	for (size_t i = 0; i < scan->n; i++) {
		const struct text_hit *hit = &scan->hits[i];

		if (hit->words->use == TEXT_USE_MARK && hit->words->owner == mark->words->owner &&
		    span_index(hit->found, ' ') == hit->found.len && (best == NULL || hit->found.len > best->found.len))
			best = hit;
	}
	return best != NULL ? best->found : mark->found;
}

const struct provider *
catalog_marked(const struct catalog *c, const struct catalog_scan *scan, struct span *mark)
{
	const struct text_hit *best = NULL;

	for (size_t i = 0; i < scan->n; i++)
		if (scan->hits[i].words->use == TEXT_USE_MARK &&
		    (best == NULL || scan->hits[i].words->literal_len > best->words->literal_len))
			best = &scan->hits[i];
	if (best == NULL)
		return NULL;
	*mark = plainest_mark(scan, best);
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

/* By its name here, or the first label of one of its domains: "gmail". */
static const struct provider *
provider_called(const struct catalog *c, struct span word)
{
	const struct provider *p = catalog_find_provider(c, word);

	for (uint32_t i = 0; p == NULL && i < c->n_domains; i++) {
		const struct span name = c->domains[i].name;

		if (name.len > word.len && name.at[word.len] == '.' &&
		    span_equal_folded(word, span_first(name, word.len)))
			p = c->domains[i].provider;
	}
	return p;
}

const struct provider *
catalog_provider_mentioned(const struct catalog *c, struct span text, struct span *mark)
{
	while (text.len > 0) {
		size_t n = 0;
		const struct provider *p;

		while (n < text.len && ascii_is_alnum(text.at[n]))
			n++;
		p = n >= 2 ? provider_called(c, span_first(text, n)) : NULL;
		if (p != NULL) {
			*mark = span_first(text, n);
			return p;
		}
		text = span_skip(text, n < text.len ? n + 1 : n);
	}
	return NULL;
}

/* How well the code is asked for: 0 not at all, 1 by its class, 2 by itself; -1: another is. */
static int
asks_code(const struct rule_conditions *a, uint16_t code)
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
asks_status(const struct rule_conditions *a, struct enhanced_status s)
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
		const struct indexed_text *w = scan->hits[i].words;

		if (w->use == TEXT_USE_WITH && w->owner == rule && w->literal_len > best)
			best = w->literal_len;
	}
	return best;
}

static bool
provider_applies(const struct rule_conditions *r, const struct indexed_text *w, const struct catalog_query *q)
{
	if (r->provider == NULL || r->provider == q->provider)
		return true;
	return !q->provider_by_mark && w != NULL && w->literal_len >= PROVIDER_WORDS_MIN;
}

/* The stage guards the address: what is said before RCPT TO is of the connection or of the sender.
   After MAIL FROM it may be what is said of recipients otherwise, but of the sender; NULL: nothing then. */
static const struct cause *
cause_at(const struct catalog *c, uint32_t i, enum stage stage)
{
	const struct cause *cause = c->rules[i].cause;

	if (!c->conditions[i].address || (stage & STAGES_BEFORE_RCPT) == 0)
		return cause;
	return stage == STAGE_MAIL ? cause->of_sender : NULL;
}

/* Words, then words that name a cause, then this receiver's own, then any receiver's own, then number of fields, then length of
   text. 0: not matched. */
static uint64_t
rank_of(const struct catalog *c, const struct catalog_scan *scan, uint32_t i, const struct indexed_text *w,
    const struct catalog_query *q, struct catalog_match *m)
{
	const struct rule_conditions *a = &c->conditions[i];
	int code = asks_code(a, q->code), status = asks_status(a, q->status);
	uint32_t with = a->with && scan ? with_len(scan, i) : 0;
	uint64_t fields;

	if (code < 0 || status < 0 || (a->with && with == 0) || !provider_applies(a, w, q) ||
	    (a->stages != 0 && (a->stages & q->stage) == 0))
		return 0;
	fields = (uint64_t)((w != NULL) + (code > 0) + (status > 0) + (with > 0) + a->near + (a->stages != 0));
	m->asked_code = code > 0;
	m->asked_status = status > 0;
	m->cause = cause_at(c, i, q->stage);
	if (m->cause == NULL)
		return 0;
	return (uint64_t)(w != NULL) << 41 |
	    (uint64_t)((w != NULL ? !a->vague : !a->last) && m->cause == c->rules[i].cause) << 40 |
	    (uint64_t)(a->provider != NULL && a->provider == q->provider) << 37 |
	    (uint64_t)(a->provider != NULL) << 36 | fields << 32 | (uint64_t)((w ? w->literal_len : 0) + with) << 8 |
	    (uint64_t)(status > 0 ? status << 2 : 0) | (uint64_t)(code > 0 ? code : 0);
}

static const struct rule_conditions *
asks_of(const struct catalog *c, const struct rule *rule)
{
	return &c->conditions[rule - c->rules];
}

static void
keep_better(struct catalog_match *best, const struct catalog_match *m)
{
	if (m->rank == 0 || m->rank < best->rank)
		return;
	if (m->rank > best->rank)
		*best = *m;
	else if (m->rule != best->rule)
		best->tied = true;
}

static void
consider(const struct catalog *c, const struct catalog_scan *scan, uint32_t i, const struct text_hit *hit,
    const struct catalog_query *q, struct catalog_match *best)
{
	struct catalog_match m = { .rule = &c->rules[i], .hit = hit };

	m.rank = rank_of(c, scan, i, hit ? hit->words : NULL, q, &m);
	keep_better(best, &m);
}

static void
consider_subject(const struct catalog *c, uint32_t subject, const struct catalog_query *q, struct catalog_match *best)
{
	for (uint32_t i = c->by_codes_at[subject]; i < c->by_codes_at[subject + 1]; i++)
		consider(c, NULL, c->by_codes[i], NULL, q, best);
}

static struct catalog_match
choose_by_codes(const struct catalog *c, const struct catalog_query *q)
{
	struct catalog_match best = { 0 };

	if (q->status.class != 0 && q->status.subject < CATALOG_SUBJECTS)
		consider_subject(c, q->status.subject, q, &best);
	consider_subject(c, CATALOG_SUBJECTS, q, &best);
	return best;
}

/* Where words that speak of the sender stand beside words that speak of the recipient ("sender verify
   failed: no such user"), the sender's are believed: an address is never condemned for its sender. */
static struct catalog_match
believed(const struct catalog *c, const struct catalog_match *best, const struct catalog_match *of_sender)
{
	return best->rule != NULL && of_sender->rule != NULL && asks_of(c, best->rule)->condemns ? *of_sender : *best;
}

static struct catalog_match
choose_by_words(const struct catalog *c, const struct catalog_scan *scan, const struct catalog_query *q)
{
	struct catalog_match best = { 0 }, of_sender = { 0 };

	for (size_t i = 0; i < scan->n; i++) {
		const uint32_t rule = scan->hits[i].words->owner;

		if (scan->hits[i].words->use != TEXT_USE_TEXT)
			continue;
		consider(c, scan, rule, &scan->hits[i], q, &best);
		if (c->conditions[rule].sender)
			consider(c, scan, rule, &scan->hits[i], q, &of_sender);
	}
	return believed(c, &best, &of_sender);
}

static struct span
family_of(const struct cause *cause)
{
	return span_first(cause->name, span_index(cause->name, '.'));
}

/* A firm status outranks words that any receiver may write, in passing too. */
static bool
is_outranked(const struct catalog *c, const struct catalog_match *words, const struct catalog_match *codes)
{
	enum firmness firm;

	if (words->rule->provider != NULL || codes->rule == NULL || words->cause == codes->cause)
		return false;
	firm = asks_of(c, codes->rule)->firm;
	return firm == FIRM ||
	    (firm == FIRM_BUT_FOR_FAMILY && !span_equal(family_of(words->cause), family_of(codes->cause)));
}

static bool
is_near(struct span a, struct span b)
{
	const char *start = a.at, *end = a.at + a.len;

	return b.at >= end ? b.at - end <= NEAR_MAX
			   : b.at + b.len <= start && start - b.at - (ptrdiff_t)b.len <= NEAR_MAX;
}

/* The longest of what the stem's rule wants near it that stands so, before or behind; 0: none. */
static uint32_t
near_len(const struct catalog_scan *scan, size_t n, const struct text_hit *stem)
{
	uint32_t best = 0;

	for (size_t i = 0; i < n; i++) {
		const struct indexed_text *w = scan->stems[i].words;

		if (w->use == TEXT_USE_WITH && w->owner == stem->words->owner && w->literal_len > best &&
		    is_near(stem->found, scan->stems[i].found))
			best = w->literal_len;
	}
	return best;
}

static struct catalog_match
choose_by_stems(const struct catalog *c, struct catalog_scan *scan, const struct catalog_query *q)
{
	const size_t n = text_index_find(&c->stems, scan->text, scan->stems);
	struct catalog_match best = { 0 }, of_sender = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct text_hit *stem = &scan->stems[i];
		const uint32_t rule = stem->words->owner;
		struct catalog_match m = { .rule = &c->rules[rule], .hit = stem, .by_stem = true };
		uint32_t near = c->conditions[rule].near ? near_len(scan, n, stem) : 0;

		if (stem->words->use != TEXT_USE_TEXT || (c->conditions[rule].near && near == 0))
			continue;
		m.rank = rank_of(c, NULL, rule, stem->words, q, &m);
		m.rank += m.rank ? (uint64_t)near << 8 : 0;
		keep_better(&best, &m);
		if (c->conditions[rule].sender)
			keep_better(&of_sender, &m);
	}
	return believed(c, &best, &of_sender);
}

/* Whether stems may say more than the codes. */
static bool
leaves_room(const struct catalog *c, const struct catalog_query *q, const struct catalog_match *codes)
{
	if (q->provider != NULL && q->provider->all_words_known)
		return false;
	return codes->rule == NULL || asks_of(c, codes->rule)->yields;
}

struct catalog_match
catalog_choose(
    const struct catalog *c, struct catalog_scan *scan, const struct catalog_query *q, struct catalog_match *by_codes)
{
	const struct catalog_match by_words = choose_by_words(c, scan, q);
	struct catalog_match by_stems;

	*by_codes = choose_by_codes(c, q);
	if (by_words.rule != NULL && !asks_of(c, by_words.rule)->vague)
		return is_outranked(c, &by_words, by_codes) ? *by_codes : by_words;
	if (leaves_room(c, q, by_codes)) {
		by_stems = choose_by_stems(c, scan, q);
		if (by_stems.rule != NULL && !is_outranked(c, &by_stems, by_codes))
			return by_stems;
	}
	return by_words.rule == NULL || is_outranked(c, &by_words, by_codes) ? *by_codes : by_words;
}
