#include "diagnose/confirm.h"

#include "dns/idn.h"
#include "message/header.h"
#include "grammar/line_ends.h"
#include "message/mailbox.h"
#include "message/received.h"

enum confirm_by
confirm_by_of(const struct verdict *v)
{
	return v->cause != NULL ? v->cause->confirm : CONFIRM_BY_NOTHING;
}

static bool
has_field(struct span header, const char *name)
{
	return header_find(header, name).at != NULL;
}

/* The message's own words on how it came by. */
static unsigned
read_header_hints(struct span header)
{
	unsigned hints = 0;

	if (has_field(header, "x-forwarded-for") || has_field(header, "x-forwarded-to") ||
	    has_field(header, "resent-from") || has_field(header, "x-original-to"))
		hints |= HINT_FORWARDED;
	if (has_field(header, "list-id") || has_field(header, "list-post"))
		hints |= HINT_LIST;
	return hints;
}

static bool
is_rewritten(struct span sender)
{
	return span_starts_folded(sender, "srs0") || span_starts_folded(sender, "srs1");
}

static unsigned
read_hints(const struct verdict *v, const struct confirmation *c, bool has_ip, struct span header)
{
	const struct failure *f = v->failure;
	unsigned hints = header.len > 0 ? read_header_hints(header) : 0;

	if (is_rewritten(f->sender) ||
	    (f->original_recipient.len > 0 && !span_equal_folded(f->original_recipient, f->recipient)))
		hints |= HINT_FORWARDED;
	if (f->null_sender)
		hints |= HINT_NULL_SENDER;
	if (has_ip && c->ip.is_v6)
		hints |= HINT_IPV6;
	return hints;
}

/* The sender where it is of the domain that was judged; else anybody of that domain. */
static struct span
mail_from_of(struct arena *arena, const struct verdict *v, struct span domain)
{
	const struct span sender = v->failure->sender, told = mailbox_domain(sender);
	static const char who[] = "postmaster@";
	char *to;

	if (told.len > 0 && span_equal_folded(told, domain))
		return sender;
	to = arena_take(arena, sizeof(who) + domain.len);
	memcpy(to, who, sizeof(who) - 1);
	memcpy(to + sizeof(who) - 1, domain.at, domain.len);
	return (struct span){ to, sizeof(who) - 1 + domain.len };
}

/* False: answers are missing. */
static bool
evaluate_spf(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v, struct span domain,
    struct dns_answers *answers, struct confirmation *c)
{
	c->has_spf = true;
	c->query = (struct spf_query){ .ip = c->ip,
		.helo = domain,
		.mail_from = mail_from_of(arena, v, domain),
		.receiver = { "", 0 },
		.now = tools->now };
	spf_evaluate(arena, &c->query, answers, &c->spf);
	return c->spf.result != SPF_NEEDS_ANSWERS;
}

static enum confirm_state
state_of_spf(enum spf_result result)
{
	return result == SPF_PASS ? CONFIRM_MENDED : result == SPF_TEMPERROR ? CONFIRM_UNKNOWN : CONFIRM_STILL;
}

static bool
confirm_spf(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v,
    struct dns_answers *answers, struct confirmation *c)
{
	const bool known = evaluate_spf(arena, tools, v, c->domain, answers, c);

	iprev_evaluate(arena, &c->ip, answers, &c->iprev);
	if (!known || c->iprev.result == IPREV_NEEDS_ANSWERS)
		return false;
	c->state = state_of_spf(c->spf.result);
	return c->state != CONFIRM_STILL || repair_spf(arena, tools->catalog, &c->query, answers, &c->spf, &c->repair);
}

static bool
confirm_ptr(struct arena *arena, struct dns_answers *answers, struct confirmation *c)
{
	iprev_evaluate(arena, &c->ip, answers, &c->iprev);
	c->state = c->iprev.result == IPREV_PASS ? CONFIRM_MENDED
	    : c->iprev.result == IPREV_TEMPERROR ? CONFIRM_UNKNOWN
						 : CONFIRM_STILL;
	return c->iprev.result != IPREV_NEEDS_ANSWERS;
}

/* Whether the receiver's refusal would still follow from the record. */
static enum confirm_state
state_of_dmarc(enum confirm_by by, const struct dmarc_view *d)
{
	if (d->result == DMARC_TEMPERROR)
		return CONFIRM_UNKNOWN;
	if (by == CONFIRM_DMARC_RECORD)
		return d->policy_domain.len > 0 ? CONFIRM_MENDED : CONFIRM_STILL;
	if (d->result == DMARC_PASS)
		return CONFIRM_MENDED;
	if (by == CONFIRM_DMARC_POLICY)
		return d->applied > DMARC_POLICY_NONE ? CONFIRM_STILL : CONFIRM_MENDED;
	return CONFIRM_STILL;
}

static bool
confirm_dmarc(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v, bool has_ip,
    struct dns_answers *answers, struct confirmation *c)
{
	const struct span sender_domain = mailbox_domain(v->failure->sender);
	struct dmarc_identifier ids[DMARC_IDENTIFIERS_MAX];
	struct authors *authors = arena_take_items(arena, 1, sizeof(*authors));
	struct dmarc_query q = { .authors = authors, .identifiers = ids, .suffixes = tools->suffixes };
	bool known = true;

