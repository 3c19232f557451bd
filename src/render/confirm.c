#include "render/confirm.h"

#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/json_writer.h"
#include "render/sentence.h"
#include "render/record.h"
#include "render/repair.h"
#include "render/spf.h"

static const char *const states[] = { "nothing", "unknown", "still", "mended" };
static const char *const abouts[] = { [CONFIRM_BY_NOTHING] = "",
	[CONFIRM_SPF] = "spf",
	[CONFIRM_PTR] = "ptr",
	[CONFIRM_DKIM] = "dkim",
	[CONFIRM_DMARC] = "dmarc",
	[CONFIRM_DMARC_POLICY] = "dmarc",
	[CONFIRM_DMARC_RECORD] = "dmarc" };

static void
line(struct out *out, const char *const says[LANG_COUNT], enum lang lang, const struct span *values)
{
	if (out->len > 0 && out->at[out->len - 1] != '\n')
		out_char(out, '\n');
	sentence_put(out, says[lang], values);
}

static void
say_spf(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const mended[] = {
		"It is mended: the SPF record of {0} allows {1} now. Send the mail again (the receiver may see the old record until its TTL is over).",
		"修正済みです。現在の {0} の SPF レコードは {1} からの送信を許可しています。送り直してください(TTL が過ぎるまでは、受信側が古いレコードを見ることがあります)。"
	};
	static const char *const record[] = { "Its record now: {0}", "現在のレコード: {0}" };
	char ip[IP_ADDRESS_TEXT_MAX];
	const struct span values[] = { c->spf.domain, { ip, ip_address_write(&c->ip, ip) } };

	if (c->state == CONFIRM_MENDED) {
		line(out, mended, lang, values);
		return;
	}
	if (out->len > 0)
		out_char(out, '\n');
	spf_say(out, lang, &c->query, &c->spf);
	if (c->spf.record.len > 0)
		line(out, record, lang, &c->spf.record);
}

static void
say_ptr(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const mended[] = { "It is mended: {0} is called {1} now, and the name leads back to it.",
		"修正済みです。現在 {0} の逆引きは {1} で、正引きとも一致しています。" };
	static const char *const none[] = {
		"The DNS shows it still: {0} has no name. The owner of the address (the hosting provider) must set the PTR record {2} to the name of your mail server, and that name must have {0} as its address.",
		"DNS でも確認できました。{0} には逆引きがありません。アドレスの管理者(ホスティング事業者)に依頼して、{2} の PTR レコードにメールサーバー名を設定し、その名前の A/AAAA レコードを {0} にしてください。"
	};
	static const char *const astray[] = {
		"The DNS shows it still: {0} is called {1}, but this name leads {3}. Give {1} the address {0}, or have the owner of the address change the PTR record {2}.",
		"DNS でも確認できました。{0} の逆引きは {1} ですが、その名前は{3}。{1} の A/AAAA レコードを {0} にするか、アドレスの管理者に {2} の PTR レコードの変更を依頼してください。"
	};
	char ip[IP_ADDRESS_TEXT_MAX];
	struct out where = { 0 };
	struct span values[] = { { ip, ip_address_write(&c->ip, ip) }, c->iprev.name, c->iprev.reverse_name,
		{ "", 0 } };

	if (c->iprev.leads_to.len > 0) {
		out_str(&where, lang == LANG_JA ? " " : "to ");
		out_span(&where, c->iprev.leads_to);
		out_str(&where, lang == LANG_JA ? " を指しています" : "");
	} else {
		out_str(&where, lang == LANG_JA ? "どのアドレスも指していません" : "nowhere");
	}
	values[3] = out_view(&where);
	line(out, c->state == CONFIRM_MENDED ? mended : c->iprev.name.len > 0 ? astray : none, lang, values);
	out_deinit(&where);
}

