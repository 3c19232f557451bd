#include "render/gmail_answer.h"

#include "catalog/rule_reply.h"
#include "render/json_writer.h"

static const struct {
	const char *token, *says[LANG_COUNT];
} whens[FORECAST_WHENS] = {
	[FORECAST_WHATEVER] = { "whatever", { "", "" } },
	[FORECAST_UNSIGNED] = { "unsigned", { "If the mail is not signed with DKIM:", "DKIM 署名がない場合:" } },
	[FORECAST_SIGNED] = { "signed",
	    { "If it is signed with DKIM (RSA) for the domain in From:, and that passes:",
		"From と同じドメインで DKIM 署名(RSA)され、検証に成功する場合:" } },
	[FORECAST_SPF_PASSES_NOT] = { "spf-passes-not",
	    { "If SPF does not pass for the sending host:", "送信元が SPF 認証に失敗する場合:" } },
	[FORECAST_SPF_PASSES] = { "spf-passes",
	    { "If SPF passes, for the domain in From: or one aligned with it:",
		"From と一致するドメインで SPF 認証に成功する場合:" } },
	[FORECAST_NEITHER] = { "neither",
	    { "If neither SPF nor DKIM passes for the domain in From:", "SPF 認証にも DKIM 認証にも失敗する場合:" } },
	[FORECAST_EITHER] = { "either",
	    { "If SPF passes for the sending host, or a DKIM signature (RSA) of the domain in From: does:",
		"送信元が SPF 認証に成功するか、From と同じドメインの DKIM 署名(RSA)が検証に成功する場合:" } },
	[FORECAST_BOTH] = { "both",
	    { "If SPF passes for the sending host, and a DKIM signature (RSA) of the domain in From: does, too:",
		"送信元が SPF 認証に成功し、From と同じドメインの DKIM 署名(RSA)も検証に成功する場合:" } },
};

static void
put_sureness(struct out *out, enum lang lang, enum confidence confidence)
{
	out_str(out,
	    confidence == CONFIDENCE_CERTAIN ? lang == LANG_JA ? "(確実)" : " (certain)"
		: lang == LANG_JA            ? "(ほぼ確実)"
					     : " (likely)");
}

static void
put_reply(struct out *out, const struct gmail_view *v, const struct receiver_reply *r)
{
	struct out reply = { 0 };

	receiver_write_reply(&reply, r, catalog_find_rule(v->catalog, r->rule),
	    &(struct receiver_words){ .ip = v->ip, .ending = policy_built_in("google")->ending });
	for (struct span rest = out_view(&reply), line; span_take_line(&rest, &line);) {
		out_str(out, "  ");
		terminal_escape(out, line);
		out_char(out, '\n');
	}
	out_deinit(&reply);
}

static void
put_replies(struct out *out, const struct terminal *t, enum lang lang, const struct gmail_view *v,
    const struct receiver_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		if (i == 1) {
			terminal_style(t, out, STYLE_FAINT);
			out_str(out,
			    lang == LANG_JA ? "上記を解消しても、続いて次の応答が返る見込みです:\n"
					    : "Once that is mended, these would follow:\n");
			terminal_style(t, out, STYLE_PLAIN);
		}
		put_reply(out, v, &a->replies[i]);
	}
}

static void
put_case(struct out *out, const struct terminal *t, enum lang lang, const struct gmail_view *v,
    const struct forecast_case *c)
{
	static const char *const taken[] = { "taken, as far as can be known from here",
		"受け取られます(ここからわかる範囲で)" };
	struct out words = { 0 };

	out_str(&words, whens[c->when].says[lang]);
	if (c->answer.n > 0)
		put_sureness(&words, lang, c->answer.replies[0].confidence);
	terminal_paragraph(t, out, out_view(&words), 0);
	out_deinit(&words);
	if (c->answer.n == 0) {
		terminal_blanks(out, 2);
		terminal_paragraph(t, out, span_of(taken[lang]), 2);
	}
	put_replies(out, t, lang, v, &c->answer);
}

