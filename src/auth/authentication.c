#include "auth/authentication.h"

#include "wire/auth_results.h"

void
authentication_init(
    struct arena *arena, struct crypto *crypto, const struct authentication_query *query, struct authentication *a)
{
	memset(a, 0, sizeof(*a));
	dkim_message_init(&a->message, arena, crypto, query->message);
	authors_find(arena, a->message.header, &a->authors);
	a->has_spf = query->has_ip && (query->mail_from.len > 0 || (query->has_mail_from && query->helo.len > 0));
	a->has_helo = query->has_ip && query->helo.len > 0;
}

/* False: answers are missing. */
static bool
evaluate_host(
    struct arena *arena, const struct authentication_query *q, struct dns_answers *answers, struct authentication *a)
{
	struct spf_query spf = {
		.ip = q->ip, .helo = q->helo, .mail_from = q->mail_from, .receiver = q->receiver, .now = q->now
	};
	bool known = true;

	if (a->has_spf) {
		spf_evaluate(arena, &spf, answers, &a->spf);
		known = a->spf.result != SPF_NEEDS_ANSWERS;
	}
	spf.mail_from.len = 0;
	if (a->has_helo) {
		spf_evaluate(arena, &spf, answers, &a->helo);
		known = known && a->helo.result != SPF_NEEDS_ANSWERS;
	}
	if (q->has_ip) {
		iprev_evaluate(arena, &q->ip, answers, &a->iprev);
		known = known && a->iprev.result != IPREV_NEEDS_ANSWERS;
	}
	return known;
}

static void
add_identifier(struct authentication *a, enum dmarc_method method, struct span domain, bool passed, bool unknown)
{
	if (a->n_identifiers < DMARC_IDENTIFIERS_MAX)
		a->identifiers[a->n_identifiers++] = (struct dmarc_identifier){ .method = method,
			.domain = domain,
			.state = passed ? DMARC_AUTHENTICATED
			    : unknown   ? DMARC_UNKNOWN_NOW
					: DMARC_NOT_AUTHENTICATED };
}

/* What HELO's name passes counts only where there is no MAIL FROM. RFC 9989 section 4.4.2 */
static void
gather_identifiers(struct authentication *a)
{
	a->n_identifiers = 0;
	if (a->has_spf)
		add_identifier(
		    a, DMARC_BY_SPF, a->spf.domain, a->spf.result == SPF_PASS, a->spf.result == SPF_TEMPERROR);
	for (size_t i = 0; i < a->dkim.n; i++)
		add_identifier(a, DMARC_BY_DKIM, a->dkim.checks[i].signature.domain,
		    a->dkim.checks[i].result == DKIM_PASS, a->dkim.checks[i].result == DKIM_TEMPERROR);
}

bool
authentication_evaluate(
    struct arena *arena, const struct authentication_query *q, struct dns_answers *answers, struct authentication *a)
{
	struct dmarc_query dmarc = { .authors = &a->authors, .identifiers = a->identifiers, .suffixes = q->suffixes };
	bool complete = evaluate_host(arena, q, answers, a);

	dkim_verify(&a->message, q->now, answers, &a->dkim);
	arc_validate(&a->message, q->now, answers, &a->arc);
	complete = complete && a->dkim.result != DKIM_NEEDS_ANSWERS && a->arc.result != ARC_NEEDS_ANSWERS;
	gather_identifiers(a);
	dmarc.n_identifiers = a->n_identifiers;
	dmarc_evaluate(arena, &dmarc, answers, &a->dmarc);
	if (!complete || a->dmarc.view.result == DMARC_NEEDS_ANSWERS)
		return false;
	return dkim_findings_collect(&a->message, &a->dkim, answers, &a->findings);
}

static void
write_spf(struct out *out, const struct spf_evaluation *e, const char *property, struct span identity)
{
	auth_results_add(out, "spf", spf_result_name(e->result));
	if (e->problem != NULL && e->result != SPF_NONE)
		auth_results_comment(out, span_of(e->problem));
	auth_results_property(out, "smtp", property, identity);
}

static void
write_dkim(struct out *out, const struct dkim_check *c)
{
	const struct span b = c->signature.signature;

	auth_results_add(out, "dkim", dkim_result_name(c->result));
	if (c->problem != NULL)
		auth_results_comment(out, span_of(c->problem));
	if (c->signature.domain.len > 0)
		auth_results_property(out, "header", "d", c->signature.domain);
	if (c->signature.identity.len > 0)
		auth_results_property(out, "header", "i", c->signature.identity);
	if (c->signature.selector.len > 0)
		auth_results_property(out, "header", "s", c->signature.selector);
	if (c->signature.algorithm_name.len > 0)
		auth_results_property(out, "header", "a", c->signature.algorithm_name);
	if (b.len >= 8)
		auth_results_property(out, "header", "b", span_first(b, 8));
}

static void
write_dmarc(struct out *out, const struct dmarc_evaluation *d)
{
	auth_results_add(out, "dmarc", dmarc_result_name(d->view.result));
	if (d->view.problem != NULL)
		auth_results_comment(out, span_of(d->view.problem));
	if (d->author_domain.len > 0)
		auth_results_property(out, "header", "from", d->author_domain);
	if (d->view.policy_domain.len > 0)
		auth_results_property(out, "policy", "dmarc", span_of(dmarc_policy_name(d->view.applied)));
}

void
authentication_write_results(
    struct out *out, const struct authentication_query *q, const struct authentication *a, struct span authserv_id)
{
	char ip[IP_ADDRESS_TEXT_MAX];

	auth_results_begin(out, authserv_id);
	if (a->has_spf) {
		const bool by_helo = a->spf.by_helo;

		write_spf(out, &a->spf, by_helo ? "helo" : "mailfrom", by_helo ? q->helo : q->mail_from);
	}
	if (q->has_ip) {
		ip_address_write(&q->ip, ip);
		auth_results_add(out, "iprev", iprev_result_name(a->iprev.result));
		if (a->iprev.name.len > 0)
			auth_results_comment(out, a->iprev.name);
		auth_results_property(out, "policy", "iprev", span_of(ip));
	}
	for (size_t i = 0; i < a->dkim.n; i++)
		write_dkim(out, &a->dkim.checks[i]);
	if (a->dkim.n == 0)
		auth_results_add(out, "dkim", "none");
	auth_results_add(out, "arc", arc_result_name(a->arc.result));
	write_dmarc(out, &a->dmarc);
}
