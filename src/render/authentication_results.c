#include "render/authentication_results.h"

#include "record/auth_results.h"
#include "render/problem.h"

static void
write_spf(struct out *out, const struct spf_evaluation *e, const char *property, struct span identity)
{
	auth_results_add(out, "spf", spf_result_name(e->result));
	if (e->problem != PROBLEM_NONE && e->result != SPF_NONE)
		auth_results_comment(out, span_of(problem_words(e->problem, LANG_EN)));
	auth_results_property(out, "smtp", property, identity);
}

static void
write_dkim(struct out *out, const struct dkim_check *c)
{
	const struct span b = c->signature.signature;

	auth_results_add(out, "dkim", dkim_result_name(c->result));
	if (c->problem != PROBLEM_NONE)
		auth_results_comment(out, span_of(problem_words(c->problem, LANG_EN)));
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
	if (d->view.result == DMARC_UNKNOWN) /* RFC 8601 section 2.7 has no word for it */
		return;
	auth_results_add(out, "dmarc", dmarc_result_name(d->view.result));
	if (d->view.problem != PROBLEM_NONE)
		auth_results_comment(out, span_of(problem_words(d->view.problem, LANG_EN)));
	if (d->author_domain.len > 0)
		auth_results_property(out, "header", "from", d->author_domain);
	if (d->view.policy_domain.len > 0)
		auth_results_property(out, "policy", "dmarc", span_of(dmarc_policy_name(d->view.applied)));
}

void
authentication_results_write(
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
