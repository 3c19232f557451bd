#include "render/verify.h"

#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/json.h"
#include "render/sentence.h"
#include "render/record.h"
#include "render/spf.h"

static const char *const sources[][LANG_COUNT] = {
	[VERIFY_TOLD] = { "as given", "指定値" },
	[VERIFY_RECEIVED] = { "from the message's own Received:", "メールの Received から" },
	[VERIFY_RECEIVED_SPF] = { "from the message's own Received-SPF:", "メールの Received-SPF から" },
	[VERIFY_RETURN_PATH] = { "from the message's own Return-Path:", "メールの Return-Path から" },
	[VERIFY_UNKNOWN] = { "not known", "不明" },
};

static const char *const tokens[] = { "given", "received", "received-spf", "return-path", "unknown" };

/* {0} the author domain, {1} the policy */
static const char *
sentence(const struct authentication *a, enum lang lang)
{
	static const char *const says[][LANG_COUNT] = {
		{ "This mail is authenticated: {0} really sent it.",
		    "このメールは認証に通っています。{0} から送られたことを確認できました。" },
		{ "This mail fails DMARC, and {0} asks receivers to refuse it (p=reject).",
		    "このメールは DMARC 認証に失敗しています。{0} のポリシーは p=reject のため、受信側で拒否されます。" },
		{ "This mail fails DMARC, and {0} asks receivers to treat it as suspicious (p=quarantine).",
		    "このメールは DMARC 認証に失敗しています。{0} のポリシーは p=quarantine のため、迷惑メールとして扱われます。" },
		{ "This mail fails DMARC; {0} asks for nothing (p=none), so it is taken for this.",
		    "このメールは DMARC 認証に失敗していますが、{0} のポリシーは p=none のため、それだけでは拒否されません。" },
		{ "{0} has no DMARC policy, but SPF or DKIM passes.",
		    "{0} に DMARC ポリシーはありませんが、SPF か DKIM の認証には通っています。" },
		{ "Nothing authenticates this mail: neither SPF nor DKIM passes.",
		    "このメールは SPF にも DKIM にも通っておらず、認証されていません。" },
		{ "It cannot be told now: DNS answers are missing.",
		    "DNS の応答が得られないため、今は判定できません。" },
		{ "This mail has not one author that could be judged.",
		    "From の差出人が 1 つに決まらないため、判定できません。" },
	};
	const struct dmarc_view *d = &a->dmarc.view;
	const bool passes = a->dkim.result == DKIM_PASS || (a->has_spf && a->spf.result == SPF_PASS);
	const bool temporary = a->dkim.result == DKIM_TEMPERROR || (a->has_spf && a->spf.result == SPF_TEMPERROR);
	unsigned which = 0;

	switch (d->result) {
	case DMARC_PASS: which = 0; break;
	case DMARC_FAIL:
		which = d->applied == DMARC_POLICY_REJECT ? 1 : d->applied == DMARC_POLICY_QUARANTINE ? 2 : 3;
		break;
	case DMARC_NONE: which = passes ? 4 : temporary ? 6 : 5; break;
	case DMARC_PERMERROR: which = 7; break;
	default: which = 6; break;
	}
	return says[which][lang];
}

void
verify_write_sentence(struct out *out, enum lang lang, const struct verify_view *v)
{
	const struct span values[] = { v->found->dmarc.author_domain };

	sentence_put(out, sentence(v->found, lang), values);
}

static void
heading(struct out *out, const struct terminal *t, const char *word)
{
	out_char(out, '\n');
	terminal_style(t, out, STYLE_LABEL);
	out_str(out, word);
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
}

static void
put_fact(struct out *out, enum lang lang, const char *name, struct span value, enum verify_source source)
{
	out_str(out, name);
	terminal_escape(out, value);
	out_str(out, value.len > 0 ? lang == LANG_JA ? "(" : "  (" : "(");
	out_str(out, sources[source][lang]);
	out_str(out, lang == LANG_JA ? ")\n" : ")\n");
}

static void
put_connection(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v)
{
	const struct authentication_query *q = v->query;
	char ip[IP_ADDRESS_TEXT_MAX] = "";

	if (q->has_ip)
		ip_address_write(&q->ip, ip);
	heading(out, t, lang == LANG_JA ? "接続" : "Connection");
	put_fact(out, lang, "IP         ", span_of(ip), v->ip_source);
	put_fact(out, lang, "HELO       ", q->helo, v->helo_source);
	put_fact(out, lang, "MAIL FROM  ", q->has_mail_from && q->mail_from.len == 0 ? span_of("<>") : q->mail_from,
	    v->mail_from_source);
}

static void
put_iprev(struct out *out, const struct terminal *t, enum lang lang, const struct authentication *a)
{
	heading(out, t, lang == LANG_JA ? "逆引き(iprev)" : "Reverse DNS (iprev)");
	out_str(out, iprev_result_name(a->iprev.result));
	if (a->iprev.name.len > 0) {
		out_str(out, "  ");
		terminal_escape(out, a->iprev.name);
	}
	out_char(out, '\n');
}

