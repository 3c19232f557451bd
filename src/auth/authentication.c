#include "auth/authentication.h"

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
gather_identifiers(const struct authentication_query *q, struct authentication *a)
{
	const size_t at = q->mail_from.len > 0 ? span_index(q->mail_from, '@') : 0;

	a->n_identifiers = 0;
	if (a->has_spf)
		add_identifier(
		    a, DMARC_BY_SPF, a->spf.domain, a->spf.result == SPF_PASS, a->spf.result == SPF_TEMPERROR);
	else
		a->identifiers[a->n_identifiers++] = (struct dmarc_identifier){ .method = DMARC_BY_SPF,
			.state = DMARC_NOT_TOLD,
			.domain = at < q->mail_from.len ? span_skip(q->mail_from, at + 1) : q->helo };
	for (size_t i = 0; i < a->dkim.n; i++)
		add_identifier(a, DMARC_BY_DKIM, a->dkim.checks[i].signature.domain,
		    a->dkim.checks[i].result == DKIM_PASS, a->dkim.checks[i].result == DKIM_TEMPERROR);
}

/* Most of the work, so it is not done again for what SPF and DMARC still ask. */
static void
verify_signatures(const struct authentication_query *q, struct dns_answers *answers, struct authentication *a)
{
	if (a->signatures_known)
		return;
	dkim_verify(&a->message, q->now, answers, &a->dkim);
	arc_validate(&a->message, q->now, answers, &a->arc);
	a->signatures_known = a->dkim.result != DKIM_NEEDS_ANSWERS && a->arc.result != ARC_NEEDS_ANSWERS;
}

bool
authentication_evaluate(
    struct arena *arena, const struct authentication_query *q, struct dns_answers *answers, struct authentication *a)
{
	struct dmarc_query dmarc = { .authors = &a->authors, .identifiers = a->identifiers, .suffixes = q->suffixes };
	bool complete = evaluate_host(arena, q, answers, a);

	verify_signatures(q, answers, a);
	complete = complete && a->signatures_known;
	gather_identifiers(q, a);
	dmarc.n_identifiers = a->n_identifiers;
	dmarc_evaluate(arena, &dmarc, answers, &a->dmarc);
	if (!complete || a->dmarc.view.result == DMARC_NEEDS_ANSWERS)
		return false;
	a->signatures_known = !dkim_findings_collect(&a->message, &a->dkim, answers, &a->findings);
	return !a->signatures_known;
}

enum authentication_acceptance
authentication_acceptance(const struct authentication *a)
{
	const bool passes = a->dkim.result == DKIM_PASS || (a->has_spf && a->spf.result == SPF_PASS);
	const bool unknown = a->dkim.result == DKIM_TEMPERROR || !a->has_spf || a->spf.result == SPF_TEMPERROR;

	switch (a->dmarc.view.result) {
	case DMARC_PASS: return AUTHENTICATION_ACCEPTED;
	case DMARC_TEMPERROR:
	case DMARC_UNKNOWN:
	case DMARC_NEEDS_ANSWERS: return AUTHENTICATION_UNKNOWN_NOW;
	case DMARC_NONE:
		return passes ? AUTHENTICATION_ACCEPTED : unknown ? AUTHENTICATION_UNKNOWN_NOW : AUTHENTICATION_REFUSED;
	default: return AUTHENTICATION_REFUSED;
	}
}

/* An identifier that proves all of the message, and the author domain beyond what is registered: it is the very name, or
   belongs to it by the public suffix list, too. */
static bool
is_whole_proof(const struct authentication *a, size_t i)
{
	const struct dmarc_identifier *id = &a->identifiers[i];
	const size_t n_spf = a->n_identifiers - a->dkim.n;
	const struct dkim_check *c = id->method == DMARC_BY_DKIM ? &a->dkim.checks[i - n_spf] : NULL;

	return c == NULL || !c->signature.has_length || c->signature.length >= c->body_size;
}

enum authentication_doubt
authentication_doubt(const struct authentication *a)
{
	const struct dmarc_view *v = &a->dmarc.view;
	bool own = false, whole = false;

	if (v->result != DMARC_PASS)
		return DOUBT_NONE;
	for (size_t i = 0; i < a->n_identifiers; i++) {
		const bool mine = (v->aligned >> i & 1) != 0 &&
		    ((a->dmarc.old.aligned >> i & 1) != 0 ||
			span_equal_folded(a->identifiers[i].domain, a->dmarc.author_domain));

		own = own || mine;
		whole = whole || (mine && is_whole_proof(a, i));
	}
	return !own ? DOUBT_SHARED_SUFFIX : !whole ? DOUBT_PART : a->dmarc.mapped ? DOUBT_MAPPED : DOUBT_NONE;
}
