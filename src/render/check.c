#include "render/check.h"

#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/json.h"
#include "render/sentence.h"
#include "render/record.h"
#include "render/spf.h"

/* {0}, {1}: what was seen; {2}: the problem in words. */
static const struct {
	const char *id, *says[LANG_COUNT], *fix[LANG_COUNT];
} words[CHECK_WHATS] = {
	[CHECK_SPF_SOUND] = { "spf.record",
	    { "SPF: {0} ({1} terms ask the DNS, at most 10)", "SPF: {0}(DNS を参照する項目は {1} 個、上限 10)" },
	    { "", "" } },
	[CHECK_SPF_NONE] = { "spf.record", { "{0} has no SPF record.", "{0} に SPF レコードがありません。" },
	    { "Publish one TXT record that begins with v=spf1 and names every server that sends for you; `todoku spf --repair` writes it.",
		"v=spf1 で始まる TXT レコードを 1 つ公開し、送信に使うサーバーをすべて登録してください(`todoku spf --repair` で作成できます)。" } },
	[CHECK_SPF_SEVERAL] = { "spf.record",
	    { "{0} has several SPF records, so none counts.",
		"{0} に SPF レコードが複数あり、すべて無効とみなされます。" },
	    { "Merge them into one; `todoku spf --repair` does it.",
		"1 つにまとめてください(`todoku spf --repair` で作成できます)。" } },
	[CHECK_SPF_BROKEN] = { "spf.record",
	    { "The SPF record is broken: {2} ({0})", "SPF レコードに誤りがあります: {2}({0})" },
	    { "Correct the term; as long as it stands, nobody passes.",
		"該当の項目を修正してください。誤りがある間は、どのサーバーも認証されません。" } },
	[CHECK_SPF_LOOKUPS] = { "spf.lookups",
	    { "The SPF record needs more than ten look-ups; it breaks at {0}.",
		"SPF レコードの DNS 参照が 10 回を超えています({0} で上限に達します)。" },
	    { "Remove includes of services you no longer use, or replace a, mx and include by the addresses they stand for.",
		"使っていないサービスの include を削除するか、a・mx・include を実際の IP アドレスに置き換えてください。" } },
	[CHECK_SPF_OPEN] = { "spf.all",
	    { "{0} allows everybody to send as you.", "{0} は誰にでも送信を許可しています。" },
	    { "End the record in -all or ~all.", "末尾を -all か ~all にしてください。" } },
	[CHECK_SPF_PTR] = { "spf.ptr",
	    { "ptr is slow and unreliable, and RFC 7208 says not to use it.",
		"ptr は遅く不確実で、RFC 7208 でも使用しないよう定められています。" },
	    { "Name the addresses instead.", "IP アドレスで指定してください。" } },
	[CHECK_SPF_NO_END] = { "spf.all",
	    { "The SPF record does not end in all or redirect, so it says nothing about other servers.",
		"SPF レコードが all でも redirect でも終わっていないため、登録外のサーバーについて何も示していません。" },
	    { "End it in ~all or -all.", "末尾に ~all か -all を付けてください。" } },
	[CHECK_SPF_LONG] = { "spf.size",
	    { "The SPF record is {0} bytes long; answers over 512 bytes do not reach everybody.",
		"SPF レコードが {0} バイトあり、応答が 512 バイトを超えると届かない環境があります。" },
	    { "Move parts of it into includes.", "一部を include に分けてください。" } },
	[CHECK_SPF_UNKNOWN] = { "spf.record",
	    { "SPF cannot be told now: {2} ({0})", "SPF は今は確認できません: {2}({0})" }, { "", "" } },
	[CHECK_IP_ALLOWED] = { "spf.ip", { "{0} may send: {1}", "{0} からの送信は許可されています({1})" }, { "", "" } },
	[CHECK_IP_NOT_ALLOWED] = { "spf.ip", { "{0} does not pass SPF ({1}).", "{0} は SPF を通りません({1})。" },
	    { "If it is yours, `todoku spf --repair --ip {0}` writes the record.",
		"自分のサーバーであれば `todoku spf --repair --ip {0}` で修正レコードを作成できます。" } },
	[CHECK_IP_UNKNOWN] = { "spf.ip",
	    { "Whether {0} may send cannot be told now.", "{0} からの送信が許可されているか、今は確認できません。" },
	    { "", "" } },
	[CHECK_PTR_CONFIRMED] = { "ptr",
	    { "{0} is called {1}, and the name leads back.", "{0} の逆引きは {1} で、正引きと一致しています" },
	    { "", "" } },
	[CHECK_PTR_NONE] = { "ptr", { "{0} has no name (PTR).", "{0} に逆引き(PTR)がありません。" },
	    { "The owner of the address (the hosting provider) must set {1} PTR to your mail server's name.",
		"アドレスの管理者(ホスティング事業者)に依頼し、{1} の PTR にメールサーバー名を設定してください。" } },
	[CHECK_PTR_ASTRAY] = { "ptr",
	    { "{0} is called {1}, but the name does not lead back to it.",
		"{0} の逆引きは {1} ですが、正引きと一致しません。" },
	    { "Give {1} the address {0}, or have the PTR record changed.",
		"{1} の A/AAAA レコードを {0} にするか、PTR の変更を依頼してください。" } },
	[CHECK_PTR_UNKNOWN] = { "ptr", { "The name of {0} cannot be told now.", "{0} の逆引きは今は確認できません。" },
	    { "", "" } },
	[CHECK_HELO_SOUND] = { "helo", { "HELO {0} exists.", "HELO の名前 {0} は存在します" }, { "", "" } },
	[CHECK_HELO_BAD] = { "helo",
	    { "HELO {0} is no full host name.", "HELO の名前 {0} が完全なホスト名ではありません。" },
	    { "Set the mail server's name (Postfix: myhostname) to one that exists in the DNS.",
		"メールサーバーの名前(Postfix なら myhostname)を、DNS に存在する完全な名前にしてください。" } },
	[CHECK_HELO_ASTRAY] = { "helo", { "HELO {0} has no address.", "HELO の名前 {0} にアドレスがありません。" },
	    { "Publish its A or AAAA record.", "A または AAAA レコードを公開してください。" } },
	[CHECK_DKIM_SOUND] = { "dkim.key", { "DKIM key {0}: {1} bit", "DKIM の鍵 {0}: {1} ビット" }, { "", "" } },
	[CHECK_DKIM_SMALL] = { "dkim.key",
	    { "DKIM key {0} has {1} bit; 2048 are recommended.",
		"DKIM の鍵 {0} は {1} ビットです(2048 ビットを推奨)。" },
	    { "Make a new one: `todoku dkim keygen`.", "`todoku dkim keygen` で作り直してください。" } },
	[CHECK_DKIM_WEAK] = { "dkim.key",
	    { "DKIM key {0} has only {1} bit: Gmail does not count it.",
		"DKIM の鍵 {0} は {1} ビットしかなく、Gmail では無効とみなされます。" },
	    { "Make a new one: `todoku dkim keygen`.", "`todoku dkim keygen` で作り直してください。" } },
	[CHECK_DKIM_NONE] = { "dkim.key", { "There is no DKIM key at {0}.", "{0} に DKIM の公開鍵がありません。" },
	    { "Publish the signer's public key there.", "署名に使う鍵の公開鍵をこの名前で公開してください。" } },
	[CHECK_DKIM_BROKEN] = { "dkim.key",
	    { "The DKIM key {0} is broken: {2}", "DKIM の鍵 {0} に誤りがあります: {2}" },
	    { "Publish it again, as strings of at most 255 bytes of one TXT record.",
		"1 つの TXT レコードの中で 255 バイト以下の文字列に分けて、公開し直してください。" } },
	[CHECK_DKIM_REVOKED] = { "dkim.key",
	    { "The DKIM key {0} is revoked (p= is empty).", "DKIM の鍵 {0} は失効しています(p= が空)。" },
	    { "Publish a new key, or sign with another selector.",
		"新しい鍵を公開するか、別のセレクターで署名してください。" } },
	[CHECK_DKIM_TESTING] = { "dkim.testing",
	    { "The DKIM key {0} says that it is being tested (t=y).", "DKIM の鍵 {0} は試験中とされています(t=y)。" },
	    { "Remove t=y.", "t=y を削除してください。" } },
	[CHECK_DKIM_ED25519] = { "dkim.key",
	    { "DKIM key {0} is Ed25519, which Gmail does not count.",
		"DKIM の鍵 {0} は Ed25519 で、Gmail では認証済みとみなされません。" },
	    { "Sign with an RSA key as well.", "RSA の鍵でも署名してください。" } },
	[CHECK_DKIM_SAME_KEY] = { "dkim.key-file",
	    { "The key file is the one whose public half is published.",
		"鍵ファイルは、公開されている鍵と対応しています" },
	    { "", "" } },
	[CHECK_DKIM_OTHER_KEY] = { "dkim.key-file",
	    { "None of the keys published for {0} is the one of the key file.",
		"{0} で公開されている鍵の中に、指定された鍵ファイルに対応するものがありません。" },
	    { "Publish the public half of the file that signs.", "署名に使う鍵ファイルの公開鍵を公開してください。" } },
	[CHECK_DKIM_GUESSED] = { "dkim.key",
	    { "A DKIM key was found by guessing: {0} ({1} bit)",
		"よくあるセレクター名で DKIM の鍵が見つかりました: {0}({1} ビット)" },
	    { "", "" } },
	[CHECK_DKIM_NO_SELECTOR] = { "dkim.key",
	    { "Whether {0} signs with DKIM is not known: the DNS does not list selectors.",
		"{0} の DKIM の有無は分かりません(DNS からセレクターの一覧は得られません)。" },
	    { "Name one (--selector), or give a message (--message).",
		"--selector でセレクターを指定するか、--message で署名済みのメールを渡してください。" } },
	[CHECK_DKIM_UNKNOWN] = { "dkim.key",
	    { "The DKIM key {0} cannot be looked up now.", "DKIM の鍵 {0} は今は取得できません。" }, { "", "" } },
	[CHECK_DMARC_SOUND] = { "dmarc.record", { "DMARC: {0} (at {1})", "DMARC: {0}({1})" }, { "", "" } },
	[CHECK_DMARC_NONE] = { "dmarc.record", { "{0} has no DMARC record.", "{0} に DMARC レコードがありません。" },
	    { "Publish at _dmarc.{0}, to begin with: v=DMARC1; p=none; rua=mailto:postmaster@{0}",
		"まず _dmarc.{0} に「v=DMARC1; p=none; rua=mailto:postmaster@{0}」を公開してください。" } },
	[CHECK_DMARC_SEVERAL] = { "dmarc.record",
	    { "{0} has several DMARC records, so none counts.",
		"{0} に DMARC レコードが複数あり、すべて無効とみなされます。" },
	    { "Keep one.", "1 つだけ残してください。" } },
	[CHECK_DMARC_FAULTY] = { "dmarc.syntax",
	    { "The DMARC record is not as it should be: {2} ({1})", "DMARC レコードに誤りがあります: {2}({1})" },
	    { "Correct it.", "修正してください。" } },
	[CHECK_DMARC_MISPLACED] = { "dmarc.record",
	    { "The DMARC record stands at {0} itself, where nobody looks.",
		"DMARC レコードが {0} 自体にあり、参照されません。" },
	    { "Move it to _dmarc.{0}.", "_dmarc.{0} に移してください。" } },
	[CHECK_DMARC_WATCHING] = { "dmarc.policy",
	    { "The policy is none: forged mail in your name is let through.",
		"ポリシーは none です(なりすましメールは拒否されません)。" },
	    { "Once the reports show that all your mail passes, go on to quarantine and reject.",
		"レポートで自分のメールがすべて合格していることを確認したら、quarantine、reject へ進めてください。" } },
	[CHECK_DMARC_NO_REPORTS] = { "dmarc.rua",
	    { "There is no rua=: nobody tells you what fails.",
		"rua= がないため、認証結果のレポートを受け取れません。" },
	    { "Add rua=mailto:….", "rua=mailto:… を追加してください。" } },
	[CHECK_DMARC_REPORTS_UNASKED] = { "dmarc.rua",
	    { "Reports go to {0}, which does not say that it takes them.",
		"レポートの送り先 {0} が受け取りを許可していません。" },
	    { "That domain must publish v=DMARC1 at <your domain>._report._dmarc.{0}.",
		"送り先のドメインで <自ドメイン>._report._dmarc.{0} に v=DMARC1 を公開する必要があります。" } },
	[CHECK_DMARC_UNKNOWN] = { "dmarc.record",
	    { "The DMARC record of {0} cannot be looked up now.", "{0} の DMARC レコードは今は取得できません。" },
	    { "", "" } },
	[CHECK_MX_SOUND] = { "mx", { "MX: {0}", "MX: {0}" }, { "", "" } },
	[CHECK_MX_NONE] = { "mx",
	    { "{0} has no MX record: answers and bounces may not reach you.",
		"{0} に MX レコードがなく、返信や不達通知を受け取れないおそれがあります。" },
	    { "Publish one.", "MX レコードを公開してください。" } },
	[CHECK_MX_NULL] = { "mx",
	    { "{0} says that it takes no mail (null MX); some receivers refuse mail from such a domain.",
		"{0} はメールを受け取らないと宣言しています(null MX)。こうしたドメインからのメールを拒否する受信者もいます。" },
	    { "Send with a domain that takes answers.", "返信を受け取れるドメインで送信してください。" } },
	[CHECK_STS_SOUND] = { "mta-sts", { "MTA-STS: {0}", "MTA-STS: {0}" }, { "", "" } },
	[CHECK_STS_NONE] = { "mta-sts",
	    { "There is no MTA-STS record ({0}); it protects mail to you, not from you.",
		"MTA-STS のレコードがありません({0})。受信メールを保護するもので、送信には影響しません。" },
	    { "", "" } },
	[CHECK_TLSRPT_SOUND] = { "tls-rpt", { "TLS-RPT: {0}", "TLS-RPT: {0}" }, { "", "" } },
	[CHECK_TLSRPT_NONE] = { "tls-rpt",
	    { "There is no TLS-RPT record ({0}).", "TLS-RPT のレコードがありません({0})。" }, { "", "" } },
	[CHECK_MAIL_AUTHENTICATED] = { "mail.authentication",
	    { "The message passes both SPF and DKIM.", "このメールは SPF と DKIM の両方に通ります" }, { "", "" } },
	[CHECK_MAIL_NOT_AUTHENTICATED] = { "mail.authentication",
	    { "The message passes neither SPF nor DKIM, as Gmail counts them.",
		"このメールは(Gmail の基準で)SPF にも DKIM にも通りません。" },
	    { "`todoku verify` shows why; one of them is needed, DKIM is the better one.",
		"`todoku verify` で理由を確認してください。どちらかは必須で、DKIM を優先してください。" } },
	[CHECK_MAIL_SPF_ONLY] = { "mail.authentication",
	    { "The message passes SPF, but no DKIM signature that Gmail counts.",
		"このメールは SPF に通りますが、Gmail が認める DKIM 署名がありません。" },
	    { "Sign with DKIM: bulk senders must, and it survives forwarding.",
		"DKIM 署名を付けてください(大量送信者は必須。転送されても有効です)。" } },
	[CHECK_MAIL_DKIM_ONLY] = { "mail.authentication",
	    { "The message passes DKIM, but not SPF.", "このメールは DKIM に通りますが、SPF には通りません。" },
	    { "Add the sending server to the SPF record of MAIL FROM's domain.",
		"MAIL FROM のドメインの SPF レコードに送信サーバーを登録してください。" } },
	[CHECK_MAIL_ALIGNED] = { "mail.alignment",
	    { "From: ({0}) is aligned: DMARC passes.", "From のドメイン({0})が一致し、DMARC に合格します" },
	    { "", "" } },
	[CHECK_MAIL_NOT_ALIGNED] = { "mail.alignment",
	    { "From: ({0}) is aligned with nothing that passes (policy {1}).",
		"From のドメイン({0})と一致する認証がありません(ポリシー {1})。" },
	    { "Sign as d={0}; or send with a MAIL FROM of the same domain that passes SPF.",
		"d={0} で署名するか、同じドメインの MAIL FROM で SPF に通してください。" } },
	[CHECK_MAIL_FROM_GMAIL] = { "mail.from",
	    { "From: is of gmail.com, but it was not sent by Gmail.",
		"From が gmail.com ですが、Gmail から送信されていません。" },
	    { "Use an address of your own domain.", "自分のドメインのアドレスを使ってください。" } },
	[CHECK_MAIL_FORM_SOUND] = { "mail.form", { "The message's form is sound.", "メールの形式に問題はありません" },
	    { "", "" } },
	[CHECK_MAIL_FORM] = { "mail.form", { "Form: {2} {0}", "形式: {2} {0}" },
	    { "Correct it in the program that writes the message (byte {1}).",
		"メールを作成するプログラムを修正してください({1} バイト目)。" } },
	[CHECK_MAIL_ONE_CLICK] = { "mail.unsubscribe",
	    { "One-click unsubscription is offered (RFC 8058).", "ワンクリックの配信停止に対応しています(RFC 8058)" },
	    { "", "" } },
	[CHECK_MAIL_NO_ONE_CLICK] = { "mail.unsubscribe",
	    { "No one-click unsubscription. Gmail does not refuse for it, but asks it of marketing mail.",
		"ワンクリックの配信停止がありません(拒否はされませんが、マーケティングメールでは必須です)。" },
	    { "Add List-Unsubscribe with an https address, and List-Unsubscribe-Post: List-Unsubscribe=One-Click, both signed.",
		"https の List-Unsubscribe と List-Unsubscribe-Post: List-Unsubscribe=One-Click を付け、どちらも DKIM 署名の対象にしてください。" } },
	[CHECK_MAIL_TLS] = { "tls", { "The message came over TLS.", "TLS で送信されています" }, { "", "" } },
	[CHECK_MAIL_NO_TLS] = { "tls",
	    { "The message's Received: tells of no TLS.", "Received に TLS の記録がありません。" },
	    { "Let the mail server use it (Postfix: smtp_tls_security_level = may).",
		"メールサーバーで TLS を有効にしてください(Postfix なら smtp_tls_security_level = may)。" } },
	[CHECK_TLS_UNKNOWN] = { "tls",
	    { "Whether your server sends over TLS is not known from here.",
		"TLS で送信しているかは、ここからは分かりません。" },
	    { "", "" } },
	[CHECK_REPUTATION_UNKNOWN] = { "reputation",
	    { "Reputation, rate and spam complaints are not known from here: see Google's Postmaster Tools (under 0.1 %, never 0.3 %).",
		"評判・送信量・迷惑メール報告率は、ここからは分かりません。Google の Postmaster Tools で確認してください(0.1% 未満を維持し、0.3% に達しないこと)。" },
	    { "", "" } },
};