	authors_add(arena, mail_from_of(arena, v, c->domain), authors);
	if (has_ip && sender_domain.len > 0) {
		known = evaluate_spf(arena, tools, v, sender_domain, answers, c);
		ids[q.n_identifiers++] = (struct dmarc_identifier){ DMARC_BY_SPF,
			c->spf.result == SPF_PASS            ? DMARC_AUTHENTICATED
			    : c->spf.result == SPF_TEMPERROR ? DMARC_UNKNOWN_NOW
							     : DMARC_NOT_AUTHENTICATED,
			c->spf.domain };
	}
	for (size_t i = 0; c->has_dkim && i < c->dkim.n && q.n_identifiers < DMARC_IDENTIFIERS_MAX; i++)
		ids[q.n_identifiers++] = (struct dmarc_identifier){ DMARC_BY_DKIM,
			c->dkim.checks[i].result == DKIM_PASS ? DMARC_AUTHENTICATED : DMARC_NOT_AUTHENTICATED,
			c->dkim.checks[i].signature.domain };
	dmarc_evaluate(arena, &q, answers, &c->dmarc);
	c->state = state_of_dmarc(c->about, &c->dmarc.view);
	return known && c->dmarc.view.result != DMARC_NEEDS_ANSWERS &&
	    repair_dmarc(arena, &q, &c->dmarc, has_ip ? &c->ip : NULL, answers, &c->dmarc_repair);
}

/* What the last host that took it in from outside found then: the refusing receiver never had that header. */
static void
look_at_border(struct arena *arena, struct span header, struct confirmation *c)
{
	struct span below = header;
	struct received r;

	if (!received_take_border(&below, &r))
		return;
	border_results_find(arena, span_first(header, header.len - below.len), below, r.by, &c->border);
	if (c->border.authserv_id.len == 0)
		c->border.authserv_id = r.by;
	if (c->border.trusted && c->about != CONFIRM_PTR &&
	    (span_equal_folded(border_results_of(&c->border, "dkim"), span_of("pass")) ||
		span_equal_folded(border_results_of(&c->border, "dmarc"), span_of("pass"))))
		c->hints |= HINT_PASSED_BEFORE;
}

/* The returned message's signatures. False: answers are missing. */
static bool
look_at_returned(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v,
    struct dns_answers *answers, struct confirmation *c, struct span *header)
{
	const struct failure *f = v->failure;
	struct dkim_message m;

	if (f->returned.len == 0)
		return true;
	dkim_message_init(&m, arena, tools->crypto, line_ends_restore(arena, f->returned, NULL));
	*header = m.header;
	look_at_border(arena, m.header, c);
	dkim_verify(&m, tools->now, answers, &c->dkim);
	if (c->dkim.n_found == 0)
		c->hints |= HINT_UNSIGNED;
	if (c->dkim.n > 0)
		c->signer = c->dkim.checks[0].signature.domain;
	c->has_dkim = f->returned_whole && c->dkim.n > 0;
	if (!c->has_dkim)
		return true;
	if (c->dkim.result == DKIM_NEEDS_ANSWERS || !dkim_findings_collect(&m, &c->dkim, answers, &c->findings))
		return false;
	if (c->dkim.result == DKIM_FAIL && !c->dkim.checks[0].body_hash_matches)
		c->hints |= HINT_BODY_CHANGED;
	return true;
}

static enum confirm_state
state_of_dkim(const struct confirmation *c)
{
	if (!c->has_dkim)
		return CONFIRM_NOTHING;
	return c->dkim.result == DKIM_PASS     ? CONFIRM_MENDED
	    : c->dkim.result == DKIM_TEMPERROR ? CONFIRM_UNKNOWN
					       : CONFIRM_STILL;
}

static void
note_signer(const struct confirm_tools *tools, struct arena *arena, const struct span author, struct confirmation *c)
{
	const struct span mine = organizational_domain_by_suffix(arena, tools->suffixes, author);

	if (c->signer.len > 0 && author.len > 0 &&
	    !span_equal_folded(organizational_domain_by_suffix(arena, tools->suffixes, c->signer), mine))
		c->hints |= HINT_OTHER_SIGNER;
}

bool
confirm_evaluate(struct arena *arena, const struct confirm_tools *tools, const struct verdict *v,
    struct dns_answers *answers, struct confirmation *c)
{
	struct span domain = verdict_fact(v, "domain"), header = { "", 0 };
	const bool has_ip = ip_address_read(verdict_fact(v, "ip"), &c->ip);
	bool known;

	c->state = CONFIRM_NOTHING;
	c->hints = 0;
	c->has_spf = c->has_dkim = false;
	c->border = (struct border_results){ .n = 0 };
	c->signer = (struct span){ "", 0 };
	c->about = confirm_by_of(v);
	if (c->about == CONFIRM_BY_NOTHING)
		return true;
	if (domain.len == 0 && v->failure->sender.len > 0)
		domain = mailbox_domain(v->failure->sender);
	if (!idn_to_ascii(arena, domain, &c->domain))
		c->domain = (struct span){ "", 0 };
	c->zone = organizational_domain_by_suffix(arena, tools->suffixes, c->domain);
	known = look_at_returned(arena, tools, v, answers, c, &header);
	c->hints |= read_hints(v, c, has_ip, header);
	if (c->about == CONFIRM_PTR)
		return !has_ip || (confirm_ptr(arena, answers, c) && known);
	if (c->about == CONFIRM_DKIM) {
		c->state = known ? state_of_dkim(c) : CONFIRM_UNKNOWN;
		return known;
	}
	note_signer(tools, arena, c->domain, c);
	if (c->domain.len == 0 || (c->about == CONFIRM_SPF && !has_ip))
		return known;
	if (c->about == CONFIRM_SPF)
		return confirm_spf(arena, tools, v, answers, c) && known;
	return confirm_dmarc(arena, tools, v, has_ip, answers, c) && known;
}
