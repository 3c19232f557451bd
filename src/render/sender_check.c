#include "render/sender_check.h"

#include "catalog/rule_reply.h"
#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/form.h"
#include "render/gmail_answer.h"
#include "render/json_writer.h"
#include "render/near_miss.h"
#include "render/problem.h"
#include "render/sentence.h"
#include "render/record.h"
#include "render/spf.h"

/* {0}, {1}: what was seen; {2}: the problem in words. */
static const struct {
	const char *id, *says[LANG_COUNT], *fix[LANG_COUNT];
} words[CHECK_WHATS] = {
	[CHECK_SPF_SOUND] = { "spf.record",
	    { "SPF: {0} ({1} of 10 look-ups)", "SPF: {0}(DNS 参照 {1} 回、上限 10 回)" }, { "", "" } },
	[CHECK_SPF_NONE] = { "spf.record", { "{0} has no SPF record.", "{0} に SPF レコードがありません。" },
	    { "Publish one TXT record that begins with v=spf1 and names every server that sends for you; `todoku spf --repair --ip <IP> --mail-from {3}` writes it.",
		"v=spf1 で始まる TXT レコードを 1 つ公開し、送信に使うサーバーをすべて登録してください(`todoku spf --repair --ip <IP> --mail-from {3}` で作成できます)。" } },
	[CHECK_SPF_SEVERAL] = { "spf.record",
	    { "{0} has several SPF records, so none counts.",
		"{0} に SPF レコードが複数あり、すべて無効とみなされます。" },
	    { "Merge them into one; `todoku spf --repair --ip <IP> --mail-from {3}` does it.",
		"1 つにまとめてください(`todoku spf --repair --ip <IP> --mail-from {3}` で作成できます)。" } },
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
	    { "SPF cannot be told now: {2} ({0})", "現在、SPF を確認できません: {2}({0})" }, { "", "" } },
	[CHECK_IP_ALLOWED] = { "spf.ip", { "{0} may send: {1}", "{0} からの送信は許可されています({1})" }, { "", "" } },
	[CHECK_IP_NOT_ALLOWED] = { "spf.ip", { "{0} does not pass SPF ({1}).", "{0} は SPF 認証に失敗します({1})。" },
	    { "Only if it is a server of yours: add it to the SPF record.",
		"自分のサーバーである場合に限り、SPF レコードに加えてください。" } },
	[CHECK_IP_UNKNOWN] = { "spf.ip",
	    { "Whether {0} may send cannot be told now.", "{0} からの送信が許可されているか、現在は確認できません。" },
	    { "", "" } },
	[CHECK_PTR_CONFIRMED] = { "ptr",
	    { "{0} is called {1}, and the name leads back.", "{0} の逆引きは {1} で、正引きと一致しています" },
	    { "", "" } },
	[CHECK_PTR_NONE] = { "ptr", { "{0} has no name (PTR).", "{0} に逆引き(PTR)がありません。" },
	    { "The owner of the address (the hosting provider) must set {1} PTR to your mail server's name.",
		"IP アドレスの管理者(ホスティング事業者)に依頼し、{1} の PTR にメールサーバーのホスト名を設定してください。" } },
	[CHECK_PTR_ASTRAY] = { "ptr",
	    { "{0} is called {1}, but the name does not lead back to it.",
		"{0} の逆引きは {1} ですが、正引きと一致しません。" },
	    { "Give {1} the address {0}, or have the PTR record changed.",
		"{1} の A/AAAA レコードを {0} にするか、PTR の変更を依頼してください。" } },
	[CHECK_PTR_UNKNOWN] = { "ptr",
	    { "The name of {0} cannot be told now.", "現在、{0} の逆引きを確認できません。" }, { "", "" } },
	[CHECK_HELO_SOUND] = { "helo", { "HELO {0} exists.", "HELO の名前 {0} は存在します" }, { "", "" } },
	[CHECK_HELO_BAD] = { "helo",
	    { "HELO {0} is no full host name.", "HELO の名前 {0} が完全なホスト名ではありません。" },
	    { "Set the mail server's name (Postfix: myhostname) to one that exists in the DNS.",
		"メールサーバーの名前(Postfix なら myhostname)を、DNS に存在する完全な名前にしてください。" } },
	[CHECK_HELO_ASTRAY] = { "helo", { "HELO {0} has no address.", "HELO の名前 {0} にアドレスがありません。" },
	    { "Publish its A or AAAA record.", "A または AAAA レコードを登録してください。" } },
	[CHECK_DKIM_SOUND] = { "dkim.key", { "DKIM key {0}: {1} bit", "DKIM の鍵 {0}: {1} ビット" }, { "", "" } },
	[CHECK_DKIM_SMALL] = { "dkim.key",
	    { "DKIM key {0} has {1} bit; 2048 are recommended.",
		"DKIM の鍵 {0} は {1} ビットです(2048 ビットを推奨)。" },
	    { "Make a new one: `todoku dkim keygen --domain {3} --selector <SELECTOR> --out <FILE>`.",
		"`todoku dkim keygen --domain {3} --selector <SELECTOR> --out <FILE>` で作り直してください。" } },
	[CHECK_DKIM_WEAK] = { "dkim.key",
	    { "DKIM key {0} has only {1} bit: Gmail does not count it.",
		"DKIM の鍵 {0} は {1} ビットしかなく、Gmail では無効とみなされます。" },
	    { "Make a new one: `todoku dkim keygen --domain {3} --selector <SELECTOR> --out <FILE>`.",
		"`todoku dkim keygen --domain {3} --selector <SELECTOR> --out <FILE>` で作り直してください。" } },
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
	    { "The DKIM key {0} says that it is being tested (t=y).",
		"DKIM の鍵 {0} はテストモードになっています(t=y)。" },
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
		"{0} の DKIM の有無はわかりません(DNS からセレクターの一覧は得られません)。" },
	    { "Name one (--selector), or give a message (--message).",
		"--selector でセレクターを指定するか、--message で署名済みのメールを渡してください。" } },
	[CHECK_DKIM_UNKNOWN] = { "dkim.key",
	    { "The DKIM key {0} cannot be looked up now.", "現在、DKIM の鍵 {0} を取得できません。" }, { "", "" } },
	[CHECK_DMARC_SOUND] = { "dmarc.record", { "DMARC: {0} (at {1})", "DMARC: {0}({1})" }, { "", "" } },
	[CHECK_DMARC_NONE] = { "dmarc.record", { "{0} has no DMARC record.", "{0} に DMARC レコードがありません。" },
	    { "Publish one to begin with, as below.", "まず次のレコードを登録してください。" } },
	[CHECK_DMARC_SEVERAL] = { "dmarc.record",
	    { "{0} has several DMARC records, so none counts.",
		"{0} に DMARC レコードが複数あり、すべて無効とみなされます。" },
	    { "Keep one.", "1 つだけ残してください。" } },
	[CHECK_DMARC_FAULTY] = { "dmarc.syntax",
	    { "The DMARC record is not as it should be: {2} ({1})", "DMARC レコードに誤りがあります: {2}({1})" },
	    { "Correct it.", "修正してください。" } },
	[CHECK_DMARC_MISPLACED] = { "dmarc.record",
	    { "The DMARC record stands at {0}, where nobody looks.", "DMARC レコードが {0} にあり、参照されません。" },
	    { "Move it to the name below.", "次の名前に移してください。" } },
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
	    { "The DMARC record of {0} cannot be looked up now.", "現在、{0} の DMARC レコードを取得できません。" },
	    { "", "" } },
	[CHECK_MX_SOUND] = { "mx", { "MX: {0}", "MX: {0}" }, { "", "" } },
	[CHECK_MX_NONE] = { "mx",
	    { "{0} has no MX record: answers and bounces may not reach you.",
		"{0} に MX レコードがなく、返信やエラーメールを受け取れないおそれがあります。" },
	    { "Publish one.", "MX レコードを登録してください。" } },
	[CHECK_MX_NULL] = { "mx",
	    { "{0} says that it takes no mail (null MX); some receivers refuse mail from such a domain.",
		"{0} はメールを受け取らないと宣言しています(null MX)。こうしたドメインからのメールを拒否する受信サーバーもあります。" },
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
	    { "The message passes both SPF and DKIM.", "このメールは SPF 認証と DKIM 認証の両方に成功します" },
	    { "", "" } },
	[CHECK_MAIL_NOT_AUTHENTICATED] = { "mail.authentication",
	    { "The message passes neither SPF nor DKIM, as Gmail counts them.",
		"このメールは(Gmail の基準で)SPF 認証にも DKIM 認証にも失敗します。" },
	    { "`todoku verify <FILE>` shows why; one of them is needed, DKIM is the better one.",
		"`todoku verify <FILE>` で理由を確認してください。どちらかは必須で、DKIM を優先してください。" } },
	[CHECK_MAIL_SPF_ONLY] = { "mail.authentication",
	    { "The message passes SPF, but no DKIM signature that Gmail counts.",
		"このメールは SPF 認証に成功しますが、Gmail が認める DKIM 署名がありません。" },
	    { "Sign with DKIM: bulk senders must, and it survives forwarding.",
		"DKIM 署名を付けてください(一括送信者は必須。転送されても有効です)。" } },
	[CHECK_MAIL_DKIM_ONLY] = { "mail.authentication",
	    { "The message passes DKIM, but not SPF.",
		"このメールは DKIM 認証に成功しますが、SPF 認証には失敗します。" },
	    { "Add the sending server to the SPF record of MAIL FROM's domain.",
		"MAIL FROM のドメインの SPF レコードに送信サーバーを登録してください。" } },
	[CHECK_MAIL_ALIGNED] = { "mail.alignment",
	    { "From: ({0}) is aligned: DMARC passes.", "From のドメイン({0})が一致し、DMARC に合格します" },
	    { "", "" } },
	[CHECK_MAIL_NOT_ALIGNED] = { "mail.alignment",
	    { "From: ({0}) is aligned with nothing that passes (policy {1}).",
		"From のドメイン({0})と一致する認証がありません(ポリシー {1})。" },
	    { "Sign as d={0}; or send with a MAIL FROM of the same domain that passes SPF.",
		"d={0} の DKIM 署名を付けるか、エンベロープ From(MAIL FROM)を同じドメインにして SPF 認証を成功させてください。" } },
	[CHECK_MAIL_FROM_GMAIL] = { "mail.from",
	    { "From: is of gmail.com, but it was not sent by Gmail.",
		"From が gmail.com ですが、Gmail から送信されていません。" },
	    { "Use an address of your own domain.", "自分のドメインのアドレスを使ってください。" } },
	[CHECK_MAIL_FORM_SOUND] = { "mail.form", { "The message's form is sound.", "メールの形式に問題はありません" },
	    { "", "" } },
	[CHECK_MAIL_FORM] = { "mail.form", { "Form: {2} {0}", "形式: {2} {0}" },
	    { "Correct it in the program that writes the message.",
		"メールを作成するプログラムを修正してください。" } },
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
		"TLS で送信しているかは、外部からは確認できません。" },
	    { "", "" } },
	[CHECK_NO_DOMAIN] = { "domain",
	    { "The domain {0} does not exist (NXDOMAIN).", "ドメイン {0} は存在しません(NXDOMAIN)。" },
	    { "Check the spelling, and whether the registration has lapsed. There is nothing to publish until it exists.",
		"入力ミスがないか、登録の期限が切れていないかを確認してください。ドメインが存在しない間は、公開できるレコードはありません。" } },
	[CHECK_APEX_CNAME] = { "domain.cname",
	    { "{0} is a CNAME to {1}, which hides every other record of that name: SPF and MX too.",
		"{0} に CNAME({1})が設定されているため、SPF や MX など、同じ名前のほかのレコードがすべて無効になっています。" },
	    { "Replace the CNAME by A and AAAA records (or the provider's ALIAS), then publish SPF there.",
		"CNAME を A・AAAA レコード(または DNS 事業者の ALIAS)に置き換えてから、SPF を公開してください。" } },
	[CHECK_SPF_MISWRITTEN] = { "spf.record",
	    { "What stands there is meant for an SPF record, but is not one as written: {0}",
		"SPF レコードのつもりで公開されている値の書き方に誤りがあります: {0}" },
	    { "Replace the TXT record of this name by the one below; do not add a second.",
		"この名前の TXT レコードを次の値に書き換えてください(2 つ目を追加しないこと)。" } },
	[CHECK_SPF_MISPLACED] = { "spf.record",
	    { "The SPF record stands at {0}, where nobody looks for it.",
		"SPF レコードが {0} にあり、参照されません。" },
	    { "Publish it at the domain's own name.", "ドメイン自体の名前で公開してください。" } },
	[CHECK_SPF_UNDECIDED] = { "spf.all",
	    { "{0} says neither yes nor no to other servers.",
		"{0} では、登録外のサーバーについて何も示していません。" },
	    { "End the record in ~all or -all.", "末尾を ~all か -all にしてください。" } },
	[CHECK_SPF_BEHIND_ALL] = { "spf.all",
	    { "{0} stands behind all, where nothing is read any more.",
		"{0} は all より後ろにあるため、読まれません。" },
	    { "Move all to the end, or remove what stands behind it.",
		"all を末尾に移すか、後ろの項目を削除してください。" } },
	[CHECK_SPF_REDIRECT_IGNORED] = { "spf.redirect",
	    { "{0} stands beside all, so it is never followed.", "all があるため、{0} は使われません。" },
	    { "Keep one of the two.", "どちらか一方だけにしてください。" } },
	[CHECK_SPF_WIDE] = { "spf.range",
	    { "{0} lets in far more addresses than anybody sends from.",
		"{0} は、送信元としては広すぎる範囲を許可しています。" },
	    { "Name the networks that really send.", "実際に送信しているネットワークだけを登録してください。" } },
	[CHECK_PTR_ADDRESS] = { "ptr",
	    { "The PTR record of {0} leads to {1}, which is an address and no host name.",
		"{0} の逆引き(PTR)が {1} になっており、ホスト名ではありません。" },
	    { "Have the owner of the address (the hosting provider) set the PTR record to your mail server's name, one that leads back to {0}.",
		"アドレスの管理者(ホスティング事業者)に依頼し、PTR をメールサーバーの名前({0} に正引きできるもの)にしてください。" } },
	[CHECK_PTR_GENERIC] = { "ptr.generic",
	    { "{0} is called {1}: a name made of the address, such as dial-up lines have.",
		"{0} の逆引き {1} は、アドレスから機械的に付けられた名前です。" },
	    { "Have the owner of the address set it to your mail server's own name.",
		"アドレスの管理者に依頼し、メールサーバー固有の名前にしてください。" } },
	[CHECK_HELO_OTHER] = { "helo",
	    { "HELO {0} exists, but has not the sending address {1}.",
		"HELO の名前 {0} は存在しますが、送信元の {1} を指していません。" },
	    { "Give {0} the address {1}, or let the server use the name that the address has.",
		"{0} の A/AAAA レコードに {1} を加えるか、逆引きと同じ名前を HELO に使ってください。" } },
	[CHECK_DKIM_WILDCARD] = { "dkim.key",
	    { "No selector is in use: {0} revokes them all (p= is empty).",
		"{0} により、すべてのセレクターが失効とされています(p= が空)" },
	    { "", "" } },
	[CHECK_DKIM_MISWRITTEN] = { "dkim.key",
	    { "The DKIM key {0} is not one as written.", "DKIM の鍵 {0} の書き方に誤りがあります。" },
	    { "Replace the TXT record by the one below.", "TXT レコードを次の値に書き換えてください。" } },
	[CHECK_DKIM_MISPLACED] = { "dkim.key",
	    { "The DKIM key stands at {0}, where nobody looks for it.", "DKIM の鍵が {0} にあり、参照されません。" },
	    { "Publish it at the name below (web panels add the domain themselves).",
		"次の名前で公開してください(管理画面がドメイン名を自動で付けることがあります)。" } },
	[CHECK_DMARC_MISWRITTEN] = { "dmarc.record",
	    { "The DMARC record is almost right: {0}", "DMARC レコードの書き方に誤りがあります: {0}" },
	    { "Replace the TXT record by the one below.", "TXT レコードを次の値に書き換えてください。" } },
	[CHECK_DMARC_CNAME] = { "dmarc.record",
	    { "{0} is a CNAME to {1}, and no DMARC record stands there.",
		"{0} は {1} への CNAME ですが、その先に DMARC レコードがありません。" },
	    { "Have it published there, or replace the CNAME by a TXT record.",
		"参照先で公開してもらうか、CNAME を TXT レコードに置き換えてください。" } },
	[CHECK_DMARC_TESTING] = { "dmarc.testing",
	    { "The policy is being tested (t=y): receivers apply the one below it.",
		"ポリシーはテストモード(t=y)で、1 段階弱いものが適用されます。" },
	    { "Remove t=y once the reports are clean.", "レポートに問題がなくなったら t=y を削除してください。" } },
	[CHECK_DMARC_PCT] = { "dmarc.pct",
	    { "pct={1} is no part of DMARC any more (RFC 9989); some receivers still apply the policy to that share of mail only.",
		"pct={1} は現在の DMARC(RFC 9989)にはありません。古い仕様の受信サーバーでは、その割合のメールにしか適用されません。" },
	    { "Remove pct; for a trial use t=y.", "pct を削除してください。テストには t=y を使います。" } },
	[CHECK_DMARC_FO] = { "dmarc.fo",
	    { "fo={1} has no effect: it takes 0, 1, d or s, and only beside ruf=.",
		"fo={1} は効果がありません(0・1・d・s のいずれかで、ruf= があるときだけ有効)。" },
	    { "Correct or remove it.", "修正するか削除してください。" } },
	[CHECK_DMARC_URI] = { "dmarc.rua",
	    { "Nobody sends reports to {1}: only mailto: is in use.",
		"{1} 宛てにはレポートが届きません(使われているのは mailto: だけです)。" },
	    { "Use a mailto: address.", "mailto: のアドレスにしてください。" } },
	[CHECK_DMARC_TAG_UNKNOWN] = { "dmarc.tag",
	    { "{1}= is no tag of DMARC, so it is passed over.", "{1}= は DMARC のタグではないため、無視されます。" },
	    { "Correct the name, or remove it.", "名前を修正するか削除してください。" } },
	[CHECK_MX_NULL_BESIDE] = { "mx",
	    { "{0} has a null MX beside others, which contradicts them.",
		"{0} に null MX とほかの MX が混在しています。" },
	    { "Remove the null MX (“0 .”).", "null MX(「0 .」)を削除してください。" } },
	[CHECK_MX_ADDRESS] = { "mx",
	    { "The MX of {1} is {0}: an MX names a host, never an address.",
		"{1} の MX が {0} です。MX にはアドレスではなくホスト名を書きます。" },
	    { "Publish an A record for a host name, and name that host in the MX record.",
		"ホスト名に A レコードを設定し、その名前を MX に書いてください。" } },
	[CHECK_MX_LOCAL] = { "mx",
	    { "The MX of {1} is {0}: whoever answers would write to himself.",
		"{1} の MX が {0} のため、返信する側の自分自身を指します。" },
	    { "Name the host that takes your mail.", "受信用メールサーバーの名前にしてください。" } },
	[CHECK_MX_GONE] = { "mx",
	    { "The MX of {1}, {0}, does not exist.", "{1} の MX に指定されている {0} が存在しません。" },
	    { "Publish an A or AAAA record for it, or name the host that takes your mail.",
		"A/AAAA レコードを公開するか、実際に受信するサーバーの名前に変更してください。" } },
	[CHECK_MX_NO_ADDRESS] = { "mx",
	    { "The MX of {1}, {0}, has no address.", "{1} の MX に指定されている {0} にアドレスがありません。" },
	    { "Publish an A or AAAA record for it.", "A または AAAA レコードを公開してください。" } },
	[CHECK_MX_PRIVATE] = { "mx",
	    { "The MX {0} has only addresses of a private network.",
		"MX の {0} にはプライベートアドレスしかありません。" },
	    { "Publish its public address.", "インターネットから届くアドレスを公開してください。" } },
	[CHECK_MX_CNAME] = { "mx",
	    { "The MX {0} is a CNAME (to {1}), which RFC 5321 section 5.1 does not allow.",
		"MX の {0} が CNAME({1})になっています(RFC 5321 section 5.1 に反します)。" },
	    { "Name the host itself, or give {0} an A record.",
		"CNAME の参照先を MX に書くか、{0} に A レコードを設定してください。" } },
	[CHECK_STS_BROKEN] = { "mta-sts",
	    { "The MTA-STS record is not a sound one, or not the only one: {1}",
		"MTA-STS のレコードに誤りがあるか、複数あります: {1}" },
	    { "Keep one: v=STSv1; id=20260101", "「v=STSv1; id=20260101」の形のものを 1 つだけ公開してください。" } },
	[CHECK_STS_NO_ID] = { "mta-sts",
	    { "The MTA-STS record has no sound id=, so it counts for nothing: {1}",
		"MTA-STS のレコードに正しい id= がないため、無効です: {1}" },
	    { "Add id= with up to 32 letters and digits, a new one at every change of the policy.",
		"英数字 32 文字以内の id= を加え、ポリシーを変えるたびに新しい値にしてください。" } },
	[CHECK_STS_NO_HOST] = { "mta-sts",
	    { "The MTA-STS record stands there, but {0}, which must serve the policy, has no address.",
		"MTA-STS のレコードはありますが、ポリシーを置く {0} にアドレスがありません。" },
	    { "Publish its address and the policy (https://{0}/.well-known/mta-sts.txt).",
		"アドレスを設定し、https://{0}/.well-known/mta-sts.txt にポリシーを置いてください。" } },
	[CHECK_TLSRPT_BROKEN] = { "tls-rpt",
	    { "The TLS-RPT record names no place that reports could go to: {1}",
		"TLS-RPT のレコードに有効な送り先(rua=)がありません: {1}" },
	    { "Publish one: v=TLSRPTv1; rua=mailto:…", "「v=TLSRPTv1; rua=mailto:…」の形で公開してください。" } },
	[CHECK_BIMI_FOUND] = { "bimi", { "BIMI: {0}", "BIMI: {0}" }, { "", "" } },
	[CHECK_BIMI_BROKEN] = { "bimi",
	    { "The BIMI record is not a sound one: {1}", "BIMI のレコードに誤りがあります: {1}" },
	    { "Correct it: v=BIMI1; l=https://…", "「v=BIMI1; l=https://…」の形に修正してください。" } },
	[CHECK_REPUTATION_UNKNOWN] = { "reputation",
	    { "Reputation, sending rate and spam rate are not known from here. See the spam rate in Google's Postmaster Tools (keep it under 0.1 %, never 0.3 %).",
		"評価(レピュテーション)・送信量・迷惑メール率は、外部からは確認できません。迷惑メール率は Google の Postmaster Tools で確認してください(0.1% 未満を維持し、0.3% に達しないこと)。" },
	    { "", "" } },
};