static void
put_arc(struct out *out, const struct terminal *t, enum lang lang, const struct arc_evaluation *e)
{
	if (e->result == ARC_NONE)
		return;
	heading(out, t, "ARC");
	out_str(out, arc_result_name(e->result));
	if (e->problem != NULL) {
		out_str(out, "  i=");
		out_number(out, e->failed_at);
		out_str(out, ": ");
		out_str(out, dkim_problem(e->problem, lang));
		if (e->problem_at.len > 0) {
			out_str(out, ": ");
			terminal_escape(out, span_first(span_trim(e->problem_at), 120));
		}
	}
	out_char(out, '\n');
	for (unsigned i = 0; i < e->n; i++) {
		out_str(out, "  i=");
		out_number(out, i + 1);
		out_str(out, "  ");
		terminal_escape(out, e->sets[i].seal.signature.domain);
		out_str(out, "  cv=");
		terminal_escape(out, e->sets[i].seal.signature.chain);
		out_str(out, "  ");
		terminal_escape(out, e->sets[i].authentication_results);
		out_char(out, '\n');
	}
}

static void
put_results(struct out *out, const struct terminal *t, const struct verify_view *v)
{
	heading(out, t, "Authentication-Results");
	out_str(out, "Authentication-Results: ");
	authentication_write_results(out, v->query, v->found, v->authserv_id);
	out_char(out, '\n');
}

void
verify_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v)
{
	const struct authentication *a = v->found;
	const struct dmarc_query dmarc = { .identifiers = a->identifiers, .n_identifiers = a->n_identifiers };
	const struct spf_query spf = { .ip = v->query->ip };
	struct out words = { 0 };

	verify_write_sentence(&words, lang, v);
	terminal_style(t, out, v->accepted ? STYLE_GOOD : STYLE_BAD);
	terminal_paragraph(t, out, out_view(&words), 0);
	terminal_style(t, out, STYLE_PLAIN);
	out_deinit(&words);
	put_connection(out, t, lang, v);
	heading(out, t, "SPF");
	if (a->has_spf)
		spf_write_text(out, t, lang, &spf, &a->spf);
	else
		out_str(out,
		    lang == LANG_JA
			? "送信元の IP アドレスか MAIL FROM が分からないため、判定できません(--ip、--mail-from で指定)。\n"
			: "Not evaluated: the sending address or MAIL FROM is not known (--ip, --mail-from).\n");
	heading(out, t, "DKIM");
	dkim_write_text(out, t, lang, &a->dkim, &a->findings);
	heading(out, t, "DMARC");
	dmarc_write_text(out, t, lang, &dmarc, &a->dmarc);
	put_arc(out, t, lang, &a->arc);
	if (v->query->has_ip)
		put_iprev(out, t, lang, a);
	put_results(out, t, v);
}

static void
write_arc(struct out *out, const struct arc_evaluation *e)
{
	out_str(out, ",\"arc\":{\"result\":");
	json_write_string(out, span_of(arc_result_name(e->result)));
	json_write_number(out, "sets", e->n);
	json_write_number(out, "failed_at", e->failed_at);
	json_write_member(out, "problem", span_of(e->problem ? e->problem : ""));
	out_str(out, ",\"sealers\":[");
	for (unsigned i = 0; i < e->n; i++) {
		if (i > 0)
			out_char(out, ',');
		out_str(out, "{\"instance\":");
		out_number(out, i + 1);
		json_write_member(out, "domain", e->sets[i].seal.signature.domain);
		json_write_member(out, "cv", e->sets[i].seal.signature.chain);
		json_write_member(out, "authentication_results", e->sets[i].authentication_results);
		out_char(out, '}');
	}
	out_str(out, "]}");
}

static void
write_connection(struct out *out, const struct verify_view *v)
{
	const struct authentication_query *q = v->query;
	char ip[IP_ADDRESS_TEXT_MAX] = "";

	if (q->has_ip)
		ip_address_write(&q->ip, ip);
	json_write_member(out, "ip", span_of(ip));
	json_write_member(out, "ip_source", span_of(tokens[v->ip_source]));
	json_write_member(out, "helo", q->helo);
	json_write_member(out, "helo_source", span_of(tokens[v->helo_source]));
	json_write_member(out, "mail_from", q->mail_from);
	json_write_member(out, "mail_from_source", span_of(tokens[v->mail_from_source]));
}

void
verify_write_json(struct out *out, const struct verify_view *v)
{
	const struct authentication *a = v->found;
	struct out results = { 0 };

	out_str(out, v->accepted ? "{\"schema\":1,\"accepted\":true" : "{\"schema\":1,\"accepted\":false");
	write_connection(out, v);
	out_str(out, ",\"spf\":");
	if (a->has_spf)
		spf_write_object(out, &v->query->ip, &a->spf);
	else
		out_str(out, "null");
	out_str(out, ",\"helo_spf\":");
	if (a->has_helo)
		spf_write_object(out, &v->query->ip, &a->helo);
	else
		out_str(out, "null");
	out_str(out, ",\"iprev\":");
	if (v->query->has_ip) {
		out_str(out, "{\"result\":");
		json_write_string(out, span_of(iprev_result_name(a->iprev.result)));
		json_write_member(out, "name", a->iprev.name);
		json_write_member(out, "reverse_name", a->iprev.reverse_name);
		out_char(out, '}');
	} else {
		out_str(out, "null");
	}
	out_str(out, ",\"dkim\":");
	dkim_write_json(out, &a->dkim, &a->findings);
	write_arc(out, &a->arc);
	out_str(out, ",\"dmarc\":{");
	dmarc_write_json(out, &a->dmarc);
	out_char(out, '}');
	authentication_write_results(&results, v->query, a, v->authserv_id);
	json_write_member(out, "authentication_results", out_view(&results));
	out_deinit(&results);
	out_str(out, "}\n");
}