/* What was proved of the ways to pass. */
static void
say_ways_out(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const path[] = { "Proved: with a MAIL FROM of {0} it passes as the DNS stands.",
		"MAIL FROM を {0} のドメインにすれば、現在の DNS のままで合格します(確認済み)。" };
	static const char *const no_path[] = {
		"A MAIL FROM of {0} alone is not enough: its SPF record does not allow {1} ({2}).",
		"MAIL FROM を {0} のドメインにするだけでは足りません。その SPF レコードが {1} を許可していません({2})。"
	};
	static const char *const relaxed[] = { "Proved: with relaxed alignment it passes. The record then: {3}",
		"アライメントを緩和(relaxed)すれば合格します(確認済み)。その場合のレコード: {3}" };
	const struct repair_dmarc *r = &c->dmarc_repair;
	char ip[IP_ADDRESS_TEXT_MAX];
	const struct span values[] = { c->dmarc.author_domain, { ip, ip_address_write(&c->ip, ip) },
		span_of(spf_result_name(r->return_path.result)), r->relaxed };

	if (r->has_address)
		line(out, r->return_path_passes ? path : no_path, lang, values);
	if (r->relaxing_passes)
		line(out, relaxed, lang, values);
}

/* In this order: sign with the author's domain, change the return path, relax. */
static void
say_dmarc(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const record[] = { "The DMARC record of {0} is: {1}", "{0} の DMARC レコード: {1}" };
	static const char *const no_record[] = { "There is no DMARC record for {2}.",
		"{2} には DMARC レコードがありません。" };
	static const char *const passes[] = { "Checked now, the mail would pass DMARC. Send it again.",
		"現在の DNS では DMARC に合格します。送り直してください。" };
	static const char *const softer[] = {
		"Its policy is {3} now, so the refusal should not come again for this reason.",
		"現在のポリシーは {3} のため、この理由では拒否されないはずです。"
	};
	static const char *const still[] = {
		"Nothing passes for {2} (policy {3}). Best: sign with DKIM as d={2}. Or send with a MAIL FROM of {4} whose SPF record allows the sending server. Only after that think of adkim and aspf; a weaker policy cures nothing.",
		"{2} として認証に成功する SPF・DKIM がありません(ポリシーは {3})。まず d={2} で DKIM 署名してください。または {4} のドメインを MAIL FROM に使い、その SPF レコードで送信サーバーを許可してください。adkim・aspf の緩和はその後です。ポリシーを弱めても解決になりません。"
	};
	const struct dmarc_view *v = &c->dmarc.view;
	const struct span values[] = { v->policy_domain, v->text, c->dmarc.author_domain,
		span_of(v->policy_domain.len ? dmarc_policy_name(v->applied) : "none"), v->organizational_domain };

	if (v->policy_domain.len > 0)
		line(out, record, lang, values);
	else
		line(out, no_record, lang, values);
	if (v->result == DMARC_PASS)
		line(out, passes, lang, values);
	else if (v->policy_domain.len > 0)
		line(out, c->state == CONFIRM_MENDED ? softer : still, lang, values);
	if (c->state == CONFIRM_STILL)
		say_ways_out(out, lang, c);
}

static void
say_dkim(struct out *out, enum lang lang, const struct confirmation *c)
{
	const struct terminal plain = { .width = 0 };

	if (out->len > 0)
		out_char(out, '\n');
	dkim_write_text(out, &plain, lang, &c->dkim, &c->findings);
}

/* "dkim=pass, dmarc=pass" */
static struct span
put_passes(struct out *out, const struct border_results *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (!span_equal_folded(b->results[i].result, span_of("pass")))
			continue;
		out_str(out, out->len > 0 ? ", " : "");
		out_span(out, b->results[i].method);
		out_str(out, "=pass");
	}
	return out_view(out);
}

