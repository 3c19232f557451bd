#include "render/repair.h"

#include "render/json.h"
#include "render/record.h"
#include "render/spf.h"

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

static void
put_address(struct out *out, enum lang lang, const struct spf_query *query, const struct iprev_evaluation *a)
{
	char ip[IP_ADDRESS_TEXT_MAX];

	ip_address_write(&query->ip, ip);
	out_str(out, ip);
	if (a->name.len == 0) {
		out_str(
		    out, lang == LANG_JA ? " には逆引き(PTR)の名前がありません。" : " has no name in the DNS (PTR). ");
	} else {
		out_str(out, lang == LANG_JA ? " の名前は " : " is called ");
		terminal_escape(out, a->name);
		if (a->result == IPREV_PASS)
			out_str(out,
			    lang == LANG_JA ? " です(逆引きと正引きが一致)。" : " (and the name leads back to it). ");
		else
			out_str(out,
			    lang == LANG_JA ? " とされていますが、その名前からこのアドレスには戻れません。"
					    : ", but the name does not lead back to it. ");
	}
	out_str(out,
	    lang == LANG_JA
		? "自分のサーバー、または契約している送信サービスのものと確かめられた場合に限り、次のレコードを公開してください。"
		  "見覚えのないものなら、転送元のサーバーか詐称です。その場合は SPF が正しく働いており、登録してはいけません。"
		: "Publish the record below only if you know it for a server of yours or of a service that sends for you. "
		  "If it is not, it is a forwarder or a forger: then SPF did its work, and nothing must be added.");
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
		: "To stay within ten look-ups these terms were replaced by the addresses they stand for now: ");
	for (size_t i = 0; i < r->n_replaced; i++) {
		if (i > 0)
			out_str(out, lang == LANG_JA ? "、" : ", ");
		terminal_escape(out, r->replaced[i]);
	}
	out_str(out,
	    lang == LANG_JA
		? "。アドレスが変わったときは更新が必要です。使っていないサービスの項目は、削除するほうが確実です。"
		: ". When these addresses change the record must, too; better remove what you no longer use. ");
}

static void
put_what_changed(struct out *out, enum lang lang, const struct repair_spf *r)
{
	if (r->n_merged == 0)
		out_str(out,
		    lang == LANG_JA
			? "レコードがないため新しく作ります。ほかにも送信元があれば、同じように加えてください(~all はその間の安全策です)。"
			: "There is no record yet. Add whatever else sends for you in the same manner; until then ~all keeps it harmless. ");
	if (r->n_merged > 1)
		out_str(out,
		    lang == LANG_JA ? "複数あった SPF レコードを 1 つにまとめました。古いものはすべて削除してください。"
				    : "Several SPF records became one; remove all the old ones. ");
	if (r->service != NULL) {
		out_str(out, lang == LANG_JA ? "このアドレスは " : "The address is one of ");
		out_span(out, r->service->title[lang]);
		out_str(out,
		    lang == LANG_JA ? " のものなので、アドレスではなく、その include を加えました。"
				    : "'s, so its include was added, not the address. ");
	}
	put_replaced(out, lang, r);
	if (r->n_mended > 0)
		out_str(out, lang == LANG_JA ? "書き方の誤りを直しました。" : "What was badly written was mended. ");
	out_str(out,
	    lang == LANG_JA ? "この変更で pass になることを確認しました(DNS を参照する項目は "
			    : "Proved: with it the result is pass (");
	out_number(out, r->proof.lookups);
	out_str(out, lang == LANG_JA ? " 個)。" : " terms ask the DNS before it matches).");
}

void
repair_say(struct out *out, enum lang lang, const struct spf_query *query, const struct repair_spf *r,
    const struct iprev_evaluation *address)
{
	out_char(out, '\n');
	put_address(out, lang, query, address);
	out_char(out, '\n');
	put_what_changed(out, lang, r);
}

void
repair_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct spf_query *query,
    const struct repair_spf *r, const struct iprev_evaluation *address)
{
	struct out words = { 0 };

	out_char(out, '\n');
	if (r->obstacle != REPAIR_NONE) {
		out_str(&words, obstacles[r->obstacle][lang]);
		terminal_escape(&words, r->at_fault);
		paragraph(out, t, &words);
		out_deinit(&words);
		return;
	}
	put_address(&words, lang, query, address);
	paragraph(out, t, &words);
	put_what_changed(&words, lang, r);
	paragraph(out, t, &words);
	record_write_text(out, t, lang, r->name, r->after);
	out_deinit(&words);
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
	out_str(out, ",\"replaced\":[");
	for (size_t i = 0; i < r->n_replaced; i++) {
		if (i > 0)
			out_char(out, ',');
		json_write_string(out, r->replaced[i]);
	}
	out_char(out, ']');
	json_write_member(out, "at_fault", r->at_fault);
	record_write_strings(out, rest);
	json_write_number(out, "lookups", r->whole.lookups);
	json_write_member(
	    out, "still_broken", span_of(r->whole.result == SPF_PERMERROR && r->whole.problem ? r->whole.problem : ""));
	out_str(out, ",\"address\":{\"confirmed\":");
	out_str(out, address->result == IPREV_PASS ? "true" : "false");
	json_write_member(out, "name", address->name);
	out_str(out, "}}");
}
