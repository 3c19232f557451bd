#include "render/spf.h"

#include <stdio.h>

#include "render/json_writer.h"
#include "render/near_miss.h"
#include "render/sentence.h"
#include "render/problem.h"
#include "render/repair.h"

/* What stands in a sentence: {0} the address, {1} the domain, {2} why. */
static const char *const sentences[][LANG_COUNT] = {
	[SPF_NONE] = { "{1} says nothing about {0}: {2}.", "{1} は {0} について何も示していません({2})。" },
	[SPF_NEUTRAL] = { "{1} says neither yes nor no to {0}: {2}.",
	    "{1} は {0} からの送信を許可も禁止もしていません({2})。" },
	[SPF_PASS] = { "{1} allows {0} to send its mail: {2}.", "{1} は {0} からの送信を許可しています({2})。" },
	[SPF_FAIL] = { "{1} forbids {0} to send its mail: {2}.", "{1} は {0} からの送信を禁止しています({2})。" },
	[SPF_SOFTFAIL] = { "{1} believes that {0} may not send its mail: {2}.",
	    "{1} は {0} からの送信をおそらく許可していません({2})。" },
	[SPF_TEMPERROR] = { "Whether {1} allows {0} cannot be told now: {2}.",
	    "{1} が {0} を許可しているか、現在は判断できません({2})。" },
	[SPF_PERMERROR] = { "The SPF record of {1} is broken, so {0} cannot pass: {2}.",
	    "{1} の SPF レコードに誤りがあるため、{0} は認証されません({2})。" },
	[SPF_NEEDS_ANSWERS] = { "Answers are missing.", "DNS の応答が不足しています。" },
};

/* Why the result is what it is. */
static void
put_reason(struct out *out, const struct spf_evaluation *e, enum lang lang)
{
	if (e->problem != PROBLEM_NONE &&
	    (e->result == SPF_NONE || e->result == SPF_TEMPERROR || e->result == SPF_PERMERROR)) {
		out_str(out, problem_words(e->problem, lang));
		if (e->problem_at.len > 0 && e->result != SPF_NONE) {
			out_str(out, lang == LANG_JA ? ":" : ": ");
			terminal_escape(out, e->problem_at);
		}
	} else if (e->matched.len > 0) {
		terminal_escape(out, e->matched);
		if (!span_equal_folded(e->matched_in, e->domain)) {
			out_str(out, lang == LANG_JA ? "、" : " in the record of ");
			terminal_escape(out, e->matched_in);
			out_str(out, lang == LANG_JA ? " のレコード" : "");
		}
	} else {
		out_str(out, lang == LANG_JA ? "どの項目にも一致しない" : "no term matches");
	}
}

void
spf_say(struct out *out, enum lang lang, const struct spf_query *query, const struct spf_evaluation *e)
{
	char ip[IP_ADDRESS_TEXT_MAX];
	const size_t ip_size = ip_address_write(&query->ip, ip);
	struct out reason = { 0 };

	put_reason(&reason, e, lang);
	sentence_put(
	    out, sentences[e->result][lang], (const struct span[]){ { ip, ip_size }, e->domain, out_view(&reason) });
	out_deinit(&reason);
}

static void
put_step(struct out *out, const struct spf_step *s, enum lang lang)
{
	static const char *const words[][LANG_COUNT] = {
		[SPF_NOT_REACHED] = { "", "" },
		[SPF_MATCHED] = { "matches", "一致" },
		[SPF_NOT_MATCHED] = { "does not match", "不一致" },
		[SPF_ERROR] = { "error", "エラー" },
	};
	char number[32];

	snprintf(number, sizeof(number), "  %2u  ", s->lookups);
	out_str(out, number);
	for (unsigned i = 0; i < s->depth; i++)
		out_str(out, "  ");
	terminal_escape(out, s->term);
	if (s->target.len > 0 && memmem(s->term.at, s->term.len, s->target.at, s->target.len) == NULL) {
		out_str(out, " → ");
		terminal_escape(out, s->target);
	}
	out_str(out, "  ");
	out_str(out, words[s->matched][lang]);
	if (s->why != PROBLEM_NONE) {
		out_str(out, lang == LANG_JA ? ":" : ": ");
		out_str(out, problem_words(s->why, lang));
	}
	out_char(out, '\n');
}

