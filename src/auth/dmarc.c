#include "auth/dmarc.h"

#include "dns/idn.h"

const char *
dmarc_result_name(enum dmarc_result result)
{
	static const char *const names[] = { "none", "pass", "fail", "temperror", "permerror", "unknown",
		"needs answers" };

	return names[result];
}

const char *
dmarc_tag_name(enum dmarc_tag tag)
{
	static const char *const names[] = { "", "p", "sp", "np" };

	return names[tag];
}

static void
say(struct dmarc_view *v, enum dmarc_result result, enum problem problem, struct span at)
{
	v->result = result;
	v->problem = problem;
	v->problem_at = at;
}

/* Precisely one author domain, or the reason why not. RFC 9989 section 5.3.1 */
static enum problem
find_author_domain(struct arena *arena, const struct authors *authors, struct span *domain, bool *mapped)
{
	struct span one;

	*domain = (struct span){ "", 0 };
	*mapped = false;
	if (authors->n_fields == 0)
		return PROBLEM_AUTHOR_NO_FIELD;
	if (authors->n_fields > 1)
		return PROBLEM_AUTHOR_SEVERAL_FIELDS;
	if (authors->fault != PROBLEM_NONE)
		return authors->fault;
	if (authors->n == 0)
		return PROBLEM_AUTHOR_NOBODY;
	for (size_t i = 0; i < authors->n; i++) {
		if (authors->all[i].domain.len == 0 || !idn_to_ascii(arena, authors->all[i].domain, &one))
			return PROBLEM_AUTHOR_NO_DOMAIN;
		if (domain->len > 0 && !span_equal(*domain, one))
			return PROBLEM_AUTHOR_SEVERAL_DOMAINS;
		*domain = one;
		*mapped = *mapped || idn_is_mapped(authors->all[i].domain, one);
	}
	return authors->cut ? PROBLEM_AUTHOR_TOO_MANY : PROBLEM_NONE;
}

/* Without p= it is p=none (RFC 9989 section 4.7); RFC 7489 wants one, and knows no np. */
static bool
is_sound(const struct dmarc_record *r, bool old)
{
	return (r->p >= DMARC_POLICY_NONE || (r->p == DMARC_POLICY_ABSENT && !old)) && r->sp != DMARC_POLICY_UNSOUND &&
	    (old || r->np != DMARC_POLICY_UNSOUND);
}

/* A record without a sound policy counts as p=none where it asks for reports, and for nothing else.
   RFC 9989 section 4.10.1, RFC 7489 section 6.6.3 */
static void
apply(struct dmarc_view *v, const struct policy_lookup *l, enum dmarc_tag tag, bool old)
{
	const struct dmarc_record *r = &l->record;

	v->text = l->text;
	v->secure = l->secure;
	v->record = *r;
	if (!is_sound(r, old)) {
		if (!r->has_reports) {
			say(v, DMARC_NONE, PROBLEM_DMARC_NO_POLICY, l->text);
			return;
		}
		tag = DMARC_TAG_P;
		v->policy = DMARC_POLICY_NONE;
	} else {
		v->policy = tag == DMARC_TAG_SP   ? r->sp
		    : tag == DMARC_TAG_NP         ? r->np
		    : r->p != DMARC_POLICY_ABSENT ? r->p
						  : DMARC_POLICY_NONE;
	}
	v->policy_domain = l->domain;
	v->tag = tag;
	v->applied = v->policy;
}

/* sp where the author domain exists, np where it does not, p for want of these. RFC 9989 section 4.10.1 */
static enum dmarc_tag
subdomain_tag(struct dns_answers *answers, struct span author, const struct dmarc_record *r, struct dmarc_view *v)
{
	const struct dns_answer *a;

	if (r->np > DMARC_POLICY_UNSOUND) {
		a = dns_answers_find(answers, author, DNS_A);
		if (a == NULL || a->result == DNS_FAILED) {
			say(v, a ? DMARC_TEMPERROR : DMARC_NEEDS_ANSWERS, PROBLEM_DMARC_EXISTENCE_UNKNOWN, author);
			return DMARC_TAG_ABSENT;
		}
		if (a->result == DNS_NO_NAME)
			return DMARC_TAG_NP;
	}
	return r->sp > DMARC_POLICY_UNSOUND ? DMARC_TAG_SP : DMARC_TAG_P;
}

static bool
take_own_or_failed(struct dmarc_view *v, const struct policy_lookup *own, bool old)
{
	if (own->found == POLICY_FAILED)
		say(v, DMARC_TEMPERROR, PROBLEM_DMARC_LOOKUP_FAILED, own->domain);
	else if (own->found == POLICY_FOUND)
		apply(v, own, DMARC_TAG_P, old);
	return own->found == POLICY_FAILED || own->found == POLICY_FOUND;
}

static void
take_parent(struct dmarc_view *v, struct dns_answers *answers, struct span author, const struct policy_lookup *l)
{
	const enum dmarc_tag tag = subdomain_tag(answers, author, &l->record, v);

	if (tag != DMARC_TAG_ABSENT)
		apply(v, l, tag, false);
}