static const char *const state_tokens[] = { "pass", "warn", "fail", "unknown" };
static const char *const weight_tokens[] = { "all", "bulk", "advice" };

static const char *
words_of(const struct sender_check_item *item, enum lang lang)
{
	return item->form != NULL ? form_words(item->form, lang) : problem_words(item->problem, lang);
}

/* "mail._domainkey.example.jp" → "example.jp" */
static struct span
domain_of(struct span name)
{
	static const char mark[] = "._domainkey.";
	const char *at = name.len > 0 ? memmem(name.at, name.len, mark, sizeof(mark) - 1) : NULL;

	return at ? span_skip(name, (size_t)(at - name.at) + sizeof(mark) - 1) : name;
}

static void
say(struct out *out, const char *template, const struct sender_check_item *item, enum lang lang)
{
	const struct span values[] = { item->seen, item->value, span_of(words_of(item, lang)), domain_of(item->seen) };

	sentence_put(out, template, values);
}

/* What is wrong at which byte, and what should stand there: the value on a line of its own, never wrapped. */
static void
put_record(
    struct out *out, const struct terminal *t, enum lang lang, const struct sender_check_item *item, unsigned indent)
{
	struct out line = { 0 };

	if (item->miss != NULL && item->miss->n_slips > 0) {
		near_miss_say(&line, lang, item->miss);
		terminal_blanks(out, indent);
		terminal_paragraph(t, out, out_view(&line), indent);
	}
	if (item->record.len > 0) {
		terminal_blanks(out, indent + 2);
		terminal_escape(out, item->name);
		out_str(out, " TXT");
		if (item->proved)
			out_str(out, lang == LANG_JA ? "(確認済み)" : " (proved)");
		out_char(out, '\n');
		terminal_blanks(out, indent + 2);
		terminal_escape(out, item->record);
		out_char(out, '\n');
	}
	out_deinit(&line);
}