void
spf_write_near_miss(struct out *out, const struct terminal *t, enum lang lang, const struct spf_evaluation *e)
{
	near_miss_write_text(out, t, lang, RECORD_SPF, e->domain, e->result == SPF_NONE ? e->astray : e->record);
}

void
spf_write_result(struct out *out, const struct terminal *t, enum lang lang, const struct spf_query *query,
    const struct spf_evaluation *e)
{
	struct out sentence = { 0 };

	terminal_style(t, out, STYLE_STRONG);
	out_str(out, spf_result_name(e->result));
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
	spf_say(&sentence, lang, query, e);
	terminal_paragraph(t, out, out_view(&sentence), 0);
	if (e->by_helo)
		out_str(out,
		    lang == LANG_JA ? "MAIL FROM が空のため、HELO の名前で判定しました。\n"
				    : "MAIL FROM is empty, so the name in HELO was judged.\n");
	out_deinit(&sentence);
}

void
spf_write_trace(struct out *out, const struct terminal *t, enum lang lang, const struct spf_evaluation *e)
{
	if (e->record.len > 0) {
		out_str(out, lang == LANG_JA ? "\n現在のレコード: " : "\nIts record now: ");
		terminal_escape(out, e->record);
		out_char(out, '\n');
	}
	for (size_t i = 0; i < e->n_steps; i++)
		put_step(out, &e->steps[i], lang);
	spf_write_near_miss(out, t, lang, e);
	if (e->explanation.len > 0) {
		out_str(out, lang == LANG_JA ? "\nドメインの説明: " : "\nThe domain explains: ");
		terminal_escape(out, e->explanation);
		out_char(out, '\n');
	}
}

/* The members of an evaluation, without braces. */
static void
write_members(struct out *out, const struct ip_address *address, const struct spf_evaluation *e)
{
	static const char *const matched[] = { "not-reached", "yes", "no", "error" };
	char ip[IP_ADDRESS_TEXT_MAX];

	ip_address_write(address, ip);
	out_str(out, "\"result\":");
	json_write_string(out, span_of(spf_result_name(e->result)));
	json_write_member(out, "domain", e->domain);
	json_write_member(out, "identity", span_of(e->by_helo ? "helo" : "mailfrom"));
	json_write_member(out, "ip", span_of(ip));
	json_write_member(out, "record", e->record);
	json_write_member(out, "matched", e->matched);
	json_write_member(out, "matched_in", e->matched_in);
	problem_write_json(out, "problem", e->problem);
	json_write_member(out, "problem_at", e->problem_at);
	json_write_member(out, "explanation", e->explanation);
	near_miss_write_member(out, RECORD_SPF, e->domain, e->result == SPF_NONE ? e->astray : e->record);
	json_write_number(out, "lookups", e->lookups);
	json_write_number(out, "void_lookups", e->void_lookups);
	out_str(out, ",\"steps\":[");
	for (size_t i = 0; i < e->n_steps; i++) {
		const struct spf_step *s = &e->steps[i];

		out_str(out, i > 0 ? ",{\"depth\":" : "{\"depth\":");
		out_number(out, s->depth);
		json_write_member(out, "domain", s->domain);
		json_write_member(out, "term", s->term);
		json_write_member(out, "target", s->target);
		json_write_member(out, "matched", span_of(matched[s->matched]));
		json_write_number(out, "lookups", s->lookups);
		problem_write_json(out, "why", s->why);
		out_char(out, '}');
	}
	out_char(out, ']');
}

void
spf_write_object(struct out *out, const struct ip_address *ip, const struct spf_evaluation *e)
{
	out_char(out, '{');
	write_members(out, ip, e);
	out_char(out, '}');
}

void
spf_write_json(struct out *out, const struct spf_query *query, const struct spf_evaluation *e,
    const struct repair_spf *repair, const struct iprev_evaluation *address)
{
	out_str(out, "{\"schema\":2,");
	write_members(out, &query->ip, e);
	if (repair != NULL) {
		out_str(out, ",\"repair\":");
		repair_write_json(out, repair, address);
	}
	out_str(out, "}\n");
}
