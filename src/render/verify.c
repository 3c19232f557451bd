#include "render/verify.h"

#include "render/authentication_results.h"
#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/gmail_answer.h"
#include "render/repair.h"
#include "render/json_writer.h"
#include "render/problem.h"
#include "render/sentence.h"
#include "render/record.h"
#include "render/spf.h"

static const char *const sources[][LANG_COUNT] = {
	[SENDER_TOLD] = { "as given", "指定値" },
	[SENDER_RECEIVED] = { "from the message's own Received:", "メールの Received から" },
	[SENDER_RECEIVED_SPF] = { "from the message's own Received-SPF:", "メールの Received-SPF から" },
	[SENDER_RETURN_PATH] = { "from the message's own Return-Path:", "メールの Return-Path から" },
	[SENDER_BORDER_RESULTS] = { "from the receiver's own Authentication-Results:",
	    "受信側の Authentication-Results から" },
	[SENDER_UNKNOWN] = { "not known", "不明" },
};

static const char *const tokens[] = { "given", "received", "received-spf", "return-path", "authentication-results",
	"unknown" };

static const char *const doubts[] = { "", "shared-suffix", "partly-signed", "mapped-domain" };

/* {0} the author domain, {1} what its policy asks for, {2} the policy */
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
		    "DNS の応答が得られないため、現在は判定できません。" },
		{ "This mail has not one author that could be judged.",
		    "From の差出人が 1 つに決まらないため、判定できません。" },
		{ "DMARC passes, but the name that is proved only stands below the same public suffix as {0}: whether {0} sent it is not proved.",
		    "DMARC 認証には通っていますが、確認できたのは {0} と同じ公開サフィックスの下にある別の名前だけです。{0} から送られたとは言い切れません。" },
		{ "DMARC passes for {0}, but only the beginning of the mail is signed (l=): anybody may have added the rest.",
		    "{0} の DMARC 認証には通っていますが、署名されているのは本文の先頭だけです(l=)。残りは誰でも書き足せます。" },
		{ "DMARC passes for {0}, but From: writes the domain with other characters: a mail reader may show another name.",
		    "{0} の DMARC 認証には通っていますが、From のドメインは別の文字で書かれています。メールソフトでは違う名前に見えることがあります。" },
		{ "Whether {0} sent this mail is not known: DKIM does not decide, and for SPF the sending host's address or MAIL FROM is missing (--ip, --mail-from). If SPF does not pass either, it fails DMARC, and {0} asks receivers to {1} it.",
		    "{0} から送られたかはわかりません。DKIM では決まらず、SPF は送信元の IP アドレスか MAIL FROM がわからないため判定できません(--ip、--mail-from で指定)。SPF にも通らなければ DMARC 認証に失敗し、{0} のポリシー(p={2})が適用されます。" },
		{ "Whether anything authenticates this mail is not known: DKIM does not pass, and for SPF the sending host's address or MAIL FROM is missing (--ip, --mail-from).",
		    "このメールが認証に通るかはわかりません。DKIM には通らず、SPF は送信元の IP アドレスか MAIL FROM がわからないため判定できません(--ip、--mail-from で指定)。" },
	};
	const struct dmarc_view *d = &a->dmarc.view;
	const bool passes = a->dkim.result == DKIM_PASS || (a->has_spf && a->spf.result == SPF_PASS);
	const bool temporary = a->dkim.result == DKIM_TEMPERROR || (a->has_spf && a->spf.result == SPF_TEMPERROR);
	unsigned which = 0;

	switch (d->result) {
	case DMARC_PASS:
		which = authentication_doubt(a) == DOUBT_NONE ? 0 : 7 + (unsigned)authentication_doubt(a);
		break;
	case DMARC_UNKNOWN: which = 11; break;
	case DMARC_FAIL:
		which = d->applied == DMARC_POLICY_REJECT ? 1 : d->applied == DMARC_POLICY_QUARANTINE ? 2 : 3;
		break;
	case DMARC_NONE: which = passes ? 4 : temporary ? 6 : !a->has_spf ? 12 : 5; break;
	case DMARC_PERMERROR: which = 7; break;
	default: which = 6; break;
	}
	return says[which][lang];
}

