#include "receiver/receiver.h"

#include "base/template.h"
#include "catalog/rule_reply.h"
#include "message/header.h"
#include "message/message.h"

static void
refuse(struct receiver_answer *a, const struct policy_row *row, struct span domain, enum confidence confidence)
{
	for (size_t i = 0; i < a->n; i++)
		if (span_equal(a->replies[i].rule, row->rule))
			return;
	if (a->n < RECEIVER_REPLIES_MAX)
		a->replies[a->n++] = (struct receiver_reply){
			.rule = row->rule, .temporary = row->temporary, .domain = domain, .confidence = confidence
		};
}

/* Keys under 1024 bit were refused by the judge already. */
static bool
counts(const struct policy *policy, const struct dkim_check *c)
{
	return c->result == DKIM_PASS && (!policy->rsa_only || c->signature.algorithm == DKIM_RSA_SHA256);
}

static bool
any_signature_counts(const struct receiver_facts *f)
{
	for (size_t i = 0; i < f->found->dkim.n; i++)
		if (counts(f->policy, &f->found->dkim.checks[i]))
			return true;
	return false;
}

/* Whether DMARC passes by what this receiver counts. */
static bool
is_aligned(const struct receiver_facts *f)
{
	const struct dmarc_view *v = &f->found->dmarc.view;

	return v->spf_aligned || (v->dkim_aligned && any_signature_counts(f));
}

/* Whether anything that could still authenticate it is not known now. */
static bool
is_unknown(const struct authentication *a)
{
	return (a->has_spf && a->spf.result == SPF_TEMPERROR) || a->dkim.result == DKIM_TEMPERROR;
}

/* What a concern's test has before it, and what it says besides. */
struct trial {
	const struct receiver_facts *facts;
	const struct authentication *found;
	const struct dmarc_view *dmarc;
	const struct receiver_answer *answer;
	struct span domain; /* it is said of; beforehand SPF's */
	enum confidence confidence; /* beforehand likely */
};

static bool
has_no_name(struct trial *t, bool is_v6)
{
	const enum iprev_result iprev = t->found->iprev.result;

	return t->facts->query->has_ip && t->facts->query->ip.is_v6 == is_v6 &&
	    (iprev == IPREV_FAIL || iprev == IPREV_PERMERROR);
}

static bool
minds_ptr(struct trial *t)
{
	return has_no_name(t, false);
}

static bool
minds_ptr_ipv6(struct trial *t)
{
	return has_no_name(t, true);
}

static bool
minds_plain_text(struct trial *t)
{
	return t->facts->tls == RECEIVER_TLS_NO;
}

static bool
minds_size(struct trial *t)
{
	return t->facts->limit > 0 && t->facts->size > t->facts->limit;
}

static bool
minds_attachment(struct trial *t)
{
	t->domain = t->facts->attachment;
	return t->facts->attachment.len > 0;
}

static bool
minds_dmarc_dns(struct trial *t)
{
	t->domain = t->found->dmarc.author_domain;
	return t->facts->form != NULL && t->dmarc->result == DMARC_TEMPERROR &&
	    t->dmarc->applied == DMARC_POLICY_REJECT;
}

static bool
minds_dmarc(struct trial *t)
{
	t->domain = t->dmarc->policy_domain;
	t->confidence = CONFIDENCE_CERTAIN;
	return t->facts->form != NULL && t->dmarc->applied == DMARC_POLICY_REJECT &&
	    (t->dmarc->result == DMARC_FAIL || (t->dmarc->result == DMARC_PASS && !is_aligned(t->facts)));
}

static bool
is_unauthenticated(const struct trial *t)
{
	return t->facts->form != NULL && t->found->has_spf && !t->answer->spf_counts && !t->answer->dkim_counts &&
	    !is_unknown(t->found);
}

static bool
minds_spf_fail(struct trial *t)
{
	return is_unauthenticated(t) && t->found->spf.result == SPF_FAIL;
}

static bool
minds_unauthenticated(struct trial *t)
{
	t->confidence = CONFIDENCE_CERTAIN;
	return is_unauthenticated(t) && t->found->spf.result != SPF_FAIL;
}

static bool
minds_spf_missing(struct trial *t)
{
	return t->found->has_spf && !t->answer->spf_counts && t->found->spf.result != SPF_TEMPERROR;
}

static bool
minds_dkim_missing(struct trial *t)
{
	t->domain = t->found->dmarc.author_domain;
	return t->facts->form != NULL && !t->answer->dkim_counts && t->found->dkim.result != DKIM_TEMPERROR;
}

static bool
minds_dmarc_missing(struct trial *t)
{
	t->domain = t->found->dmarc.author_domain;
	return t->dmarc->policy_domain.len == 0 && t->dmarc->result == DMARC_NONE;
}

static bool
minds_alignment(struct trial *t)
{
	t->domain = t->found->dmarc.author_domain;
	return t->facts->form != NULL && t->dmarc->result == DMARC_FAIL;
}