const char *
sender_check_id(const struct sender_check_item *item)
{
	return words[item->what].id;
}

const char *
sender_check_state(const struct sender_check_item *item, enum lang lang)
{
	static const char *const marks[][LANG_COUNT] = { { "pass ", "合格 " }, { "warn ", "注意 " },
		{ "FAIL ", "不合格" }, { "?    ", "不明 " } };

	if (item->weight == CHECK_ADVICE && item->state == CHECK_WARN)
		return lang == LANG_JA ? "参考" : "note ";
	return marks[item->state][lang];
}

void
sender_check_say(struct out *out, enum lang lang, const struct sender_check_item *item)
{
	say(out, words[item->what].says[lang], item, lang);
}

void
sender_check_say_fix(struct out *out, enum lang lang, const struct sender_check_item *item)
{
	if (item->state != CHECK_PASS)
		say(out, words[item->what].fix[lang], item, lang);
}

void
sender_check_say_slips(struct out *out, enum lang lang, const struct sender_check_item *item)
{
	if (item->miss != NULL && item->miss->n_slips > 0)
		near_miss_say(out, lang, item->miss);
}

static void
put_item(struct out *out, const struct terminal *t, enum lang lang, const struct sender_check_item *item)
{
	static const enum terminal_style styles[] = { STYLE_GOOD, STYLE_PASSING, STYLE_BAD, STYLE_FAINT };
	const char *mark = sender_check_state(item, lang);
	const unsigned indent = lang == LANG_JA ? 10 : 8;
	struct out line = { 0 };

	out_str(out, "  ");
	terminal_style(t, out, styles[item->state]);
	out_str(out, mark);
	terminal_style(t, out, STYLE_PLAIN);
	terminal_blanks(out, indent - 2 - terminal_width(span_of(mark)));
	sender_check_say(&line, lang, item);
	terminal_paragraph(t, out, out_view(&line), indent);
	out_clear(&line);
	sender_check_say_fix(&line, lang, item);
	if (line.len > 0) {
		terminal_blanks(out, indent);
		out_str(out, "→ ");
		terminal_paragraph(t, out, out_view(&line), indent);
	}
	put_record(out, t, lang, item, indent);
	out_deinit(&line);
}