static const struct {
	const char *token, *says[LANG_COUNT];
} forms[] = { { "no-from", { "no From:", "From がない" } },
	{ "several-from", { "From: more than once", "From が複数ある" } },
	{ "several-authors", { "several addresses in From:", "From に複数のアドレス" } },
	{ "from-unreadable", { "no address in From:", "From にアドレスがない" } },
	{ "no-date", { "no Date:", "Date がない" } }, { "no-message-id", { "no Message-ID:", "Message-ID がない" } },
	{ "bad-message-id", { "a Message-ID that is none", "Message-ID の形式が正しくない" } },
	{ "long-message-id", { "a Message-ID over 500 bytes", "Message-ID が 500 バイトを超える" } },
	{ "duplicate", { "more than once:", "重複しているヘッダー:" } },
	{ "encoded-word", { "an encoded-word where none may stand, in", "encoded-word を使えない場所で使用:" } },
	{ "raw-8bit", { "bytes that are not ASCII in", "ASCII 以外のバイトを含むヘッダー:" } },
	{ "nul", { "a NUL byte", "NUL バイト" } }, { "bare-cr", { "CR without LF", "LF のない CR" } },
	{ "bare-lf", { "LF without CR", "CR のない LF" } },
	{ "long-line", { "a line over 998 bytes", "998 バイトを超える行" } },
	{ "bad-field", { "a line in the header that is no field", "ヘッダーの中にフィールドでない行" } },
	{ "header-size", { "a header over 500 KB", "ヘッダーが 500 KB を超える" } },
	{ "too-many-fields", { "more than 5,000 header fields", "ヘッダーが 5,000 個を超える" } },
	{ "value-size", { "over 32 KB:", "32 KB を超えるヘッダー:" } },
	{ "subject-size", { "a Subject over 998 bytes", "Subject が 998 バイトを超える" } },
	{ "hops", { "more than 50 Received:", "Received が 50 個を超える" } } };

