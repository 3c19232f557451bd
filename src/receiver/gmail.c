#include "receiver/gmail.h"

#include "base/template.h"
#include "catalog/rule_reply.h"

static void
refuse(struct gmail_answer *a, const char *rule, struct span domain, enum confidence confidence)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->replies[i].rule, rule) == 0)
			return;
	if (a->n < GMAIL_REPLIES_MAX)
		a->replies[a->n++] = (struct gmail_reply){ rule, false, domain, confidence };
}

/* A signature that Gmail counts: RSA of at least 1024 bit. */
static bool
counts(const struct dkim_check *c)
{
	return c->result == DKIM_PASS && c->signature.algorithm == DKIM_RSA_SHA256;
}

/* Whether DMARC passes by what Gmail counts. */
static bool
is_aligned(const struct authentication *a)
{
	const struct dmarc_view *v = &a->dmarc.view;
	bool rsa = false;

	for (size_t i = 0; i < a->dkim.n; i++)
		rsa = rsa || counts(&a->dkim.checks[i]);
	return v->spf_aligned || (v->dkim_aligned && rsa);
}

static void
judge_form(const struct rfc5322_form *form, struct gmail_answer *answer)
{
	static const char *const rules[FORM_KINDS] = { [FORM_NO_FROM] = "google.from-missing",
		[FORM_FROM_UNREADABLE] = "google.from-missing",
		[FORM_SEVERAL_AUTHORS] = "google.from-multiple",
		[FORM_SEVERAL_FROM] = "google.duplicate-headers",
		[FORM_NO_MESSAGE_ID] = "google.message-id-missing",
		[FORM_BAD_MESSAGE_ID] = "google.message-id-missing",
		[FORM_DUPLICATE] = "google.duplicate-headers",
		[FORM_RAW_8BIT] = "google.unicode-header",
		[FORM_ENCODED_WORD] = "google.malformed-header",
		[FORM_HEADER_SIZE] = "google.header-size",
		[FORM_TOO_MANY_FIELDS] = "google.header-size",
		[FORM_VALUE_SIZE] = "google.header-size",
		[FORM_SUBJECT_SIZE] = "google.header-size",
		[FORM_LONG_MESSAGE_ID] = "google.header-size",
		[FORM_BAD_FIELD] = "google.malformed",
		[FORM_BARE_LF] = "google.malformed",
		[FORM_BARE_CR] = "google.malformed",
		[FORM_HOPS] = "google.loop" };

	for (size_t i = 0; form != NULL && i < form->n; i++)
		if (rules[form->findings[i].kind] != NULL)
			refuse(answer, rules[form->findings[i].kind], form->findings[i].field, CONFIDENCE_LIKELY);
}

static bool
is_hard_fail(const struct spf_evaluation *e)
{
	return e->result == SPF_FAIL;
}

/* Whether anything that could still authenticate it is not known now. */
static bool
is_unknown(const struct authentication *a)
{
	return (a->has_spf && a->spf.result == SPF_TEMPERROR) || a->dkim.result == DKIM_TEMPERROR;
}

static void
judge_authentication(const struct authentication *a, struct gmail_answer *answer)
{
	const struct dmarc_view *v = &a->dmarc.view;
	const bool asks = v->applied == DMARC_POLICY_REJECT;

	if (v->result == DMARC_TEMPERROR && asks)
		refuse(answer, "google.dmarc-dns-temporary", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	else if ((v->result == DMARC_FAIL || (v->result == DMARC_PASS && !is_aligned(a))) && asks)
		refuse(answer, "google.dmarc-policy", v->policy_domain, CONFIDENCE_CERTAIN);
	if (answer->spf_counts || answer->dkim_counts || is_unknown(a) || !a->has_spf)
		return;
	if (is_hard_fail(&a->spf))
		refuse(answer, "google.spf-hard-fail", a->spf.domain, CONFIDENCE_LIKELY);
	else
		refuse(answer, "google.unauthenticated", a->spf.domain, CONFIDENCE_CERTAIN);
}

/* What is asked of those who send 5,000 a day. */
static void
judge_bulk(const struct gmail_query *q, struct gmail_answer *answer)
{
	const struct authentication *a = q->found;

	if (a->has_spf && !answer->spf_counts && a->spf.result != SPF_TEMPERROR)
		refuse(answer, "google.spf-required", a->spf.domain, CONFIDENCE_LIKELY);
	if (q->form != NULL && !answer->dkim_counts && a->dkim.result != DKIM_TEMPERROR)
		refuse(answer, "google.dkim-required", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	if (a->dmarc.view.policy_domain.len == 0 && a->dmarc.view.result == DMARC_NONE)
		refuse(answer, "google.dmarc-missing", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	if (q->form != NULL && a->dmarc.view.result == DMARC_FAIL)
		refuse(answer, "google.alignment", a->dmarc.author_domain, CONFIDENCE_LIKELY);
}

static void
judge_host(const struct gmail_query *q, struct gmail_answer *answer)
{
	const enum iprev_result iprev = q->found->iprev.result;

	if (q->query->has_ip && (iprev == IPREV_FAIL || iprev == IPREV_PERMERROR)) {
		if (q->query->ip.is_v6)
			refuse(answer, "google.ipv6", q->found->spf.domain, CONFIDENCE_LIKELY);
		else
			refuse(answer, "google.ptr", q->found->spf.domain, CONFIDENCE_LIKELY);
	}
	if (q->tls == GMAIL_TLS_NO) {
		refuse(answer, "google.tls-required", q->found->spf.domain, CONFIDENCE_LIKELY);
		answer->replies[answer->n - 1].temporary = !q->bulk;
	}
}

void
gmail_judge(const struct gmail_query *q, struct gmail_answer *answer)
{
	const struct authentication *a = q->found;

	*answer = (struct gmail_answer){ .n = 0 };
	answer->spf_counts = a->has_spf && a->spf.result == SPF_PASS;
	for (size_t i = 0; i < a->dkim.n; i++)
		answer->dkim_counts = answer->dkim_counts || counts(&a->dkim.checks[i]);
	judge_host(q, answer);
	if (q->form != NULL) {
		judge_form(q->form, answer);
		judge_authentication(a, answer);
	}
	if (q->bulk)
		judge_bulk(q, answer);
}

static void
put_line(struct out *out, struct span line, struct span domain, struct span ip)
{
	struct span literal, name;

	while (template_take(&line, &literal, &name)) {
		out_span(out, literal);
		out_span(out, span_equal(name, span_of("ip")) ? ip : domain);
	}
	out_span(out, literal);
}

bool
gmail_write_reply(struct out *out, const struct gmail_reply *r, const struct rule *rule, const struct ip_address *ip)
{
	char text[IP_ADDRESS_TEXT_MAX] = "<IP>";
	const struct span ip_text = { text, ip != NULL ? ip_address_write(ip, text) : strlen(text) };
	struct rule_reply reply;

	if (rule == NULL || !rule_reply_find(rule, r->temporary, &reply))
		return false;
	for (size_t i = 0; i < reply.n; i++) {
		const bool last = i + 1 == reply.n;

		out_number(out, reply.code);
		out_char(out, last ? ' ' : '-');
		out_span(out, reply.status);
		out_str(out, span_starts_folded(reply.lines[i], "https:") ? "  " : " ");
		put_line(out, reply.lines[i], r->domain, ip_text);
		out_str(out, last ? " - gsmtp\n" : "\n");
	}
	return true;
}
