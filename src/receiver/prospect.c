#include "receiver/prospect.h"

static bool
is_to_be_mended(const struct authentication_query *q, const struct authentication *a)
{
	return q->has_ip && a->has_spf && a->spf.result != SPF_PASS && a->spf.result != SPF_TEMPERROR &&
	    a->spf.result != SPF_NEEDS_ANSWERS && authentication_acceptance(a) != AUTHENTICATION_ACCEPTED;
}

bool
prospect_evaluate(struct arena *arena, const struct catalog *catalog, const struct authentication_query *q,
    bool restored, const struct authentication *a, struct dns_answers *answers, struct prospect *p)
{
	struct rfc5322_form *form = arena_take_items(arena, 1, sizeof(*form));
	const struct policy *policy = policy_built_in("google");

	rfc5322_form_check(arena, q->message, restored, form);
	forecast_make(arena,
	    &(struct receiver_facts){ .policy = policy,
		.query = q,
		.found = a,
		.form = form,
		.attachment = receiver_find_attachment(arena, policy, q->message) },
	    &(struct forecast_unknown){ .signature = false }, &p->forecast);
	p->mended = is_to_be_mended(q, a);
	if (!p->mended)
		return true;
	p->query = (struct spf_query){
		.ip = q->ip, .helo = q->helo, .mail_from = q->mail_from, .receiver = q->receiver, .now = q->now
	};
	if (!repair_spf(arena, catalog, &p->query, answers, &a->spf, &p->repair))
		return false;
	p->zone = organizational_domain_by_suffix(arena, q->suffixes, p->repair.name);
	return true;
}