static const char *const state_tokens[] = { "pass", "warn", "fail", "unknown" };
static const char *const weight_tokens[] = { "all", "bulk", "advice" };

static const char *
problem_words(const struct check_item *item, enum lang lang)
{
	const char *words_of = item->problem ? item->problem : "";

	if (item->what == CHECK_MAIL_FORM)
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			if (strcmp(forms[i].token, words_of) == 0)
				return forms[i].says[lang];
	words_of = spf_problem(words_of, lang);
	words_of = dkim_problem(words_of, lang);
	return dmarc_problem(words_of, lang);
}

static void
say(struct out *out, const char *template, const struct check_item *item, enum lang lang)
{
	const struct span values[] = { item->a, item->b, span_of(problem_words(item, lang)) };

	sentence_put(out, template, values);
}

static void
put_item(struct out *out, const struct terminal *t, enum lang lang, const struct check_item *item)
{
	static const char *const marks[][LANG_COUNT] = { { "pass ", "合格 " }, { "warn ", "注意 " },
		{ "FAIL ", "不合格" }, { "?    ", "不明 " } };
	static const enum terminal_style styles[] = { STYLE_GOOD, STYLE_PASSING, STYLE_BAD, STYLE_FAINT };
	const char *mark = item->weight == CHECK_ADVICE && item->state == CHECK_WARN
	    ? lang == LANG_JA ? "参考" : "note "
	    : marks[item->state][lang];
	const unsigned indent = lang == LANG_JA ? 10 : 8;
	struct out line = { 0 };

	out_str(out, "  ");
	terminal_style(t, out, styles[item->state]);
	out_str(out, mark);
	terminal_style(t, out, STYLE_PLAIN);
	terminal_blanks(out, indent - 2 - terminal_width(span_of(mark)));
	say(&line, words[item->what].says[lang], item, lang);
	terminal_paragraph(t, out, out_view(&line), indent);
	if (item->state != CHECK_PASS && words[item->what].fix[lang][0] != '\0') {
		out_clear(&line);
		out_str(&line, "→ ");
		say(&line, words[item->what].fix[lang], item, lang);
		terminal_blanks(out, indent);
		terminal_paragraph(t, out, out_view(&line), indent);
	}
	out_deinit(&line);
}