const char *
sender_check_group(enum check_weight weight, enum lang lang)
{
	static const char *const heads[][LANG_COUNT] = {
		[CHECK_ALL] = { "Asked of every sender (Gmail refuses for what fails here)",
		    "すべての送信者に必須(不合格の項目は Gmail に拒否されます)" },
		[CHECK_BULK] = { "Asked of bulk senders (5,000 a day or more to Gmail)",
		    "一括送信者に必須(Gmail 個人アカウント宛てに 1 日 5,000 通前後、またはそれ以上)" },
		[CHECK_ADVICE] = { "Good advice (nobody refuses for it)",
		    "推奨(これだけで拒否されることはありません)" },
	};

	return heads[weight][lang];
}

static void
put_group(
    struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v, enum check_weight weight)
{
	bool any = false;

	for (size_t i = 0; i < v->check->n; i++) {
		if (v->check->items[i].weight != weight)
			continue;
		if (!any) {
			out_char(out, '\n');
			terminal_style(t, out, STYLE_LABEL);
			out_str(out, sender_check_group(weight, lang));
			terminal_style(t, out, STYLE_PLAIN);
			out_char(out, '\n');
			any = true;
		}
		put_item(out, t, lang, &v->check->items[i]);
	}
}

void
sender_check_say_head(struct out *out, enum lang lang, const struct check_view *v)
{
	static const char *const unanswered[] = { "{0} could not be checked: the DNS did not answer everything.",
		"{0}: DNS の応答が得られない項目があり、確認できませんでした。" };
	static const char *const failed[] = { "{0}: {1} failed, {2} to look at.",
		"{0}: 不合格が {1} 件、注意が {2} 件あります。" };
	static const char *const none[] = { "{0}: nothing failed, {2} to look at.",
		"{0}: 不合格はありません(注意 {2} 件)。" };
	struct out n_failed = { 0 }, n_warned = { 0 };

	out_number(&n_failed, v->check->n_failed);
	out_number(&n_warned, v->check->n_warned);
	sentence_put(out,
	    v->check->n_failed > 0                      ? failed[lang]
		: sender_check_unanswered(v->check) > 0 ? unanswered[lang]
							: none[lang],
	    (const struct span[]){ v->domain, out_view(&n_failed), out_view(&n_warned) });
	out_deinit(&n_failed);
	out_deinit(&n_warned);
}

