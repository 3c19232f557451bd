#include "render/repair.h"

#include <stdio.h>

#include "render/json_writer.h"
#include "render/near_miss.h"
#include "render/problem.h"
#include "render/record.h"
#include "render/sentence.h"

static const char *const obstacles[][LANG_COUNT] = {
	[REPAIR_NOT_NEEDED] = { "Nothing needs to be changed: it passes.", "変更は不要です(すでに pass になります)。" },
	[REPAIR_NO_DOMAIN] = { "No record can help: the name that was judged is not a domain's.",
	    "判定の対象がドメイン名ではないため、レコードでは解決できません。" },
	[REPAIR_LOOKUP_FAILED] = { "No record can be proposed: what stands in the DNS could not be read.",
	    "現在のレコードを DNS から取得できないため、修正案を示せません。" },
	[REPAIR_BROKEN_TERM] = { "No record can be proposed: it is not clear what this term should be: ",
	    "次の項目は意図が判断できないため、修正案を示せません: " },
	[REPAIR_TOO_LONG] = { "No record can be proposed: it would be too long.",
	    "レコードが長くなりすぎるため、修正案を示せません。" },
	[REPAIR_NOT_PROVED] = { "No record can be proposed: none was found that is proved to pass.",
	    "pass になると確認できる修正案が見つかりませんでした。" },
};

static const char *const tokens[] = { "none", "not-needed", "no-domain", "lookup-failed", "broken-term", "too-long",
	"not-proved" };

static void
paragraph(struct out *out, const struct terminal *t, struct out *words)
{
	terminal_paragraph(t, out, out_view(words), 0);
	out_clear(words);
}

void
repair_say_owner(struct out *out, enum lang lang, const struct repair_view *v)
{
	static const char *const called[][LANG_COUNT] = {
		{ "{0} has no name in the DNS (PTR).", "{0} には逆引き(PTR)が設定されていません。" },
		{ "{0} is called {1}, and the name leads back to it.", "{0} の逆引きは {1} です(正引きと一致)。" },
		{ "{0} is called {1}, but that name does not lead back to it.",
		    "{0} の逆引きは {1} ですが、正引きと一致しません。" },
	};
	static const char *const yours[] = {
		" If it is no server of yours, nor of a service that sends for you, it is a forwarder or a forger: SPF did its work, and nothing must be added.",
		"自分のサーバーでも契約中の配信サービスのものでもなければ、転送サーバーからの送信か、なりすましです。その場合は SPF が正しく働いた結果なので、登録してはいけません。"
	};
	const size_t state = v->address->name.len == 0 ? 0 : v->address->result == IPREV_PASS ? 1 : 2;
	char ip[IP_ADDRESS_TEXT_MAX];

	sentence_put(out, called[state][lang],
	    (const struct span[]){ { ip, ip_address_write(&v->query->ip, ip) }, v->address->name });
	out_str(out, yours[lang]);
}

void
repair_say_change(struct out *out, enum lang lang, const struct repair_view *v)
{
	static const char *const says[][LANG_COUNT] = {
		{ "Replace the SPF record of {0} (do not add a second one), if {1} is a server of yours or of a service that sends for you.",
		    "{0} の SPF レコードを書き換えてください(追加ではありません)。{1} が自分のサーバー、または契約中の配信サービスのものである場合に限ります。" },
		{ "Publish an SPF record for {0}, if {1} is a server of yours or of a service that sends for you.",
		    "{0} に SPF レコードを登録してください。{1} が自分のサーバー、または契約中の配信サービスのものである場合に限ります。" },
	};
	char ip[IP_ADDRESS_TEXT_MAX];

	sentence_put(out, says[v->repair->before.len == 0][lang],
	    (const struct span[]){ v->repair->name, { ip, ip_address_write(&v->query->ip, ip) } });
}

void
repair_write_record(
    struct out *out, const struct terminal *t, enum lang lang, const struct repair_view *v, enum record_format format)
{
	record_write_change(out, t, lang,
	    &(struct record_change){ "SPF", v->repair->name, v->zone, v->repair->before, v->repair->after }, format);
}

/* What gave way to its addresses: they may change one day without anybody's saying so. */
static void
put_replaced(struct out *out, enum lang lang, const struct repair_spf *r)
{
	if (r->n_replaced == 0)
		return;
	out_str(out,
	    lang == LANG_JA
		? "DNS の参照を 10 回以内に収めるため、次の項目を現在の IP アドレスに置き換えました: "
		: " To stay within ten look-ups these terms were replaced by the addresses they stand for now: ");
	for (size_t i = 0; i < r->n_replaced; i++) {
		if (i > 0)
			out_str(out, lang == LANG_JA ? "、" : ", ");
		terminal_escape(out, r->replaced[i]);
	}
	out_str(out,
	    lang == LANG_JA
		? "。アドレスが変わったときは更新が必要です。使っていないサービスの項目は、削除するほうが確実です。"
		: ". When these addresses change the record must, too; better remove what you no longer use.");
}

/* What breaks the record for everybody, and lets nobody pass. */
static void
put_removed(struct out *out, enum lang lang, const struct repair_spf *r)
{
	for (size_t i = 0; i < r->n_removed; i++) {
		out_str(out, lang == LANG_JA ? "削除した項目: " : " Removed: ");
		terminal_escape(out, r->removed[i]);
		out_str(out,
		    lang == LANG_JA
			? "。参照先に SPF レコードがなく、レコード全体を無効にしていました。このサービスから送信している場合は、現在の include 先を確認して入れ直してください。"
			: ". There is no SPF record at that name, which makes the whole record an error. It let nobody pass; if that "
			  "service still sends for you, ask it for the name to include now.");
	}
}