static void
put_group(
    struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v, enum check_weight weight)
{
	static const char *const heads[][LANG_COUNT] = {
		[CHECK_ALL] = { "Asked of every sender (Gmail refuses for what fails here)",
		    "すべての送信者に必須(不合格の項目は Gmail に拒否されます)" },
		[CHECK_BULK] = { "Asked of bulk senders (5,000 a day or more to Gmail)",
		    "大量送信者に必須(Gmail 宛て 1 日 5,000 通以上)" },
		[CHECK_ADVICE] = { "Good advice (nobody refuses for it)",
		    "推奨(これだけで拒否されることはありません)" },
	};
	bool any = false;

	for (size_t i = 0; i < v->check->n; i++) {
		if (v->check->items[i].weight != weight)
			continue;
		if (!any) {
			out_char(out, '\n');
			terminal_style(t, out, STYLE_LABEL);
			out_str(out, heads[weight][lang]);
			terminal_style(t, out, STYLE_PLAIN);
			out_char(out, '\n');
			any = true;
		}
		put_item(out, t, lang, &v->check->items[i]);
	}
}

static void
put_sureness(struct out *out, enum lang lang, enum confidence confidence)
{
	out_str(out,
	    confidence == CONFIDENCE_CERTAIN ? lang == LANG_JA ? "(確実)" : " (certain)"
		: lang == LANG_JA            ? "(ほぼ確実)"
					     : " (likely)");
}