/* The author domain's record, its organizational domain's, or the public suffix domain's. RFC 9989 section 4.10.1 */
static void
discover(struct dmarc_view *v, struct dns_answers *answers, struct dmarc_evaluation *e)
{
	const struct tree_walk *w = &e->walk;
	const struct policy_lookup *several = w->steps[0].found == POLICY_SEVERAL ? &w->steps[0] : NULL;

	v->organizational_domain = w->organizational_domain;
	if (take_own_or_failed(v, &w->steps[0], false))
		return;
	if (w->failed) {
		say(v, DMARC_TEMPERROR, PROBLEM_DMARC_LOOKUP_FAILED, e->author_domain);
		return;
	}
	for (size_t i = 1; i < w->n; i++) {
		if (w->steps[i].found == POLICY_SEVERAL && several == NULL)
			several = &w->steps[i];
		if (w->steps[i].found == POLICY_FOUND && span_equal(w->steps[i].domain, w->organizational_domain)) {
			take_parent(v, answers, e->author_domain, &w->steps[i]);
			return;
		}
	}
	if (w->psd != NULL)
		take_parent(v, answers, e->author_domain, w->psd);
	else if (several != NULL)
		say(v, DMARC_NONE, PROBLEM_DMARC_SEVERAL_RECORDS, several->domain);
	else
		say(v, DMARC_NONE, PROBLEM_DMARC_NO_RECORD, e->author_domain);
	for (size_t i = 0; i < w->n && e->astray == NULL && v->problem == PROBLEM_DMARC_NO_RECORD; i++)
		if (w->steps[i].astray.len > 0)
			e->astray = &w->steps[i];
}

enum aligned { ALIGNED, NOT_ALIGNED, ALIGNED_UNKNOWN, ALIGNED_MISSING };

/* Two names that share no label have no organizational domain in common. */
static bool
are_related(struct span a, struct span b)
{
	const char *x = memrchr(a.at, '.', a.len), *y = memrchr(b.at, '.', b.len);
	const struct span top_a = x ? (struct span){ x + 1, (size_t)(a.at + a.len - x - 1) } : a,
			  top_b = y ? (struct span){ y + 1, (size_t)(b.at + b.len - y - 1) } : b;

	return span_equal(top_a, top_b);
}

/* RFC 9989 section 4.10.2 */
static enum aligned
align(
    struct arena *arena, struct dns_answers *answers, const struct dmarc_evaluation *e, struct span domain, bool strict)
{
	struct tree_walk *w;

	if (span_equal(domain, e->author_domain))
		return ALIGNED;
	if (strict || !are_related(domain, e->author_domain))
		return NOT_ALIGNED;
	w = arena_take(arena, sizeof(*w));
	if (!tree_walk(arena, answers, domain, &e->walk, w))
		return ALIGNED_MISSING;
	if (w->failed || e->walk.failed)
		return ALIGNED_UNKNOWN;
	return span_equal(w->organizational_domain, e->walk.organizational_domain) ? ALIGNED : NOT_ALIGNED;
}

static bool
is_at_or_below(struct span name, struct span domain)
{
	return name.len >= domain.len && span_equal(span_skip(name, name.len - domain.len), domain) &&
	    (name.len == domain.len || name.at[name.len - domain.len - 1] == '.');
}

/* RFC 7489 section 3.1. Between the author and its organizational domain every name has the same one; outside of that
   domain none has. */
static enum aligned
align_old(
    struct arena *arena, const struct dmarc_query *q, const struct dmarc_evaluation *e, struct span domain, bool strict)
{
	const struct span mine = e->old.organizational_domain;

	if (span_equal(domain, e->author_domain))
		return ALIGNED;
	if (strict || !is_at_or_below(domain, mine))
		return NOT_ALIGNED;
	return is_at_or_below(e->author_domain, domain) || !public_suffixes_divide(arena, q->suffixes, domain, mine)
	    ? ALIGNED
	    : NOT_ALIGNED;
}

/* RFC 9989 sections 5.3.3 to 5.3.6: pass, fail, or not to be told now. */
static void
judge(struct arena *arena, const struct dmarc_query *q, struct dns_answers *answers, const struct dmarc_evaluation *e,
    struct dmarc_view *v, bool old)
{
	bool missing = false, unknown = false, not_told = false;