/* The address with the new record, an address of each old term, and what stays broken for others. */
static void
put_proved(struct out *out, enum lang lang, const struct repair_view *v)
{
	static const char *const passes[] = { "With this record {0} passes ({1} of 10 look-ups)",
		"このレコードで {0} が pass になることを確認しました(DNS 参照 {1} 回、上限 10 回)" };
	static const char *const kept[][LANG_COUNT] = {
		{ "", "" },
		{ ", and so does an address of the term that stood there",
		    "。元からある項目のアドレスも pass のままです" },
		{ ", and so does one address of each of the {2} terms that stood there",
		    "。元からある {2} 項目のアドレスも 1 つずつ試し、pass のままです" },
	};
	static const char *const broken[] = { " For other senders it stays broken: {3} ({4}).",
		"ただし、ほかの送信元に対してはレコードに誤りが残ります: {3}({4})。" };
	const struct repair_spf *r = v->repair;
	char ip[IP_ADDRESS_TEXT_MAX], lookups[24], terms[24];
	const struct span values[] = { { ip, ip_address_write(&v->query->ip, ip) },
		{ lookups, (size_t)snprintf(lookups, sizeof(lookups), "%u", r->whole.lookups) },
		{ terms, (size_t)snprintf(terms, sizeof(terms), "%zu", r->n_kept) },
		span_of(problem_words(r->whole.problem, lang)), r->whole.problem_at };

	sentence_put(out, passes[lang], values);
	sentence_put(out, kept[r->n_kept > 2 ? 2 : r->n_kept][lang], values);
	out_str(out, lang == LANG_JA ? "。" : ".");
	if (r->whole.result == SPF_PERMERROR)
		sentence_put(out, broken[lang], values);
}

void
repair_say_proof(struct out *out, enum lang lang, const struct repair_view *v)
{
	static const char *const none_yet[] = {
		" There is no record yet: add whatever else sends for you in the same manner; until then ~all keeps it harmless.",
		"レコードがないため新しく作ります。ほかにも送信元があれば、同じように加えてください(登録漏れのサーバーからのメールが拒否されないよう、~all にしてあります)。"
	};
	static const char *const merged[] = { " Several SPF records became one; remove all the old ones.",
		"複数あった SPF レコードを 1 つにまとめました。古いものはすべて削除してください。" };
	static const char *const service[] = {
		" The address is one of {0}'s, so its include was added, not the address.",
		"このアドレスは {0} のものなので、アドレスではなく、その include を加えました。"
	};
	const struct repair_spf *r = v->repair;

	put_proved(out, lang, v);
	if (r->n_merged == 0)
		out_str(out, none_yet[lang]);
	if (r->n_merged > 1)
		out_str(out, merged[lang]);
	if (r->service != NULL)
		sentence_put(out, service[lang], &r->service->title[lang]);
	put_replaced(out, lang, r);
	if (r->miss != NULL) {
		out_str(out, lang == LANG_JA ? "次の誤りを直しました: " : " Mended: ");
		near_miss_say(out, lang, r->miss);
	}
	put_removed(out, lang, r);
}

void
repair_write_text(
    struct out *out, const struct terminal *t, enum lang lang, const struct repair_view *v, enum record_format format)
{
	struct out words = { 0 };

	out_char(out, '\n');
	if (v->repair->obstacle != REPAIR_NONE) {
		out_str(&words, obstacles[v->repair->obstacle][lang]);
		terminal_escape(&words, v->repair->at_fault);
		paragraph(out, t, &words);
		out_deinit(&words);
		return;
	}
	repair_say_change(&words, lang, v);
	paragraph(out, t, &words);
	repair_write_record(out, t, lang, v, format);
	out_char(out, '\n');
	out_str(&words, lang == LANG_JA ? "" : "Proved. ");
	repair_say_proof(&words, lang, v);
	paragraph(out, t, &words);
	repair_say_owner(&words, lang, v);
	paragraph(out, t, &words);
	out_deinit(&words);
}

static void
write_terms(struct out *out, const char *key, const struct span *terms, size_t n)
{
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, "\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			out_char(out, ',');
		json_write_string(out, terms[i]);
	}
	out_char(out, ']');
}

void
repair_write_json(struct out *out, const struct repair_spf *r, const struct iprev_evaluation *address)
{
	struct span rest = r->obstacle == REPAIR_NONE ? r->after : (struct span){ "", 0 };

	out_str(out, "{\"obstacle\":");
	json_write_string(out, span_of(tokens[r->obstacle]));
	json_write_member(out, "name", r->name);
	json_write_member(out, "before", r->before);
	json_write_member(out, "after", rest);
	json_write_member(out, "added", r->added);
	out_str(out, ",\"merged\":");
	out_number(out, r->n_merged);
	out_str(out, ",\"mended\":");
	out_number(out, r->n_mended);
	json_write_member(out, "service", r->service ? r->service->name : (struct span){ "", 0 });
	near_miss_write_json(out, r->miss);
	write_terms(out, "removed", r->removed, r->n_removed);
	json_write_number(out, "kept", r->n_kept);
	json_write_member(out, "lost", r->lost);
	write_terms(out, "replaced", r->replaced, r->n_replaced);
	json_write_member(out, "at_fault", r->at_fault);
	record_write_strings(out, rest);
	json_write_number(out, "lookups", r->whole.lookups);
	problem_write_json(out, "still_broken", r->whole.result == SPF_PERMERROR ? r->whole.problem : PROBLEM_NONE);
	out_str(out, ",\"address\":{\"confirmed\":");
	out_str(out, address->result == IPREV_PASS ? "true" : "false");
	json_write_member(out, "name", address->name);
	out_str(out, "}}");
}