static void
put_answer(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v)
{
	static const char *const nothing[] = {
		"Nothing was found that Gmail is known to refuse for. Content and reputation cannot be known from here.",
		"Gmail が拒否すると分かっている点は見つかりませんでした。内容や評判による判断は、ここからは分かりません。"
	};
	const struct gmail_answer *a = v->answer;

	if (a == NULL)
		return;
	out_char(out, '\n');
	terminal_style(t, out, STYLE_LABEL);
	out_str(out, lang == LANG_JA ? "Gmail の応答(予測)" : "What Gmail would answer");
	if (a->n > 0)
		put_sureness(out, lang, a->replies[0].confidence);
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
	if (a->n == 0) {
		terminal_blanks(out, 2);
		terminal_paragraph(t, out, span_of(nothing[lang]), 2);
		return;
	}
	for (size_t i = 0; i < a->n; i++) {
		struct out reply = { 0 };

		if (i == 1) {
			terminal_style(t, out, STYLE_FAINT);
			out_str(out,
			    lang == LANG_JA ? "これを直した後に出るもの:\n"
					    : "Once that is mended, these would follow:\n");
			terminal_style(t, out, STYLE_PLAIN);
		}
		gmail_write_reply(
		    &reply, &a->replies[i], catalog_find_rule(v->catalog, span_of(a->replies[i].rule)), v->ip);
		for (struct span rest = out_view(&reply), line; span_take_line(&rest, &line);) {
			out_str(out, "  ");
			terminal_escape(out, line);
			out_char(out, '\n');
		}
		out_deinit(&reply);
	}
}