static void
put_head(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v)
{
	struct out line = { 0 };

	sender_check_say_head(&line, lang, v);
	terminal_style(t, out,
	    v->check->n_failed > 0                      ? STYLE_BAD
		: sender_check_unanswered(v->check) > 0 ? STYLE_PASSING
							: STYLE_GOOD);
	terminal_paragraph(t, out, out_view(&line), 0);
	terminal_style(t, out, STYLE_PLAIN);
	out_deinit(&line);
}

void
sender_check_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v)
{
	put_head(out, t, lang, v);
	for (enum check_weight w = CHECK_ALL; w <= CHECK_ADVICE; w++)
		put_group(out, t, lang, v, w);
	gmail_answer_write_text(
	    out, t, lang, &(struct gmail_view){ v->forecast, v->catalog, v->ip, v->check->n_failed > 0 });
}

static struct out
said(const char *template, const struct sender_check_item *item, enum lang lang)
{
	struct out out = { 0 };

	say(&out, template, item, lang);
	return out;
}

/* In both languages; null where there is nothing to say. */
static void
write_said(
    struct out *out, const char *key, const char *const templates[LANG_COUNT], const struct sender_check_item *item)
{
	struct out ja = said(templates[LANG_JA], item, LANG_JA), en = said(templates[LANG_EN], item, LANG_EN);

