#include "diagnose/candidates.h"

#include <string.h>

#include <stddef.h>

#include "catalog/load.h"
#include "catalog/stanza.h"

enum { STATUS_OVER_CODE = 1000, OWN_OVER_ANY = 100 };

/* The best so far, in order. */
struct ranking {
	struct candidate *all;
	unsigned ranks[CANDIDATES_MAX];
	size_t n;
};

static void
drop(struct ranking *r, size_t at)
{
	r->n--;
	memmove(r->ranks + at, r->ranks + at + 1, (r->n - at) * sizeof(r->ranks[0]));
	memmove(r->all + at, r->all + at + 1, (r->n - at) * sizeof(r->all[0]));
}

/* Each cause once, by what fits it best. */
static void
rank(struct ranking *r, const struct catalog_common *c, unsigned rank)
{
	size_t at;

	for (size_t i = 0; i < r->n; i++) {
		if (r->all[i].cause != c->cause)
			continue;
		if (r->ranks[i] >= rank)
			return;
		drop(r, i);
		break;
	}
	for (at = r->n; at > 0 && r->ranks[at - 1] < rank; at--)
		;
	if (at == CANDIDATES_MAX)
		return;
	r->n += r->n < CANDIDATES_MAX;
	memmove(r->ranks + at + 1, r->ranks + at, (r->n - at - 1) * sizeof(r->ranks[0]));
	memmove(r->all + at + 1, r->all + at, (r->n - at - 1) * sizeof(r->all[0]));
	r->ranks[at] = rank;
	r->all[at] = (struct candidate){ .cause = c->cause, .text = { "", 0 }, .weight = c->weight };
}

/* A status says more than a code, a receiver's own number more than all's. */
static void
rank_all(struct ranking *r, const struct catalog *catalog, uint16_t code, struct enhanced_status status,
    const struct provider *provider)
{
	uint32_t n;
	const struct catalog_common *c = catalog_commons(catalog, code, status, &n);

	for (uint32_t i = 0; i < n; i++)
		if (c[i].provider == NULL || c[i].provider == provider)
			rank(r, &c[i],
			    c[i].weight + (code == 0 ? STATUS_OVER_CODE : 0u) +
				(c[i].provider != NULL ? OWN_OVER_ANY : 0u));
}

/* The first words of a rule. */
static struct span
text_of(const struct rule *rule)
{
	struct stanza st = { rule->stanza, 1 };
	struct stanza_field f;

	while (stanza_take_field(&st, &f))
		if (span_equal(f.name, span_of("Text")))
			return f.value;
	return (struct span){ "", 0 };
}

/* Words a person will recognise: no service's field, no hole. */
static bool
is_prose(struct span text)
{
	return text.len > 0 && memchr(text.at, ':', text.len) == NULL && memchr(text.at, '{', text.len) == NULL;
}

static bool
asks_for(const struct rule_conditions *a, uint16_t code, struct enhanced_status s)
{
	for (size_t i = 0; i < a->n_statuses; i++)
		if (a->statuses[i].class == s.class && a->statuses[i].subject == s.subject &&
		    a->statuses[i].detail == s.detail)
			return true;
	for (size_t i = 0; i < a->n_codes; i++)
		if (a->codes[i] == code)
			return true;
	return false;
}

/* The rule whose words tell a cause apart: the receiver's own, one that asks these codes, or the first of all. */
static void
find_rule(const struct catalog *c, uint16_t code, struct enhanced_status status, const struct provider *provider,
    struct candidate *candidate)
{
	const ptrdiff_t cause = candidate->cause - c->causes;
	unsigned best = 0;

	for (uint32_t k = c->by_cause_at[cause]; k < c->by_cause_at[cause + 1]; k++) {
		const uint32_t i = c->by_cause[k];
		const struct rule *r = &c->rules[i];
		unsigned fit;

		if (r->provider != NULL && r->provider != provider)
			continue;
		fit = 1u + (r->provider != NULL ? 8u : 0) + (asks_for(&c->conditions[i], code, status) ? 2u : 0) +
		    (is_prose(text_of(r)) ? 4u : 0);
		if (fit > best) {
			best = fit;
			candidate->rule = r;
		}
	}
	if (candidate->rule != NULL)
		candidate->text = text_of(candidate->rule);
}

size_t
candidates_find(const struct catalog *c, uint16_t code, struct enhanced_status status, const struct provider *provider,
    struct candidate *candidates)
{
	struct ranking r = { .all = candidates };

	if (status.class != 0)
		rank_all(&r, c, 0, status, provider);
	if (code != 0)
		rank_all(&r, c, code, (struct enhanced_status){ 0 }, provider);
	while (r.n > 0 && r.ranks[0] > STATUS_OVER_CODE && r.ranks[r.n - 1] < STATUS_OVER_CODE)
		r.n--; /* what the code alone would mean is not meant */
	for (size_t i = 0; i < r.n; i++)
		find_rule(c, code, status, provider, &candidates[i]);
	return r.n;
}