static void
put_head(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v)
{
	struct out failed = { 0 }, warned = { 0 }, line = { 0 };
	struct span values[3] = { v->domain };

	out_number(&failed, v->check->n_failed);
	out_number(&warned, v->check->n_warned);
	values[1] = out_view(&failed);
	values[2] = out_view(&warned);
	sentence_put(&line,
	    lang == LANG_JA ? v->check->n_failed ? "{0}: 不合格が {1} 件、注意が {2} 件あります。"
						 : "{0}: 不合格はありません(注意 {2} 件)。"
		: v->check->n_failed ? "{0}: {1} failed, {2} to look at."
				     : "{0}: nothing failed, {2} to look at.",
	    values);
	terminal_style(t, out, v->check->n_failed ? STYLE_BAD : STYLE_GOOD);
	terminal_paragraph(t, out, out_view(&line), 0);
	terminal_style(t, out, STYLE_PLAIN);
	out_deinit(&failed);
	out_deinit(&warned);
	out_deinit(&line);
}

void
check_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v)
{
	put_head(out, t, lang, v);
	for (enum check_weight w = CHECK_ALL; w <= CHECK_ADVICE; w++)
		put_group(out, t, lang, v, w);
	put_answer(out, t, lang, v);
}

static void
write_said(struct out *out, const char *key, const char *template, const struct check_item *item, enum lang lang)
{
	struct out said = { 0 };

	say(&said, template, item, lang);
	json_write_member(out, key, out_view(&said));
	out_deinit(&said);
}