	json_write_key(out, key);
	if (en.len == 0) {
		out_str(out, "null");
	} else {
		out_str(out, "{\"ja\":");
		json_write_string(out, out_view(&ja));
		json_write_member(out, "en", out_view(&en));
		out_char(out, '}');
	}
	out_deinit(&ja);
	out_deinit(&en);
}

static void
put_csv(struct out *out, struct span s, char behind)
{
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++)
		quoted = quoted || strchr(",\"\r\n", s.at[i]) != NULL || s.at[i] == '\0';
	/* what a spreadsheet would take for a formula is no formula */
	quoted = quoted || (s.len > 0 && strchr("=+-@\t", s.at[0]) != NULL);
	if (quoted)
		out_str(out, s.len > 0 && strchr("=+-@\t", s.at[0]) != NULL ? "\"'" : "\"");
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"')
			out_char(out, '"');
		out_char(out, s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == '\0' ? ' ' : s.at[i]);
	}
	if (quoted)
		out_char(out, '"');
	out_char(out, behind);
}

void
sender_check_write_csv(struct out *out, enum lang lang, const struct check_view *v)
{
	for (size_t i = 0; i < v->check->n; i++) {
		const struct sender_check_item *item = &v->check->items[i];
		struct out says = said(words[item->what].says[lang], item, lang);
		struct out fix = said(item->state == CHECK_PASS ? "" : words[item->what].fix[lang], item, lang);

		put_csv(out, v->domain, ',');
		put_csv(out, span_of(words[item->what].id), ',');
		put_csv(out, span_of(state_tokens[item->state]), ',');
		put_csv(out, span_of(weight_tokens[item->weight]), ',');
		put_csv(out, out_view(&says), ',');
		put_csv(out, out_view(&fix), ',');
		put_csv(out, item->name, ',');
		put_csv(out, item->record, '\n');
		out_deinit(&says);
		out_deinit(&fix);
	}
}

