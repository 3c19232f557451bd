/* A scenario: the judges come to an end within their limits, a pass has its proof, and the same answers give the same. */
#include <stdlib.h>

#include "auth/fuzz_scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 64 };

static bool
spf_within_limits(const struct spf_evaluation *e)
{
	return e->n_steps <= SPF_STEPS_MAX &&
	    (e->result == SPF_PERMERROR || (e->lookups <= SPF_LOOKUPS_MAX && e->void_lookups <= SPF_VOID_LOOKUPS_MAX));
}

static bool
within_limits(const struct authentication *a)
{
	return spf_within_limits(&a->spf) && spf_within_limits(&a->helo) && a->dmarc.walk.n <= TREE_WALK_QUERIES_MAX &&
	    a->dkim.n <= DKIM_SIGNATURES_MAX && a->arc.n <= ARC_SETS_MAX && a->n_identifiers <= DMARC_IDENTIFIERS_MAX;
}

/* A pass of DMARC has an identifier that is aligned and passed; one of DKIM a signature that fits. */
static bool
passes_are_earned(const struct authentication *a)
{
	bool aligned = false, signature = false;

	for (size_t i = 0; i < a->n_identifiers; i++)
		aligned = aligned ||
		    ((a->dmarc.view.aligned >> i & 1) != 0 && a->identifiers[i].state == DMARC_AUTHENTICATED);
	for (size_t i = 0; i < a->dkim.n; i++)
		signature = signature ||
		    (a->dkim.checks[i].result == DKIM_PASS && a->dkim.checks[i].body_hash_matches &&
			a->dkim.checks[i].header_matches && !a->dkim.checks[i].weak);
	return (a->dmarc.view.result != DMARC_PASS || (aligned && a->dmarc.author_domain.len > 0)) &&
	    (a->dkim.result != DKIM_PASS || signature);
}

static bool
are_equal(const struct authentication *a, const struct authentication *b)
{
	bool equal = a->spf.result == b->spf.result && a->spf.lookups == b->spf.lookups &&
	    a->spf.n_steps == b->spf.n_steps && a->helo.result == b->helo.result &&
	    a->iprev.result == b->iprev.result && a->dkim.result == b->dkim.result && a->dkim.n == b->dkim.n &&
	    a->arc.result == b->arc.result && a->arc.n == b->arc.n && a->dmarc.view.result == b->dmarc.view.result &&
	    a->dmarc.old.result == b->dmarc.old.result && a->dmarc.view.policy == b->dmarc.view.policy &&
	    span_equal(a->dmarc.author_domain, b->dmarc.author_domain) &&
	    authentication_doubt(a) == authentication_doubt(b) &&
	    authentication_acceptance(a) == authentication_acceptance(b);

	for (size_t i = 0; equal && i < a->dkim.n; i++)
		equal = a->dkim.checks[i].result == b->dkim.checks[i].result &&
		    a->dkim.checks[i].problem == b->dkim.checks[i].problem &&
		    a->findings.damage[i].header == b->findings.damage[i].header &&
		    a->findings.damage[i].body == b->findings.damage[i].body &&
		    a->findings.search[i].damage == b->findings.search[i].damage;
	return equal;
}

static void
judge(struct scenario *s)
{
	const struct authentication_query q = scenario_query(s);
	struct authentication *a = arena_take(s->arena, sizeof(*a)), *again = arena_take(s->arena, sizeof(*again));
	struct dns_answers *answers = arena_take(s->arena, sizeof(*answers));
	unsigned rounds = 0;

	dns_answers_init(answers, s->arena);
	authentication_init(s->arena, s->crypto, &q, a);
	while (!authentication_evaluate(s->arena, &q, answers, a)) {
		if (rounds++ == ROUNDS_MAX || answers->n_wanted == 0)
			abort();
		zone_answer(&s->zone, answers);
	}
	if (!within_limits(a) || !passes_are_earned(a))
		abort();
	answers->n_wanted = 0;
	authentication_init(s->arena, s->crypto, &q, again);
	if (!authentication_evaluate(s->arena, &q, answers, again) || !are_equal(a, again))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct scenario s;

	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size }))
		judge(&s);
	scenario_end(&s);
	return 0;
}