static void
say_hints(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const struct {
		enum confirm_hint hint;
		const char *says[LANG_COUNT];
	} hints[] = {
		{ HINT_FORWARDED,
		    { "This was forwarded mail. The forwarder must rewrite the envelope sender (SRS) for SPF, and leave header and body untouched so that DKIM survives: SRS never cures DMARC. No record of the author's cures it.",
			"転送されたメールです。転送サーバーで SRS(エンベロープ From の書き換え)を行えば SPF 認証には成功しますが、DMARC は SRS では解決しません。本文とヘッダーを変えず、DKIM 署名を保ったまま転送してください。差出人側の DNS では解決できません。" } },
		{ HINT_LIST,
		    { "It came through a mailing list: the list must rewrite From: (or change neither subject nor body). The subscriber is not at fault.",
			"メーリングリスト経由のメールです。リスト側で From を書き換えるか、件名と本文を変更しないように設定してください。購読者の問題ではありません。" } },
		{ HINT_NULL_SENDER,
		    { "The envelope sender is empty (a bounce, a vacation notice): SPF judges the name in HELO. Publish \"v=spf1 a -all\" for your mail server's own name, and sign such mail too.",
			"エンベロープ From が空のメール(エラーメール、不在通知など)です。SPF は HELO の名前で判定されるため、メールサーバー自身の名前に「v=spf1 a -all」を登録し、こうしたメールにも DKIM 署名を付けてください。" } },
		{ HINT_IPV6,
		    { "It left over IPv6. If that was not meant, let the mail server use IPv4 (Postfix: smtp_address_preference = ipv4); else authorise the IPv6 address and give it a name, too.",
			"IPv6 で送信されています。意図していなければ、メールサーバーが IPv4 を使うように設定してください(Postfix なら smtp_address_preference = ipv4)。IPv6 を使う場合は、そのアドレスも SPF と逆引きに登録してください。" } },
		{ HINT_OTHER_SIGNER,
		    { "The mail is signed by {0}, not by the author's domain: that signature does not count for DMARC. Let the service sign with your own domain.",
			"DKIM 署名は {0} のもので、差出人のドメインと一致しないため、DMARC では認められません。配信サービスで自分のドメインによる署名を設定してください。" } },
		{ HINT_UNSIGNED,
		    { "The returned message has no DKIM signature.", "返送されたメールには DKIM 署名がありません。" } },
		{ HINT_PASSED_BEFORE,
		    { "By its own Authentication-Results, {1} found it authentic when it took the mail ({2}): what broke that came afterwards.",
			"{1} が受信した時点では認証に通っていました({2}。{1} 自身の Authentication-Results による)。その後の転送や書き換えが原因です。" } },
	};
	struct out before = { 0 };
	const struct span values[] = { c->signer, c->border.authserv_id, put_passes(&before, &c->border) };

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (c->hints & hints[i].hint)
			line(out, hints[i].says, lang, values);
	out_deinit(&before);
}

void
confirm_say(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const unknown[] = { "The DNS did not answer in time, so this could not be checked.",
		"DNS から応答が得られなかったため、確認できませんでした。" };

	if (c->state == CONFIRM_UNKNOWN)
		line(out, unknown, lang, NULL);
	else if (c->state != CONFIRM_NOTHING && c->about == CONFIRM_SPF)
		say_spf(out, lang, c);
	else if (c->state != CONFIRM_NOTHING && c->about == CONFIRM_PTR)
		say_ptr(out, lang, c);
	else if (c->state != CONFIRM_NOTHING && confirm_is_by_dmarc(c->about))
		say_dmarc(out, lang, c);
	if (c->has_dkim && c->state != CONFIRM_UNKNOWN && c->dkim.result != DKIM_PASS)
		say_dkim(out, lang, c);
	say_hints(out, lang, c);
}

/* Nothing stands there that would have to be kept, so the record is the same for everybody. */
static bool
lacks_dmarc_record(const struct confirmation *c)
{
	return c->about == CONFIRM_DMARC_RECORD && c->state == CONFIRM_STILL;
}

static bool
has_spf_record(const struct confirmation *c)
{
	return c->about == CONFIRM_SPF && c->state == CONFIRM_STILL && c->repair.obstacle == REPAIR_NONE;
}

bool
confirm_has_record(const struct confirmation *c)
{
	return has_spf_record(c) || lacks_dmarc_record(c);
}

static struct repair_view
repair_view_of(const struct confirmation *c)
{
	return (struct repair_view){ &c->query, &c->repair, &c->iprev, c->zone };
}

