#include "receiver/gmail.h"

#include "catalog/stanza.h"

static void
refuse(struct gmail_answer *a, const char *rule, uint16_t code, const char *status, struct span domain,
    enum confidence confidence)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->replies[i].rule, rule) == 0)
			return;
	if (a->n < GMAIL_REPLIES_MAX)
		a->replies[a->n++] = (struct gmail_reply){ rule, code, status, domain, confidence };
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
judge_form(const struct message_form *form, struct gmail_answer *answer)
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

	for (size_t i = 0; form != NULL && i < form->n; i++) {
		const char *rule = rules[form->findings[i].kind];
		const bool size = rule != NULL && strcmp(rule, "google.header-size") == 0;
		const bool malformed = rule != NULL && strcmp(rule, "google.malformed") == 0;
		const bool hops = form->findings[i].kind == FORM_HOPS;

		if (rule != NULL)
			refuse(answer, rule,
			    size                    ? 552
				: malformed || hops ? 554
						    : 550,
			    size            ? "5.3.4"
				: malformed ? "5.6.0"
				: hops      ? "5.4.6"
					    : "5.7.1",
			    form->findings[i].field, CONFIDENCE_LIKELY);
	}
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
		refuse(answer, "google.dmarc-dns-temporary", 451, "4.7.26", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	else if ((v->result == DMARC_FAIL || (v->result == DMARC_PASS && !is_aligned(a))) && asks)
		refuse(answer, "google.dmarc-policy", 550, "5.7.26", v->policy_domain, CONFIDENCE_CERTAIN);
	if (answer->spf_counts || answer->dkim_counts || is_unknown(a) || !a->has_spf)
		return;
	if (is_hard_fail(&a->spf))
		refuse(answer, "google.spf-hard-fail", 550, "5.7.26", a->spf.domain, CONFIDENCE_LIKELY);
	else
		refuse(answer, "google.unauthenticated", 550, "5.7.26", a->spf.domain, CONFIDENCE_CERTAIN);
}

/* What is asked of those who send 5,000 a day. */
static void
judge_bulk(const struct gmail_query *q, struct gmail_answer *answer)
{
	const struct authentication *a = q->found;

	if (a->has_spf && !answer->spf_counts && a->spf.result != SPF_TEMPERROR)
		refuse(answer, "google.spf-required", 550, "5.7.27", a->spf.domain, CONFIDENCE_LIKELY);
	if (q->form != NULL && !answer->dkim_counts && a->dkim.result != DKIM_TEMPERROR)
		refuse(answer, "google.dkim-required", 550, "5.7.30", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	if (a->dmarc.view.policy_domain.len == 0 && a->dmarc.view.result == DMARC_NONE)
		refuse(answer, "google.dmarc-missing", 550, "5.7.40", a->dmarc.author_domain, CONFIDENCE_LIKELY);
	if (q->form != NULL && a->dmarc.view.result == DMARC_FAIL)
		refuse(answer, "google.alignment", 421, "4.7.32", a->dmarc.author_domain, CONFIDENCE_LIKELY);
}

static void
judge_host(const struct gmail_query *q, struct gmail_answer *answer)
{
	const enum iprev_result iprev = q->found->iprev.result;

	if (q->query->has_ip && (iprev == IPREV_FAIL || iprev == IPREV_PERMERROR)) {
		if (q->query->ip.is_v6)
			refuse(answer, "google.ipv6", 550, "5.7.1", q->found->spf.domain, CONFIDENCE_LIKELY);
		else
			refuse(answer, "google.ptr", 550, "5.7.25", q->found->spf.domain, CONFIDENCE_LIKELY);
	}
	if (q->tls == GMAIL_TLS_NO)
		refuse(answer, "google.tls-required", q->bulk ? 550 : 421, q->bulk ? "5.7.29" : "4.7.29",
		    q->found->spf.domain, CONFIDENCE_LIKELY);
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

/* The words, a line each, holes and all: the stanza's Reply. */
static bool
find_words(const struct rule *rule, struct span *words)
{
	struct stanza st = { rule->stanza, 1 };
	struct stanza_field f;

	while (stanza_take_field(&st, &f))
		if (span_equal(f.name, span_of("Reply"))) {
			*words = f.value;
			return true;
		}
	return false;
}

static void
put_line(struct out *out, struct span line, struct span domain, struct span ip)
{
	while (line.len > 0) {
		const size_t open = span_index(line, '{'), close = span_index(span_skip(line, open), '}');
		const struct span name = open < line.len && open + close < line.len
		    ? span_first(span_skip(line, open + 1), close - 1)
		    : (struct span){ "", 0 };

		out_span(out, span_first(line, open));
		line = span_skip(line, open);
		if (name.len == 0) {
			out_span(out, span_first(line, 1));
			line = span_skip(line, line.len > 0);
			continue;
		}
		out_span(out, span_equal(name, span_of("ip")) ? ip : domain);
		line = span_skip(line, close + 1);
	}
}

bool
gmail_write_reply(struct out *out, const struct gmail_reply *r, const struct rule *rule, const struct ip_address *ip)
{
	char text[IP_ADDRESS_TEXT_MAX] = "";
	struct span rest, ip_text = { text, 0 };

	if (rule == NULL || !find_words(rule, &rest))
		return false;
	if (ip != NULL)
		ip_text.len = ip_address_write(ip, text);
	rest = span_trim(rest);
	while (rest.len > 0) {
		const size_t n = span_index(rest, '\n');
		const struct span line = span_trim(span_first(rest, n));

		rest = span_skip(rest, n < rest.len ? n + 1 : n);
		out_number(out, r->code);
		out_char(out, rest.len > 0 ? '-' : ' ');
		out_str(out, r->status);
		out_str(out, line.at != NULL && span_starts_folded(line, "https:") ? "  " : " ");
		put_line(out, line, r->domain, ip_text);
		out_str(out, rest.len > 0 ? "\n" : " - gsmtp\n");
	}
	return true;
}
