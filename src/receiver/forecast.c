#include "receiver/forecast.h"

static struct authentication *
copy_of(struct arena *arena, const struct authentication *a)
{
	struct authentication *copy = arena_take(arena, sizeof(*copy));

	*copy = *a;
	return copy;
}

/* MAIL FROM's domain where it is known, else the author's. */
static struct span
spf_domain_of(const struct authentication *a)
{
	for (size_t i = 0; i < a->n_identifiers; i++)
		if (a->identifiers[i].method == DMARC_BY_SPF && a->identifiers[i].domain.len > 0)
			return a->identifiers[i].domain;
	return a->dmarc.author_domain;
}

/* Only where SPF alone was missing can it decide. */
static void
decide_dmarc(struct authentication *a, bool passes)
{
	if (a->dmarc.view.result == DMARC_UNKNOWN)
		a->dmarc.view.result = passes ? DMARC_PASS : DMARC_FAIL;
}

static void
suppose_spf(struct authentication *a, bool passes)
{
	a->has_spf = true;
	a->spf = (struct spf_evaluation){ .result = passes ? SPF_PASS : SPF_NEUTRAL, .domain = spf_domain_of(a) };
	a->dmarc.view.spf_aligned = passes && a->dmarc.view.result == DMARC_UNKNOWN;
	decide_dmarc(a, passes);
}

/* By the author's domain. */
static void
suppose_signature(struct authentication *a)
{
	a->dkim.n = 1;
	a->dkim.result = DKIM_PASS;
	a->dkim.checks[0] = (struct dkim_check){ .result = DKIM_PASS, .key_bits = 2048 };
	a->dkim.checks[0].signature.algorithm = DKIM_RSA_SHA256;
	a->dkim.checks[0].signature.domain = a->dmarc.author_domain;
	a->dmarc.view.dkim_aligned = true;
	if (a->dmarc.view.policy_domain.len > 0)
		a->dmarc.view.result = DMARC_PASS;
}

static void
add_case(struct forecast *f, const struct receiver_facts *q, enum forecast_when when, const struct authentication *a)
{
	struct receiver_facts supposed = *q;

	supposed.found = a;
	f->cases[f->n].when = when;
	receiver_judge(&supposed, &f->cases[f->n++].answer);
}

static bool
is_same(const struct receiver_answer *a, const struct receiver_answer *b)
{
	if (a->n == 0 || b->n == 0)
		return a->n == b->n;
	return span_equal(a->replies[0].rule, b->replies[0].rule);
}

void
forecast_make(
    struct arena *arena, const struct receiver_facts *q, const struct forecast_unknown *unknown, struct forecast *f)
{
	struct authentication *worse = copy_of(arena, q->found), *better = copy_of(arena, q->found);
	const bool spf = !q->found->has_spf && !unknown->spf_never_passes, signature = unknown->signature;

	f->n = 0;
	if (!q->found->has_spf) {
		suppose_spf(worse, false);
		suppose_spf(better, spf);
	}
	if (signature)
		suppose_signature(better);
	if (!spf && !signature) {
		add_case(f, q, FORECAST_WHATEVER, worse);
		return;
	}
	add_case(f, q, !signature ? FORECAST_SPF_PASSES_NOT : spf ? FORECAST_NEITHER : FORECAST_UNSIGNED, worse);
	add_case(f, q,
	    !signature                        ? FORECAST_SPF_PASSES
		: !spf                        ? FORECAST_SIGNED
		: policy_asks_both(q->policy) ? FORECAST_BOTH
					      : FORECAST_EITHER,
	    better);
	if (is_same(&f->cases[0].answer, &f->cases[1].answer)) {
		f->cases[0].when = FORECAST_WHATEVER;
		f->n = 1;
	}
}

bool
forecast_is_refused(const struct forecast *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->cases[i].answer.n == 0)
			return false;
	return f->n > 0;
}

bool
forecast_is_undecided(const struct forecast *f)
{
	return f->n == 2 && f->cases[0].answer.n > 0 && f->cases[1].answer.n == 0;
}