void
confirm_say_change(struct out *out, enum lang lang, const struct confirmation *c)
{
	static const char *const dmarc[] = { "Publish a DMARC record for {0}; p=none is enough.",
		"{0} に DMARC レコードを登録してください(p=none で足ります)。" };
	const struct repair_view view = repair_view_of(c);

	if (lacks_dmarc_record(c))
		sentence_put(out, dmarc[lang], &c->domain);
	else
		repair_say_change(out, lang, &view);
}

static struct span
joined(struct arena *arena, const char *front, struct span domain)
{
	struct out out = { 0 };
	struct span whole;

	out_str(&out, front);
	out_span(&out, domain);
	whole = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return whole;
}

struct record_change
confirm_record(struct arena *arena, const struct confirmation *c)
{
	if (lacks_dmarc_record(c))
		return (struct record_change){ "DMARC", joined(arena, "_dmarc.", c->domain), c->zone, { "", 0 },
			joined(arena, "v=DMARC1; p=none; rua=mailto:postmaster@", c->domain) };
	return (struct record_change){ "SPF", c->repair.name, c->zone, c->repair.before, c->repair.after };
}

void
confirm_say_proof(struct out *out, enum lang lang, const struct confirmation *c)
{
	const struct repair_view view = repair_view_of(c);

	if (has_spf_record(c))
		repair_say_proof(out, lang, &view);
}

void
confirm_say_owner(struct out *out, enum lang lang, const struct confirmation *c)
{
	const struct repair_view view = repair_view_of(c);

	if (has_spf_record(c))
		repair_say_owner(out, lang, &view);
}

static void
write_hints(struct out *out, unsigned hints)
{
	static const char *const names[] = { "forwarded", "list", "null-sender", "ipv6", "other-signer", "unsigned",
		"body-changed", "passed-before" };
	bool first = true;

	out_str(out, ",\"hints\":[");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(hints >> i & 1))
			continue;
		if (!first)
			out_char(out, ',');
		json_write_string(out, span_of(names[i]));
		first = false;
	}
	out_char(out, ']');
}

void
confirm_write_json(struct out *out, const struct confirmation *c)
{
	const bool told = c->state == CONFIRM_STILL || c->state == CONFIRM_MENDED;

	out_str(out, "{\"state\":");
	json_write_string(out, span_of(states[c->state]));
	json_write_member(out, "about", span_of(c->state == CONFIRM_NOTHING ? "" : abouts[c->about]));
	json_write_member(out, "domain", c->domain);
	write_hints(out, c->hints);
	out_str(out, ",\"spf\":");
	if (told && c->has_spf)
		spf_write_object(out, &c->ip, &c->spf);
	else
		out_str(out, "null");
	out_str(out, ",\"repair\":");
	if (c->state == CONFIRM_STILL && c->about == CONFIRM_SPF)
		repair_write_json(out, &c->repair, &c->iprev);
	else
		out_str(out, "null");
	out_str(out, ",\"ptr\":");
	if (told && c->about == CONFIRM_PTR) {
		out_str(out, "{\"result\":");
		json_write_string(out, span_of(iprev_result_name(c->iprev.result)));
		json_write_member(out, "name", c->iprev.name);
		json_write_member(out, "reverse_name", c->iprev.reverse_name);
		json_write_member(out, "leads_to", c->iprev.leads_to);
		out_char(out, '}');
	} else {
		out_str(out, "null");
	}
	out_str(out, ",\"dmarc\":");
	if (told && confirm_is_by_dmarc(c->about)) {
		out_char(out, '{');
		dmarc_write_json(out, &c->dmarc);
		out_str(out,
		    c->dmarc_repair.return_path_passes ? ",\"return_path_passes\":true"
						       : ",\"return_path_passes\":false");
		out_str(out,
		    c->dmarc_repair.relaxing_passes ? ",\"relaxing_passes\":true}" : ",\"relaxing_passes\":false}");
	} else {
		out_str(out, "null");
	}
	out_str(out, ",\"dkim\":");
	if (c->has_dkim)
		dkim_write_json(out, &c->dkim, &c->findings);
	else
		out_str(out, "null");
	out_char(out, '}');
}
