#include "diagnose/repair_dmarc.h"

static struct span
join(struct arena *arena, const char *label, struct span name)
{
	const size_t n = strlen(label);
	char *to = arena_take(arena, n + name.len);

	memcpy(to, label, n);
	memcpy(to + n, name.at, name.len);
	return (struct span){ to, n + name.len };
}

/* SPF of the author domain for the same host, and DMARC with that in place of the return path that was. */
static bool
try_return_path(struct arena *arena, const struct dmarc_query *query, const struct dmarc_evaluation *e,
    const struct ip_address *address, struct dns_answers *answers, struct repair_dmarc *r)
{
	const struct spf_query spf = { .ip = *address,
		.helo = e->author_domain,
		.mail_from = join(arena, "postmaster@", e->author_domain),
		.receiver = { "", 0 } };
	struct dmarc_evaluation *trial = arena_take_items(arena, 1, sizeof(*trial));
	struct dmarc_identifier id = { .method = DMARC_BY_SPF, .state = DMARC_AUTHENTICATED };
	struct dmarc_query q = *query;

	r->has_address = true;
	spf_evaluate(arena, &spf, answers, &r->return_path);
	if (r->return_path.result != SPF_PASS)
		return r->return_path.result != SPF_NEEDS_ANSWERS;
	id.domain = r->return_path.domain;
	q.identifiers = &id;
	q.n_identifiers = 1;
	dmarc_evaluate(arena, &q, answers, trial);
	r->return_path_passes = trial->view.result == DMARC_PASS;
	return trial->view.result != DMARC_NEEDS_ANSWERS;
}

/* "aspf=s" → "aspf=r", whatever blanks stand there. */
static struct span
relax(struct arena *arena, struct span text)
{
	const struct span copy = arena_copy(arena, text);
	char *at = (char *)copy.at;

	for (size_t i = 0; i < copy.len;) {
		const size_t n = span_index(span_skip(copy, i), ';'), equals = span_index(span_skip(copy, i), '=');
		const struct span name = span_trim(span_first(span_skip(copy, i), equals));

		if (equals < n &&
		    (span_equal_folded(name, span_of("aspf")) || span_equal_folded(name, span_of("adkim"))))
			for (size_t k = i + equals; k < i + n; k++)
				at[k] = ascii_lower(at[k]) == 's' ? 'r' : at[k];
		i += n + 1;
	}
	return copy;
}

static bool
try_relaxing(struct arena *arena, const struct dmarc_query *query, const struct dmarc_evaluation *e,
    struct dns_answers *answers, struct repair_dmarc *r)
{
	const struct span name = join(arena, "_dmarc.", e->view.policy_domain), text = relax(arena, e->view.text);
	const struct dns_record record = { .data = text };
	const struct dns_answer *txt = dns_answers_find(answers, name, DNS_TXT);
	struct dmarc_evaluation *trial = arena_take_items(arena, 1, sizeof(*trial));
	struct dns_answer before, after;

	if (txt == NULL)
		return false;
	before = after = *txt;
	after.records = &record;
	after.n_records = 1;
	dns_answers_put(answers, &after);
	dmarc_evaluate(arena, query, answers, trial);
	dns_answers_put(answers, &before);
	r->relaxing_passes = trial->view.result == DMARC_PASS;
	r->relaxed = text;
	return trial->view.result != DMARC_NEEDS_ANSWERS;
}

bool
repair_dmarc(struct arena *arena, const struct dmarc_query *query, const struct dmarc_evaluation *e,
    const struct ip_address *address, struct dns_answers *answers, struct repair_dmarc *r)
{
	bool known = true;

	*r = (struct repair_dmarc){ .relaxed = { "", 0 } };
	if (e->view.result != DMARC_FAIL)
		return true;
	if (address != NULL)
		known = try_return_path(arena, query, e, address, answers, r);
	if (e->view.record.strict_spf || e->view.record.strict_dkim)
		known = try_relaxing(arena, query, e, answers, r) && known;
	return known;
}
