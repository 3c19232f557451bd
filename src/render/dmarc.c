#include "render/dmarc.h"

#include "render/json_writer.h"
#include "render/near_miss.h"
#include "render/problem.h"
#include "render/sentence.h"
#include "render/record.h"

/* {0} the author domain, {1} what aligned, {2} the problem */
static const char *const sentences[][LANG_COUNT] = {
	[DMARC_NONE] = { "No policy applies to {0}: {2}.", "{0} に適用される DMARC ポリシーはありません({2})。" },
	[DMARC_PASS] = { "DMARC passes for {0}: {1} passes for an aligned domain.",
	    "{0} の DMARC 認証に通っています({1} が認証に通り、ドメインも一致)。" },
	[DMARC_FAIL] = { "Nothing proves that {0} sent this: neither SPF nor DKIM passes for an aligned domain.",
	    "{0} から送られたことを確認できません(SPF・DKIM とも、From と一致するドメインでは認証に通っていません)。" },
	[DMARC_TEMPERROR] = { "Whether {0} sent this cannot be told now: {2}.",
	    "{0} から送られたか、現在は判断できません({2})。" },
	[DMARC_UNKNOWN] = { "Whether {0} sent this is not known: {2}.", "{0} から送られたかはわかりません({2})。" },
	[DMARC_PERMERROR] = { "There is not one author domain to judge by: {2}.",
	    "判定の対象となる差出人ドメインが 1 つに決まりません({2})。" },
	[DMARC_NEEDS_ANSWERS] = { "Answers are missing.", "DNS の応答が不足しています。" },
};

static void
put_line(struct out *out, const struct terminal *t, const char *template, const struct span *values)
{
	struct out words = { 0 };

	sentence_put(&words, template, values);
	terminal_paragraph(t, out, out_view(&words), 0);
	out_deinit(&words);
}

static struct span
methods(const struct dmarc_view *v)
{
	return span_of(v->spf_aligned && v->dkim_aligned ? "SPF + DKIM" : v->spf_aligned ? "SPF" : "DKIM");
}

/* Which record applies, and what it asks for. */
static void
put_policy(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_evaluation *e)
{
	const struct dmarc_view *v = &e->view;
	const struct span values[] = { v->policy_domain, span_of(dmarc_policy_name(v->policy)),
		span_of(dmarc_tag_name(v->tag)), v->organizational_domain, span_of(dmarc_policy_name(v->applied)) };

	if (v->policy_domain.len == 0)
		return;
	out_char(out, '\n');
	terminal_escape(out, v->text);
	out_char(out, '\n');
	put_line(out, t,
	    lang == LANG_JA ? "{0} のレコードが適用されます({2}={1})。組織ドメインは {3} です。"
			    : "The record of {0} applies ({2}={1}); the organizational domain is {3}.",
	    values);
	if (v->record.test && v->policy > DMARC_POLICY_NONE)
		put_line(out, t,
		    lang == LANG_JA ? "テストモード(t=y)のため、適用されるのは 1 段階弱い {4} です。"
				    : "It is being tested (t=y): what is applied is one level lower, {4}.",
		    values);
}

static void
put_record_problem(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_record *r)
{
	const struct span values[] = { span_of(problem_words(r->problem, lang)), r->problem_at };

	if (r->problem != PROBLEM_NONE)
		put_line(out, t,
		    lang == LANG_JA ? "レコードの誤り: {0} ({1})" : "The record is not as it should be: {0} ({1})",
		    values);
}

static void
put_identifiers(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_query *q)
{
	static const char *const states[][LANG_COUNT] = { { "authenticated", "認証済み" },
		{ "not authenticated", "認証失敗" }, { "not known now", "現在は不明" }, { "not known", "不明" } };

	for (size_t i = 0; i < q->n_identifiers; i++) {
		const struct dmarc_identifier *id = &q->identifiers[i];
		const struct span values[] = { span_of(id->method == DMARC_BY_SPF ? "SPF" : "DKIM"), id->domain,
			span_of(states[id->state][lang]) };

		put_line(out, t, "  {0}  {1}  {2}", values);
	}
}