	for (size_t i = 0; i < q->n_identifiers; i++) {
		const struct dmarc_identifier *id = &q->identifiers[i];
		const bool by_spf = id->method == DMARC_BY_SPF,
			   strict = by_spf ? v->record.strict_spf : v->record.strict_dkim;
		enum aligned aligned;
		struct span domain;

		not_told = not_told || (id->state == DMARC_NOT_TOLD && id->domain.len == 0);
		if (id->state == DMARC_NOT_AUTHENTICATED || id->domain.len == 0 ||
		    !idn_to_ascii(arena, id->domain, &domain))
			continue;
		aligned = old ? align_old(arena, q, e, domain, strict) : align(arena, answers, e, domain, strict);
		missing = missing || aligned == ALIGNED_MISSING;
		unknown = unknown || aligned == ALIGNED_UNKNOWN ||
		    (aligned == ALIGNED && id->state == DMARC_UNKNOWN_NOW);
		not_told = not_told || (aligned == ALIGNED && id->state == DMARC_NOT_TOLD);
		if (aligned == ALIGNED && id->state == DMARC_AUTHENTICATED) {
			*(by_spf ? &v->spf_aligned : &v->dkim_aligned) = true;
			v->aligned |= 1U << i;
		}
	}
	if (missing)
		say(v, DMARC_NEEDS_ANSWERS, PROBLEM_NONE, (struct span){ "", 0 });
	else if (v->spf_aligned || v->dkim_aligned)
		say(v, DMARC_PASS, PROBLEM_NONE, (struct span){ "", 0 });
	else if (not_told)
		say(v, DMARC_UNKNOWN, PROBLEM_DMARC_SPF_NOT_TOLD, (struct span){ "", 0 });
	else if (unknown)
		say(v, DMARC_TEMPERROR, PROBLEM_DMARC_UNDECIDED, (struct span){ "", 0 });
	else
		say(v, DMARC_FAIL, PROBLEM_NONE, (struct span){ "", 0 });
}

/* Nobody passes for an author whom a mail reader may show as another. */
static void
doubt(const struct authors *authors, struct dmarc_view *v)
{
	if (v->result == DMARC_PASS && authors->doubt != PROBLEM_NONE)
		say(v, DMARC_PERMERROR, authors->doubt, (struct span){ "", 0 });
}

/* t=y: one level lower. RFC 9989 section 4.7 */
static void
soften(struct dmarc_view *v)
{
	if (v->record.test && v->applied > DMARC_POLICY_NONE)
		v->applied--;
}

/* pct=0: the policy below it applies to all; between 0 and 100 to some, which nobody can foretell.
   RFC 7489 section 6.6.4 */
static void
soften_by_percentage(struct dmarc_view *v)
{
	if (v->record.pct.len > 0 && span_equal(v->record.pct, span_of("0")) && v->applied > DMARC_POLICY_NONE)
		v->applied--;
}

static void
evaluate_old(struct arena *arena, const struct dmarc_query *q, struct dns_answers *answers, struct dmarc_evaluation *e)
{
	struct dmarc_view *v = &e->old;
	struct policy_lookup l;

	v->organizational_domain = organizational_domain_by_suffix(arena, q->suffixes, e->author_domain);
	l = e->walk.steps[0];
	if (!take_own_or_failed(v, &l, true)) {
		say(v, DMARC_NONE, PROBLEM_DMARC_NO_RECORD, e->author_domain);
		if (l.found != POLICY_SEVERAL && !span_equal(v->organizational_domain, e->author_domain)) {
			policy_look_up(arena, answers, v->organizational_domain, &l);
			if (l.found == POLICY_MISSING)
				say(v, DMARC_NEEDS_ANSWERS, PROBLEM_NONE, (struct span){ "", 0 });
			else if (l.found == POLICY_FAILED)
				say(v, DMARC_TEMPERROR, PROBLEM_DMARC_LOOKUP_FAILED, l.domain);
			else if (l.found == POLICY_FOUND)
				apply(v, &l, l.record.sp > DMARC_POLICY_UNSOUND ? DMARC_TAG_SP : DMARC_TAG_P, true);
		}
	}
	if (v->policy_domain.len > 0) {
		judge(arena, q, answers, e, v, true);
		soften_by_percentage(v);
	}
}

void
dmarc_evaluate(
    struct arena *arena, const struct dmarc_query *q, struct dns_answers *answers, struct dmarc_evaluation *e)
{
	static const struct dmarc_view nothing = { .organizational_domain = { "", 0 },
		.policy_domain = { "", 0 },
		.text = { "", 0 },
		.problem_at = { "", 0 } };
	enum problem problem = find_author_domain(arena, q->authors, &e->author_domain, &e->mapped);

	e->view = e->old = nothing;
	e->differs = false;
	e->astray = NULL;
	e->walk.n = 0;
	if (problem != PROBLEM_NONE) {
		e->author_domain = (struct span){ "", 0 };
		say(&e->view, DMARC_PERMERROR, problem, (struct span){ "", 0 });
		say(&e->old, DMARC_PERMERROR, problem, (struct span){ "", 0 });
		return;
	}
	if (!tree_walk(arena, answers, e->author_domain, NULL, &e->walk)) {
		say(&e->view, DMARC_NEEDS_ANSWERS, PROBLEM_NONE, (struct span){ "", 0 });
		return;
	}
	discover(&e->view, answers, e);
	if (e->view.policy_domain.len > 0) {
		judge(arena, q, answers, e, &e->view, false);
		soften(&e->view);
		doubt(q->authors, &e->view);
	}
	evaluate_old(arena, q, answers, e);
	doubt(q->authors, &e->old);
	if (e->old.result == DMARC_NEEDS_ANSWERS)
		e->view.result = DMARC_NEEDS_ANSWERS;
	e->differs = e->view.result != e->old.result || e->view.applied != e->old.applied ||
	    !span_equal(e->view.organizational_domain, e->old.organizational_domain);
}