void
verify_say(struct out *out, enum lang lang, const struct verify_view *v)
{
	static const char *const asked[] = { [DMARC_POLICY_REJECT] = "refuse", [DMARC_POLICY_QUARANTINE] = "suspect" };
	const enum dmarc_policy policy = v->found->dmarc.view.applied;
	const struct span values[] = { v->found->dmarc.author_domain,
		span_of(policy > DMARC_POLICY_NONE ? asked[policy] : "take"), span_of(dmarc_policy_name(policy)) };

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
put_fact(struct out *out, enum lang lang, const char *name, struct span value, enum sender_source source)
{
	out_str(out, name);
	terminal_escape(out, value);
	out_str(out, value.len > 0 ? lang == LANG_JA ? "(" : "  (" : "(");
	out_str(out, sources[source][lang]);
	out_str(out, lang == LANG_JA ? ")\n" : ")\n");
}

void
verify_write_connection(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v)
{
	const struct authentication_query *q = v->query;
	char ip[IP_ADDRESS_TEXT_MAX] = "";

	if (q->has_ip)
		ip_address_write(&q->ip, ip);
	heading(out, t, lang == LANG_JA ? "接続" : "Connection");
	put_fact(out, lang, "IP         ", span_of(ip), v->sources.ip);
	put_fact(out, lang, "HELO       ", q->helo, v->sources.helo);
	put_fact(out, lang, "MAIL FROM  ", q->has_mail_from && q->mail_from.len == 0 ? span_of("<>") : q->mail_from,
	    v->sources.mail_from);
}

void
verify_write_iprev(struct out *out, const struct terminal *t, enum lang lang, const struct authentication *a)
{
	heading(out, t, lang == LANG_JA ? "逆引き(iprev)" : "Reverse DNS (iprev)");
	out_str(out, iprev_result_name(a->iprev.result));
	if (a->iprev.name.len > 0) {
		out_str(out, "  ");
		terminal_escape(out, a->iprev.name);
	}
	out_char(out, '\n');
}

void
verify_write_arc(struct out *out, const struct terminal *t, enum lang lang, const struct arc_evaluation *e)
{
	if (e->result == ARC_NONE)
		return;
	heading(out, t, "ARC");
	out_str(out, arc_result_name(e->result));
	if (e->problem != PROBLEM_NONE) {
		out_str(out, "  i=");
		out_number(out, e->failed_at);
		out_str(out, ": ");
		out_str(out, problem_words(e->problem, lang));
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

static const char *
spf_now(const struct authentication *a)
{
	return a->has_spf ? spf_result_name(a->spf.result) : NULL;
}

static const char *
dkim_now(const struct authentication *a)
{
	return dkim_result_name(a->dkim.result);
}

static const char *
dmarc_now(const struct authentication *a)
{
	return a->dmarc.view.result == DMARC_UNKNOWN ? NULL : dmarc_result_name(a->dmarc.view.result);
}

/* The judges whose result is told both then and now. */
static const struct {
	const char *method;
	const char *(*now)(const struct authentication *a);
} both[] = { { "spf", spf_now }, { "dkim", dkim_now }, { "dmarc", dmarc_now } };

/* "dkim pass → fail": what was found at the border, and is found now. */
static void
put_changes(struct out *out, const struct border_results *b, const struct authentication *a)
{
	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		const struct span then = border_results_of(b, both[i].method);
		const char *now = both[i].now(a);

		if (then.len == 0 || now == NULL || span_equal_folded(then, span_of(now)))
			continue;
		out_str(out, out->len > 0 ? ", " : "");
		out_str(out, both[i].method);
		out_char(out, ' ');
		terminal_escape(out, then);
		out_str(out, " → ");
		out_str(out, now);
	}
}

static void
put_border_sentence(struct out *out, const struct terminal *t, const char *template, const struct span *values)
{
	struct out words = { 0 };

	sentence_put(&words, template, values);
	terminal_paragraph(t, out, out_view(&words), 0);
	out_deinit(&words);
}

void
verify_write_border(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v)
{
	static const char *const says[][LANG_COUNT] = {
		{ "Below the Received: field of the border stands, in the name of {0}: {1}. Whoever sent the mail may have written it.",
		    "境界の Received より下に、{0} を名乗る結果があります: {1}。送信者が書いたものかもしれません。" },
		{ "{0} found when it took the mail: {1}.", "{0} が受信時に判定した結果: {1}。" },
		{ "It is otherwise now ({0}): since then the DNS was changed, or the mail.",
		    "現在の判定とは異なります({0})。受信後に DNS かメールが変更されています。" },
	};
	const struct border_results *b = &v->sources.border;
	struct out found = { 0 }, changes = { 0 };

	if (b->n == 0)
		return;
	for (size_t i = 0; i < b->n; i++) {
		out_str(&found, i > 0 ? ", " : "");
		out_span(&found, b->results[i].method);
		out_char(&found, '=');
		out_span(&found, b->results[i].result);
	}
	heading(out, t, lang == LANG_JA ? "メール内の Authentication-Results" : "Authentication-Results in the mail");
	put_border_sentence(out, t, says[b->trusted][lang],
	    (const struct span[]){ b->authserv_id.len > 0 ? b->authserv_id : span_of("?"), out_view(&found) });
	put_changes(&changes, b, v->found);
	if (b->trusted && changes.len > 0)
		put_border_sentence(out, t, says[2][lang], (const struct span[]){ out_view(&changes) });
	out_deinit(&found);
	out_deinit(&changes);
}

static void
put_results(struct out *out, const struct terminal *t, const struct verify_view *v)
{
	heading(out, t, "Authentication-Results");
	out_str(out, "Authentication-Results: ");
	authentication_results_write(out, v->query, v->found, v->authserv_id);
	out_char(out, '\n');
}

static const struct ip_address *
ip_of(const struct verify_view *v)
{
	return v->query->has_ip ? &v->query->ip : NULL;
}

const char *
verify_no_spf(enum lang lang)
{
	return lang == LANG_JA
	    ? "送信元の IP アドレスか MAIL FROM がわからないため、判定できません(--ip、--mail-from で指定)。"
	    : "Not evaluated: the sending address or MAIL FROM is not known (--ip, --mail-from).";
}

void
verify_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v)
{
	const struct authentication *a = v->found;
	const struct dmarc_query dmarc = { .identifiers = a->identifiers, .n_identifiers = a->n_identifiers };
	const struct spf_query spf = { .ip = v->query->ip };
	struct out words = { 0 };

	verify_say(&words, lang, v);
	terminal_style(t, out, v->accepted && authentication_doubt(a) == DOUBT_NONE ? STYLE_GOOD : STYLE_BAD);
	terminal_paragraph(t, out, out_view(&words), 0);
	terminal_style(t, out, STYLE_PLAIN);
	out_deinit(&words);
	verify_write_connection(out, t, lang, v);
	heading(out, t, "SPF");
	if (a->has_spf) {
		spf_write_result(out, t, lang, &spf, &a->spf);
		spf_write_trace(out, t, lang, &a->spf);
	} else {
		terminal_paragraph(t, out, span_of(verify_no_spf(lang)), 0);
	}
	heading(out, t, "DKIM");
	dkim_write_text(out, t, lang, &a->dkim, &a->findings);
	heading(out, t, "DMARC");
	dmarc_write_text(out, t, lang, &dmarc, &a->dmarc);
	verify_write_arc(out, t, lang, &a->arc);
	if (v->query->has_ip)
		verify_write_iprev(out, t, lang, a);
	verify_write_border(out, t, lang, v);
	put_results(out, t, v);
	gmail_answer_write_text(
	    out, t, lang, &(struct gmail_view){ &v->prospect->forecast, v->catalog, ip_of(v), !v->accepted });
	if (v->prospect->mended && v->prospect->repair.obstacle == REPAIR_NONE) {
		const struct repair_view mend = { &v->prospect->query, &v->prospect->repair, &a->iprev,
			v->prospect->zone };

		repair_write_text(out, t, lang, &mend, RECORD_VALUE);
	}
}

static void
write_arc(struct out *out, const struct arc_evaluation *e)
{
	out_str(out, ",\"arc\":{\"result\":");
	json_write_string(out, span_of(arc_result_name(e->result)));
	json_write_number(out, "sets", e->n);
	json_write_number(out, "failed_at", e->failed_at);
	problem_write_json(out, "problem", e->problem);
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
	json_write_member(out, "ip_source", span_of(tokens[v->sources.ip]));
	json_write_member(out, "helo", q->helo);
	json_write_member(out, "helo_source", span_of(tokens[v->sources.helo]));
	json_write_member(out, "mail_from", q->mail_from);
	json_write_member(out, "mail_from_source", span_of(tokens[v->sources.mail_from]));
}

static void
write_border(struct out *out, const struct border_results *b)
{
	if (b->n == 0) {
		out_str(out, ",\"border_results\":null");
		return;
	}
	out_str(out, b->trusted ? ",\"border_results\":{\"trusted\":true" : ",\"border_results\":{\"trusted\":false");
	json_write_member(out, "authserv_id", b->authserv_id);
	out_str(out, ",\"results\":[");
	for (size_t i = 0; i < b->n; i++) {
		out_str(out, i > 0 ? ",{\"method\":" : "{\"method\":");
		json_write_string(out, b->results[i].method);
		json_write_member(out, "result", b->results[i].result);
		json_write_member(out, "reason", b->results[i].reason);
		out_char(out, '}');
	}
	out_str(out, "]}");
}

void
verify_write_json(struct out *out, const struct verify_view *v)
{
	const struct authentication *a = v->found;
	struct out results = { 0 };

	out_str(out, v->accepted ? "{\"schema\":3,\"accepted\":true" : "{\"schema\":3,\"accepted\":false");
	write_connection(out, v);
	json_write_member(out, "doubt", span_of(doubts[authentication_doubt(a)]));
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
	authentication_results_write(&results, v->query, a, v->authserv_id);
	json_write_member(out, "authentication_results", out_view(&results));
	write_border(out, &v->sources.border);
	out_deinit(&results);
	out_str(out, ",\"gmail\":");
	gmail_answer_write_json(out, &(struct gmail_view){ &v->prospect->forecast, v->catalog, ip_of(v), false });
	out_str(out, ",\"repair\":");
	if (v->prospect->mended)
		repair_write_json(out, &v->prospect->repair, &a->iprev);
	else
		out_str(out, "null");
	out_str(out, "}\n");
}