static void
put_difference(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_evaluation *e)
{
	const struct span values[] = { span_of(dmarc_result_name(e->old.result)),
		span_of(e->old.applied > DMARC_POLICY_UNSOUND ? dmarc_policy_name(e->old.applied) : "-"),
		e->old.organizational_domain };

	if (e->differs)
		put_line(out, t,
		    lang == LANG_JA
			? "RFC 7489(公開サフィックスリスト)で判定する受信者では結果が異なります: {0}、ポリシー {1}、組織ドメイン {2}"
			: "Receivers that still follow RFC 7489 with the public suffix list see it otherwise: {0}, policy {1}, organizational domain {2}",
		    values);
}

/* The record that is almost one: where there is none, or of what applies. */
struct almost {
	struct span name, text;
};

static struct almost
find_almost(struct out *name, const struct dmarc_evaluation *e)
{
	const bool astray = e->astray != NULL;

	out_str(name, "_dmarc.");
	out_span(name, astray ? e->astray->domain : e->view.policy_domain);
	return (struct almost){ out_view(name), astray ? e->astray->astray : e->view.text };
}

void
dmarc_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct dmarc_query *q,
    const struct dmarc_evaluation *e)
{
	const struct dmarc_view *v = &e->view;
	const struct span values[] = { e->author_domain, methods(v), span_of(problem_words(v->problem, lang)) };
	struct out name = { 0 };
	const struct almost almost = find_almost(&name, e);

	terminal_style(t, out, STYLE_STRONG);
	out_str(out, dmarc_result_name(v->result));
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
	put_line(out, t, sentences[v->result][lang], values);
	put_identifiers(out, t, lang, q);
	put_policy(out, t, lang, e);
	put_record_problem(out, t, lang, &v->record);
	near_miss_write_text(out, t, lang, RECORD_DMARC, almost.name, almost.text);
	out_deinit(&name);
	put_difference(out, t, lang, e);
}

static void
write_flag(struct out *out, const char *key, bool flag)
{
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, flag ? "\":true" : "\":false");
}

static void
write_view(struct out *out, const struct dmarc_view *v)
{
	out_str(out, "\"result\":");
	if (v->result == DMARC_UNKNOWN)
		out_str(out, "null");
	else
		json_write_string(out, span_of(dmarc_result_name(v->result)));
	json_write_member(out, "organizational_domain", v->organizational_domain);
	json_write_member(out, "policy_domain", v->policy_domain);
	json_write_member(out, "record", v->text);
	write_flag(out, "secure", v->secure);
	json_write_member(out, "tag", span_of(dmarc_tag_name(v->tag)));
	json_write_member(out, "policy", span_of(dmarc_policy_name(v->policy)));
	json_write_member(out, "applied", span_of(dmarc_policy_name(v->applied)));
	write_flag(out, "test_mode", v->record.test);
	write_flag(out, "spf_aligned", v->spf_aligned);
	write_flag(out, "dkim_aligned", v->dkim_aligned);
	problem_write_json(out, "problem", v->problem);
	json_write_member(out, "problem_at", v->problem_at);
	problem_write_json(out, "record_problem", v->record.problem);
}

void
dmarc_write_json(struct out *out, const struct dmarc_evaluation *e)
{
	struct out name = { 0 };
	const struct almost almost = find_almost(&name, e);

	write_view(out, &e->view);
	json_write_member(out, "author_domain", e->author_domain);
	near_miss_write_member(out, RECORD_DMARC, almost.name, almost.text);
	out_deinit(&name);
	out_str(out, ",\"queries\":[");
	for (size_t i = 0; i < e->walk.n; i++) {
		if (i > 0)
			out_char(out, ',');
		out_str(out, "\"_dmarc.");
		json_put_text(out, e->walk.steps[i].domain);
		out_char(out, '"');
	}
	out_str(out, "],\"rfc7489\":{");
	write_view(out, &e->old);
	out_char(out, '}');
	write_flag(out, "differs", e->differs);
}

void
dmarc_write_document(struct out *out, const struct dmarc_evaluation *e)
{
	out_str(out, "{\"schema\":2,");
	dmarc_write_json(out, e);
	out_str(out, "}\n");
}