/* That nothing is refused does not make good what failed. */
static void
put_nothing(struct out *out, const struct terminal *t, enum lang lang, bool failed)
{
	static const char *const says[][LANG_COUNT] = {
		{ "Nothing was found that Gmail is known to refuse for. Content and reputation cannot be known from here.",
		    "Gmail が拒否するとわかっている点は見つかりませんでした。内容や評価(レピュテーション)による判断は、外部からは確認できません。" },
		{ "Gmail is not known to refuse for what failed above; it counts against the sender all the same. Content and reputation cannot be known from here.",
		    "上の不合格の項目だけで Gmail に拒否されるとは限りませんが、評価を下げる要因になります。内容や評価(レピュテーション)による判断は、外部からは確認できません。" }
	};

	terminal_blanks(out, 2);
	terminal_paragraph(t, out, span_of(says[failed][lang]), 2);
}

void
gmail_answer_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct gmail_view *v)
{
	const struct forecast *f = v->forecast;

	if (f->n == 0)
		return;
	out_char(out, '\n');
	terminal_style(t, out, STYLE_LABEL);
	out_str(out, lang == LANG_JA ? "Gmail の応答の予測" : "What Gmail would answer");
	if (f->n == 1 && f->cases[0].answer.n > 0)
		put_sureness(out, lang, f->cases[0].answer.replies[0].confidence);
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
	if (f->n == 1 && f->cases[0].answer.n == 0)
		put_nothing(out, t, lang, v->failed);
	else if (f->n == 1)
		put_replies(out, t, lang, v, &f->cases[0].answer);
	for (size_t i = 0; i < f->n && f->n > 1; i++)
		put_case(out, t, lang, v, &f->cases[i]);
}

static void
write_reply(struct out *out, const struct gmail_view *v, const struct receiver_reply *r)
{
	const struct rule *rule = catalog_find_rule(v->catalog, r->rule);
	struct rule_reply said = { .n = 0 };
	struct out reply = { 0 };

	if (rule != NULL)
		rule_reply_find(rule, r->temporary, &said);
	receiver_write_reply(
	    &reply, r, rule, &(struct receiver_words){ .ip = v->ip, .ending = policy_built_in("google")->ending });
	out_str(out, "{\"rule\":");
	json_write_string(out, r->rule);
	json_write_number(out, "code", said.code);
	json_write_member(out, "status", said.status);
	json_write_member(out, "confidence", span_of(r->confidence == CONFIDENCE_CERTAIN ? "certain" : "likely"));
	json_write_member(out, "reply", out_view(&reply));
	out_char(out, '}');
	out_deinit(&reply);
}

static void
write_replies(struct out *out, const struct gmail_view *v, const struct receiver_answer *a)
{
	out_str(out, ",\"replies\":[");
	for (size_t i = 0; i < a->n; i++) {
		if (i > 0)
			out_char(out, ',');
		write_reply(out, v, &a->replies[i]);
	}
	out_char(out, ']');
}

static void
write_case(struct out *out, const struct gmail_view *v, const struct forecast_case *c)
{
	out_str(out, "{\"when\":");
	json_write_string(out, span_of(whens[c->when].token));
	out_str(out, c->answer.n > 0 ? ",\"refused\":true" : ",\"refused\":false");
	write_replies(out, v, &c->answer);
	out_char(out, '}');
}

void
gmail_answer_write_json(struct out *out, const struct gmail_view *v)
{
	const struct forecast *f = v->forecast;

	if (f->n == 0) {
		out_str(out, "null");
		return;
	}
	out_str(out, "{\"refused\":");
	out_str(out, forecast_is_undecided(f) ? "null" : forecast_is_refused(f) ? "true" : "false");
	write_replies(out, v, &f->cases[0].answer);
	out_str(out, ",\"cases\":[");
	for (size_t i = 0; i < f->n && f->n > 1; i++) {
		if (i > 0)
			out_char(out, ',');
		write_case(out, v, &f->cases[i]);
	}
	out_str(out, "]}");
}