static void
write_item(struct out *out, enum lang lang, const struct check_item *item)
{
	out_str(out, "{\"id\":");
	json_write_string(out, span_of(words[item->what].id));
	json_write_member(out, "state", span_of(state_tokens[item->state]));
	json_write_member(out, "weight", span_of(weight_tokens[item->weight]));
	json_write_member(out, "seen", item->a);
	json_write_member(out, "value", item->b);
	json_write_member(out, "problem", span_of(item->problem ? item->problem : ""));
	write_said(out, "says", words[item->what].says[lang], item, lang);
	write_said(out, "fix", item->state == CHECK_PASS ? "" : words[item->what].fix[lang], item, lang);
	out_char(out, '}');
}

static void
write_reply(struct out *out, const struct check_view *v, const struct gmail_reply *r)
{
	struct out reply = { 0 };

	gmail_write_reply(&reply, r, catalog_find_rule(v->catalog, span_of(r->rule)), v->ip);
	out_str(out, "{\"rule\":");
	json_write_string(out, span_of(r->rule));
	json_write_number(out, "code", r->code);
	json_write_member(out, "status", span_of(r->status));
	json_write_member(out, "confidence", span_of(r->confidence == CONFIDENCE_CERTAIN ? "certain" : "likely"));
	json_write_member(out, "reply", out_view(&reply));
	out_char(out, '}');
	out_deinit(&reply);
}

void
check_write_json(struct out *out, enum lang lang, const struct check_view *v)
{
	out_str(out, "{\"schema\":1");
	json_write_member(out, "domain", v->domain);
	json_write_number(out, "failed", v->check->n_failed);
	json_write_number(out, "warned", v->check->n_warned);
	out_str(out, v->bulk ? ",\"bulk\":true,\"items\":[" : ",\"bulk\":false,\"items\":[");
	for (size_t i = 0; i < v->check->n; i++) {
		if (i > 0)
			out_char(out, ',');
		write_item(out, lang, &v->check->items[i]);
	}
	out_str(out, "],\"gmail\":");
	if (v->answer == NULL) {
		out_str(out, "null}\n");
		return;
	}
	out_str(out, v->answer->n > 0 ? "{\"refused\":true,\"replies\":[" : "{\"refused\":false,\"replies\":[");
	for (size_t i = 0; i < v->answer->n; i++) {
		if (i > 0)
			out_char(out, ',');
		write_reply(out, v, &v->answer->replies[i]);
	}
	out_str(out, "]}}\n");
}