/* What is told of the session alone is not asked here: NULL. */
static bool (*const minds[CONCERN_FORM])(struct trial *t) = {
	[CONCERN_SIZE] = minds_size,
	[CONCERN_PTR] = minds_ptr,
	[CONCERN_PTR_IPV6] = minds_ptr_ipv6,
	[CONCERN_NO_TLS] = minds_plain_text,
	[CONCERN_ATTACHMENT] = minds_attachment,
	[CONCERN_DMARC_DNS] = minds_dmarc_dns,
	[CONCERN_DMARC] = minds_dmarc,
	[CONCERN_SPF_FAIL] = minds_spf_fail,
	[CONCERN_UNAUTHENTICATED] = minds_unauthenticated,
	[CONCERN_SPF_MISSING] = minds_spf_missing,
	[CONCERN_DKIM_MISSING] = minds_dkim_missing,
	[CONCERN_DMARC_MISSING] = minds_dmarc_missing,
	[CONCERN_ALIGNMENT] = minds_alignment,
};

static bool
minds_form(struct trial *t, enum form_kind kind)
{
	const struct rfc5322_form *form = t->facts->form;

	for (size_t i = 0; form != NULL && i < form->n; i++)
		if (form->findings[i].kind == kind) {
			t->domain = form->findings[i].field;
			return true;
		}
	return false;
}

void
receiver_judge(const struct receiver_facts *f, struct receiver_answer *answer)
{
	*answer = (struct receiver_answer){ .n = 0 };
	answer->spf_counts = f->found->has_spf && f->found->spf.result == SPF_PASS;
	answer->dkim_counts = any_signature_counts(f);
	for (size_t i = 0; i < f->policy->n; i++) {
		const struct policy_row *row = &f->policy->rows[i];
		struct trial t = { f, f->found, &f->found->dmarc.view, answer, f->found->spf.domain,
			CONFIDENCE_LIKELY };

		if (row->concern >= CONCERN_FORM ? minds_form(&t, (enum form_kind)(row->concern - CONCERN_FORM))
						 : minds[row->concern] != NULL && minds[row->concern](&t))
			refuse(answer, row, t.domain, t.confidence);
	}
	for (size_t i = 0; i < answer->n; i++) {
		answer->replies[i].size = f->size;
		answer->replies[i].limit = f->limit;
	}
}

static void
put_hole(struct out *out, struct span name, const struct receiver_reply *r, const struct receiver_words *words)
{
	char text[IP_ADDRESS_TEXT_MAX] = "<IP>";

	if (span_equal(name, span_of("ip")))
		out_span(
		    out, (struct span){ text, words->ip != NULL ? ip_address_write(words->ip, text) : strlen(text) });
	else if (span_equal(name, span_of("size")))
		out_number(out, r->size);
	else if (span_equal(name, span_of("limit")))
		out_number(out, r->limit);
	else
		out_span(out, r->domain);
}

static void
put_line(struct out *out, struct span line, const struct receiver_reply *r, const struct receiver_words *words)
{
	struct span literal, name;

	while (template_take(&line, &literal, &name)) {
		out_span(out, literal);
		put_hole(out, name, r, words);
	}
	out_span(out, literal);
}

static void
put_ending(struct out *out, struct span word)
{
	if (word.len == 0)
		return;
	out_char(out, ' ');
	out_span(out, word);
}

bool
receiver_write_reply(
    struct out *out, const struct receiver_reply *r, const struct rule *rule, const struct receiver_words *words)
{
	struct rule_reply reply;

	if (rule == NULL || !rule_reply_find(rule, r->temporary, &reply))
		return false;
	for (size_t i = 0; i < reply.n; i++) {
		const bool last = i + 1 == reply.n;

		out_number(out, reply.code);
		out_char(out, last ? ' ' : '-');
		out_span(out, reply.status);
		out_str(out, span_starts_folded(reply.lines[i], "https:") ? "  " : " ");
		put_line(out, reply.lines[i], r, words);
		if (last) {
			put_ending(out, words->id);
			put_ending(out, rule->provider != NULL ? words->ending : (struct span){ "", 0 });
		}
		out_char(out, '\n');
	}
	return true;
}

static struct span
file_name(struct arena *arena, struct span header)
{
	struct span name = mime_find_param(arena, header_find(header, "Content-Disposition"), "filename");

	if (name.at == NULL || name.len == 0)
		name = mime_find_param(arena, header_find(header, "Content-Type"), "name");
	return name.at == NULL ? name : span_trim(header_decode(arena, name));
}

struct span
receiver_find_attachment(struct arena *arena, const struct policy *policy, struct span bytes)
{
	struct message message;

	if (policy->attachments.len == 0)
		return (struct span){ "", 0 };
	message_parse(arena, bytes, &message);
	for (size_t i = 0; i < message.n_parts; i++) {
		const struct span name = file_name(arena, message.parts[i].header);

		if (name.at != NULL && policy_blocks_file(policy, name))
			return name;
	}
	return (struct span){ "", 0 };
}