static void
write_item(struct out *out, const struct sender_check_item *item)
{
	static const char *const nothing[LANG_COUNT] = { "", "" };

	out_str(out, "{\"id\":");
	json_write_string(out, span_of(words[item->what].id));
	json_write_member(out, "state", span_of(state_tokens[item->state]));
	json_write_member(out, "weight", span_of(weight_tokens[item->weight]));
	json_write_member(out, "seen", item->seen);
	json_write_member(out, "value", item->value);
	problem_write_json(out, "problem", item->problem);
	json_write_member(out, "form", span_of(item->form ? item->form : ""));
	near_miss_write_json(out, item->miss);
	json_write_member(out, "record_name", item->name);
	json_write_member(out, "record", item->record);
	out_str(out, item->proved ? ",\"proved\":true" : ",\"proved\":false");
	write_said(out, "says", words[item->what].says, item);
	write_said(out, "fix", item->state == CHECK_PASS ? nothing : words[item->what].fix, item);
	out_char(out, '}');
}

void
sender_check_write_json(struct out *out, const struct check_view *v)
{
	out_str(out, "{\"schema\":3");
	json_write_member(out, "domain", v->domain);
	json_write_number(out, "failed", v->check->n_failed);
	json_write_number(out, "warned", v->check->n_warned);
	out_str(out, v->bulk ? ",\"bulk\":true,\"items\":[" : ",\"bulk\":false,\"items\":[");
	for (size_t i = 0; i < v->check->n; i++) {
		if (i > 0)
			out_char(out, ',');
		write_item(out, &v->check->items[i]);
	}
	out_str(out, "],\"gmail\":");
	gmail_answer_write_json(out, &(struct gmail_view){ v->forecast, v->catalog, v->ip, false });
	out_str(out, "}\n");
}
