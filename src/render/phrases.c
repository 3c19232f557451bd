#include "render/phrases.h"

static const char *const words[PHRASE_COUNT][LANG_COUNT] = {
	[PHRASE_CAUSE] = { "Why", "理由" },
	[PHRASE_CHANGE] = { "Change", "変更内容" },
	[PHRASE_PROVED] = { "Proved", "確認済み" },
	[PHRASE_OWNER] = { "Yours?", "送信元" },
	[PHRASE_MESSAGE] = { "This message", "このメール" },
	[PHRASE_ADDRESS] = { "This address", "宛先の扱い" },
	[PHRASE_ACTS] = { "Who must act", "対応する人" },
	[PHRASE_REMEDY] = { "What to do", "対処方法" },
	[PHRASE_DNS] = { "The DNS now", "DNS の現状" },
	[PHRASE_REPLY] = { "The reply", "応答の原文" },
	[PHRASE_CONTRADICTION] = { "Mind", "注意" },
	[PHRASE_LOG] = { "On record", "記録から" },
	[PHRASE_SURE] = { "How sure", "確かさ" },
	[PHRASE_RECEIVER] = { "Receiver", "受信側" },
	[PHRASE_SOURCE] = { "Read more", "参考資料" },
	[PHRASE_PLACE] = { "Found in", "記載箇所" },
	[PHRASE_RECIPIENTS] = { "Recipients", "宛先" },
	[PHRASE_FACTS] = { "Facts found", "判明した点" },
	[PHRASE_EXAMPLE] = { "Example", "応答例" },

	[PHRASE_BRIEF] = { "{title} ({permanence})", "{title}({permanence})" },
	[PHRASE_BRIEF_UNKNOWN] = { "unknown recipient", "宛先不明" },
	[PHRASE_HEAD_REFUSED] = { "{receiver} refused the mail{to} ({permanence}).",
	    "{receiver} が{to}メールを受け取りませんでした({permanence})。" },
	[PHRASE_HEAD_DELAYED] = { "The mail{to} has not been delivered yet; the sending server is still trying.",
	    "{to}メールの配送が遅れています(送信サーバーは再送を続けています)。" },
	[PHRASE_HEAD_FAILED] = { "The mail{to} could not be delivered ({permanence}).",
	    "{to}メールを配送できませんでした({permanence})。" },
	[PHRASE_HEAD_COMPLAINT] = { "The mail{to} was reported as spam.",
	    "{to}メールが迷惑メールとして報告されました。" },
	[PHRASE_TO_ONE] = { " to {recipient}", " {recipient} 宛ての" },
	[PHRASE_TO_MANY] = { " to {n} recipients", " {n} 件の宛先への" },
	[PHRASE_THE_RECEIVER] = { "the receiving server", "受信サーバー" },

	[PHRASE_PERMANENT] = { "permanent error", "恒久的なエラー" },
	[PHRASE_TEMPORARY] = { "temporary error", "一時的なエラー" },
	[PHRASE_UNKNOWN] = { "permanent or temporary: not known", "恒久的か一時的かは不明" },
	[PHRASE_STOP] = { "Permanent: stop retrying. Send it anew only once the cause has been removed.",
	    "恒久的なエラーです。そのまま再送しても届きません。原因を取り除いてから送り直してください。" },
	[PHRASE_RETRY] = { "Temporary: the sending server should try again after {after}{every}{within}; it usually does "
			   "so by itself.",
	    "一時的なエラーです。通常は送信サーバーが自動的に再送するため、そのままお待ちください(自分で再送する場合の目安: "
	    "{after}後{every}{within})。" },
	[PHRASE_RETRY_EVERY] = { ", then every {every}", "、以後 {every}ごと" },
	[PHRASE_RETRY_WITHIN] = { ", for up to {within}", "、最長 {within}間" },
	[PHRASE_RETRY_IN_VAIN] = { "Temporary by the reply's code: the sending server retries by itself, but in vain until the "
				   "cause has been removed.",
	    "一時的なエラーとして返されたため、送信サーバーは自動的に再送しますが、原因を取り除くまで届きません。" },
	[PHRASE_GIVEN_UP] = { "The error was temporary, but the sending server has given up. Send it again by hand once "
			      "the cause has passed.",
	    "エラー自体は一時的ですが、送信側のサーバーはすでに再送を打ち切っています。時間をおいて手動で送り直してくだ"
	    "さい。" },
	[PHRASE_UNSURE_IF_PERMANENT] = { "It is not known whether the error is permanent. Do not send it again before "
					 "the reply has been read.",
	    "恒久的なエラーか一時的なエラーかを判断できません。応答の内容を確認してから再送の要否を決めてください。" },
	[PHRASE_COMPLAINED] = { "It was delivered; do not send it again.",
	    "配送は済んでいます。再送しないでください。" },

	[PHRASE_KEEP] = { "Keep it on the mailing list: the address is not at fault.",
	    "配信リストに残してください(宛先アドレスの問題ではありません)。" },
	[PHRASE_KEEP_FOR_NOW] = { "Keep it on the mailing list until the cause is known.",
	    "原因が判明するまで、配信リストに残してください。" },
	[PHRASE_SUPPRESS] = { "Take it off the mailing list at once.", "ただちに配信リストから外してください。" },
	[PHRASE_SUPPRESS_AFTER] = { "Take it off the mailing list if this happens {count} times within {within}.",
	    "{within}以内に {count} 回発生したら、配信リストから外してください。" },
	[PHRASE_SUPPRESS_COMPLAINT] = { "Take it off the mailing list at once: the recipient does not want this mail.",
	    "ただちに配信リストから外してください(受信者がこのメールを望んでいません)。" },

	[PHRASE_CERTAIN] = { "Certain: ", "確実です。" },
	[PHRASE_LIKELY] = { "Likely: ", "可能性が高いと考えられます。" },
	[PHRASE_UNKNOWABLE] = { "The receiver does not disclose the exact reason; ",
	    "受信側が正確な理由を公表していないため、推定にとどまります。" },
	[PHRASE_BY_RECEIVERS_WORDS] = { "these are words that {receiver} uses for this cause.",
	    "{receiver} がこの原因のときに返す文言と一致しました。" },
	[PHRASE_BY_WORDS] = { "the words of the reply say so.", "応答の文言から判断しました。" },
	[PHRASE_BY_CODES] = { "only the code of the reply ({codes}) says so; its words are not in the catalogue.",
	    "応答コード({codes})のみから判断しました。文言は todoku に未登録です。" },

	[PHRASE_READ_FROM_PROSE] = { " The message holds no delivery report (RFC 3464); this was read from its text.",
	    "なお、配送状況通知(RFC 3464)が付いていないメールのため、本文の記述から読み取りました。" },

	[PHRASE_LATER_DELIVERED] = { "A later attempt delivered it: nothing is left to do for this message.",
	    "その後の再送で配送されています。このメールについての対応は不要です。" },
	[PHRASE_LATER_SOME_DELIVERED] = { "Of these attempts {n} were followed by a delivery.",
	    "このうち {n} 件は、その後の再送で配送されています。" },
	[PHRASE_LATER_GIVEN_UP] = { "It was given up later and returned to the sender.",
	    "その後、再送が打ち切られ、送信者に返送されています。" },
	[PHRASE_REFUSED_HERE] = { "It is your own server that refuses here: the message was coming in, and your settings decide.",
	    "拒否しているのは、このログのサーバー自身です(外から届いたメールを、自分の設定で拒否しています)。" },
	[PHRASE_MILTER_HERE] = { "Shortly before, one of your filters (milter) could not be reached: {what}",
	    "直前に、自分の milter へ接続できていません: {what}" },
	[PHRASE_MILTER] = { "Shortly before, a filter could not be reached, so that mail may have gone out unsigned: {what}",
	    "直前に milter へ接続できていません。この間のメールは DKIM 署名なしで送信された可能性があります: {what}" },
	[PHRASE_REDIRECTED] = { "It was redirected here from {address}: forwarding breaks SPF.",
	    "{address} から転送されたメールです。転送されると SPF 認証に失敗します。" },
	[PHRASE_SENT_FROM] = { "It was sent from {ip}.", "送信元 IP アドレスは {ip} です。" },

	[PHRASE_UNDETERMINED] = { "The cause could not be determined", "原因を特定できませんでした" },
	[PHRASE_UNDETERMINED_WHY] = { "The words of this reply are not in the catalogue, and its codes do not tell the "
				      "cause.",
	    "この応答の文言は todoku に未登録で、応答コードからも原因を判断できません。" },
	[PHRASE_UNDETERMINED_NO_REPLY] = { "The input does not hold the receiver's reply, so the cause cannot be told "
					   "from it.",
	    "受信側の応答が入力に含まれていないため、原因を判断できません。" },
	[PHRASE_UNDETERMINED_STEPS] = { "Read the reply below; where it holds a URL, open it.\n"
					"Look in the sending server's log for what was said to the same recipient before "
					"and after.\n"
					"Ask the recipient's mail administrator{postmaster}, enclosing the reply, the "
					"time and the sending server's IP address.",
	    "下記の応答の原文を読み、URL があれば開いて確認してください。\n"
	    "送信サーバーのログで、同じ宛先への前後の配送結果を確認してください。\n"
	    "解決しない場合は、応答の原文・発生日時・送信サーバーの IP "
	    "アドレスを添えて、受信側の管理者{postmaster}に問い合わせてください。" },
	[PHRASE_POSTMASTER] = { " (postmaster@{domain})", "(postmaster@{domain})" },
	[PHRASE_UNDETERMINED_SURE] = { "The cause is not known.", "原因は不明です。" },

	[PHRASE_CODE_AND_STATUS_CLASS] = { "The reply code {code} and the enhanced status {status} disagree about "
					   "whether the error is permanent.",
	    "応答コード {code} と拡張ステータス {status} で、恒久的か一時的かが食い違っています。" },
	[PHRASE_STATUS_AND_WORDS] = { "The enhanced status {status} says “{codes_say}”, the words say otherwise; the "
				      "words were believed.",
	    "拡張ステータス {status} は「{codes_say}」という意味ですが、応答の文言と食い違うため、文言を優先しました。" },
	[PHRASE_CODE_AND_WORDS] = { "The reply code {code} says “{codes_say}”, the words say otherwise; the words were "
				    "believed.",
	    "応答コード {code} は「{codes_say}」という意味ですが、応答の文言と食い違うため、文言を優先しました。" },
	[PHRASE_REPORT_AND_REPLY] = { "The delivery report gives status {reported}, the reply {status}; the reply was "
				      "believed.",
	    "配送状況通知のステータスは {reported} ですが、応答では {status} です。応答を優先しました。" },

	[PHRASE_SEEN] = { "{name}, by “{mark}” in {seen}", "{name}、{seen}の「{mark}」から判断" },
	[PHRASE_SEEN_IN] = { "{name}, by {seen}", "{name}、{seen}から判断" },
	[PHRASE_RECEIVER_UNKNOWN] = { "not recognised", "特定できませんでした" },
	[PHRASE_CHECKED] = { "(as of {date})", "({date} 確認)" },
	[PHRASE_IN_MESSAGE] = { ", message {n}", "、{n} 通目" },
	[PHRASE_IN_LINE] = { ", line {n}", "、{n} 行目" },
	[PHRASE_PLACE_MORE] = { ", and {n} more places", "、ほか {n} か所" },
	[PHRASE_AND_MORE] = { "and {n} more", "ほか {n} 件" },
	[PHRASE_MORE_LINES] = { "… {n} more lines", "…(以下 {n} 行省略)" },
	[PHRASE_JOINT] = { ", then ", "、次に" },
	[PHRASE_NO_REPLY] = { "none in the input", "入力に含まれていません" },
	[PHRASE_MORE_EXPLANATIONS] = { "{n} more failures of other kinds are not shown; --summary counts them all.",
	    "ほかに {n} 件のエラーがありますが、表示を省略しました。--summary で全件を集計できます。" },

	[PHRASE_NOT_A_BOUNCE] = { "this is not a bounce: nothing in it tells of mail that was not delivered.",
	    "エラーメール(バウンスメール)ではありません(配送エラーの記述が見つかりません)。" },
	[PHRASE_NOTHING_FAILED] = { "the report says that the mail was delivered: nothing failed.",
	    "配送は成功しています(失敗した宛先はありません)。" },
	[PHRASE_CANDIDATES] = { "Possible", "原因の候補" },
	[PHRASE_CANDIDATE_TEXT] = { " (the reply then says: {text})", "(応答に「{text}」など)" },
	[PHRASE_NOT_A_REPLY] = { "this is not a mail, a log or a server's reply: nothing in it tells of mail that was refused.",
	    "メールでもログでもサーバーの応答でもありません(拒否や配送エラーの記述が見つかりません)。" },
	[PHRASE_BINARY] = { "this is not a mail, a log or a server's reply, but binary data.",
	    "メールでもログでもサーバーの応答でもなく、バイナリデータです。" },
	[PHRASE_PDF] = { "this is a PDF; copy the text of the refusal out of it and give me that.",
	    "PDF ファイルです。エラーの文面をコピーして貼り付けてください。" },
	[PHRASE_OUTLOOK_MSG] = { "this is an Outlook message (.msg), which cannot be read here; save it as .eml or copy its text.",
	    "Outlook のメッセージ(.msg)は読めません。.eml 形式で保存するか、本文をコピーして貼り付けてください。" },
	[PHRASE_AUTOMATIC_REPLY] = { "this is an automatic reply, not a bounce: it does not say that the mail failed.",
	    "自動応答メールです。配送の失敗を知らせるものではありません。" },
	[PHRASE_NO_FAILED_RECIPIENT] = { "this looks like a bounce, but it names no recipient that failed.",
	    "エラーメールのようですが、配送に失敗した宛先の記載がありません。" },
	[PHRASE_EMPTY] = { "no reply, bounce or log line was found in the input.",
	    "入力に応答・エラーメール(バウンスメール)・ログの行が見つかりません。" },

	[PHRASE_SUMMARY_HEAD] = { "{n} failures of {groups} kinds: {permanent} permanent, {temporary} temporary",
	    "エラー {n} 件({groups} 種類): 恒久的 {permanent} 件、一時的 {temporary} 件" },
	[PHRASE_SUMMARY_HEAD_ONE] = { "1 failure: {permanent} permanent, {temporary} temporary",
	    "エラー 1 件: 恒久的 {permanent} 件、一時的 {temporary} 件" },
	[PHRASE_SUMMARY_UNKNOWN] = { ", {unknown} not known", "、不明 {unknown} 件" },
	[PHRASE_SUMMARY_SUPPRESS] = { ". {addresses} addresses to take off the list.",
	    "。配信リストから外す宛先は {addresses} 件です。" },
	[PHRASE_SUMMARY_SUPPRESS_ONE] = { ". 1 address to take off the list.",
	    "。配信リストから外す宛先は 1 件です。" },
	[PHRASE_SUMMARY_REST] = { "{n} more failures of rarer kinds", "まれな種類のエラー ほか {n} 件" },
	[PHRASE_SUMMARY_NONE] = { "Nothing failed.", "エラーはありません。" },
	[PHRASE_ANY_RECEIVER] = { "receiver not recognised", "受信側は特定できず" },
	[PHRASE_UNDETERMINED_TITLE] = { "Cause not determined", "原因を特定できませんでした" },
};

static const struct {
	const char *name;
	const char *says[LANG_COUNT];
	const char *stands_in; /* where a command or a longer name is written around it */
} facts[] = {
	{ "author_domain", { "the domain in the From: header", "From ヘッダーのドメイン" }, "<DOMAIN>" },
	{ "command", { "the SMTP command", "SMTP コマンド" }, "<COMMAND>" },
	{ "count", { "the count", "件数" }, "<COUNT>" },
	{ "dkim", { "the DKIM result", "DKIM の判定結果" }, "<RESULT>" },
	{ "dmarc", { "the DMARC result", "DMARC の判定結果" }, "<RESULT>" },
	{ "dmarc_name", { "_dmarc.<DOMAIN>", "_dmarc.<DOMAIN>" }, "_dmarc.<DOMAIN>" },
	{ "domain", { "the sending domain", "送信元のドメイン" }, "<DOMAIN>" },
	{ "header", { "the header field", "該当のヘッダー" }, "<HEADER>" },
	{ "helo", { "the HELO name", "HELO 名" }, "<HELO>" },
	{ "host", { "the receiving host", "受信側のホスト" }, "<HOST>" },
	{ "ip", { "the sending server's IP address", "送信元 IP アドレス" }, "<IP>" },
	{ "limit", { "the limit", "上限" }, "<LIMIT>" },
	{ "list", { "the blocklist", "ブラックリスト" }, "<LIST>" },
	{ "message_id", { "the message's Message-ID", "メールの Message-ID" }, "<MESSAGE-ID>" },
	{ "netblock", { "the sending server's network", "送信元のネットワーク" }, "<NETWORK>" },
	{ "ptr_name", { "<reversed IP>.in-addr.arpa", "<逆順の IP>.in-addr.arpa" }, "<IP>" },
	{ "recipient", { "the recipient's address", "宛先のアドレス" }, "<RECIPIENT>" },
	{ "recipient_domain", { "the recipient's domain", "宛先のドメイン" }, "<DOMAIN>" },
	{ "selector", { "the DKIM selector", "DKIM セレクター" }, "<SELECTOR>" },
	{ "sender", { "the envelope sender", "送信元のアドレス" }, "<SENDER>" },
	{ "sender_domain", { "the envelope sender's domain", "送信元のドメイン" }, "<DOMAIN>" },
	{ "size", { "the message's size", "メールのサイズ" }, "<SIZE>" },
	{ "spf", { "the SPF result", "SPF の判定結果" }, "<RESULT>" },
	{ "spf_mechanism", { "ip4:<IP>", "ip4:<IP>" }, "ip4:<IP>" },
	{ "tag", { "the code in the reply", "応答中の識別コード" }, "<CODE>" },
	{ "url", { "the URL in the reply", "応答中の URL" }, "<URL>" },
	{ "wait", { "the time given in the reply", "応答で示された時間" }, "<TIME>" },
};

static const char *const actors[][LANG_COUNT] = {
	{ "the sender", "送信者" },
	{ "the sender's mail administrator", "送信側のメール管理者" },
	{ "the DNS administrator of the sending domain", "送信ドメインの DNS 管理者" },
	{ "the recipient", "受信者" },
	{ "the recipient's administrator", "受信側(宛先組織)の管理者" },
	{ "the operator of the receiving mail service", "受信側のメールサービス運営者" },
	{ "nobody", "なし(対応は不要です)" },
};

static const struct {
	const char *token;
	const char *says[LANG_COUNT];
} seen_words[] = {
	[SEEN_NOWHERE] = { "nowhere", { "the input", "入力" } },
	[SEEN_REPLY] = { "reply", { "the reply", "応答" } },
	[SEEN_REMOTE_MTA] = { "remote-mta", { "the report's Remote-MTA", "配送状況通知の Remote-MTA" } },
	[SEEN_LOG] = { "log", { "the log", "ログ" } },
	[SEEN_RECIPIENT] = { "recipient", { "the recipient's address", "宛先アドレス" } },
	[SEEN_REPORT] = { "report", { "the delivery report", "配送状況通知" } },
	[SEEN_SENDER] = { "sender", { "the envelope sender", "エンベロープ From" } },
	[SEEN_MESSAGE] = { "message", { "the header of the message sent", "送信したメールのヘッダー" } },
	[SEEN_NOTICE] = { "notice", { "the bounce's text", "バウンスメールの本文" } },
	[SEEN_HEADER] = { "header", { "the bounce's header", "バウンスメールのヘッダー" } },
	[SEEN_VERP] = { "verp", { "the return path, which names the recipient", "返送先アドレス(VERP)" } },
	[SEEN_DERIVED] = { "derived", { "worked out from other facts", "他の情報から導出" } },
};

const char *
phrase_say(enum phrase word, enum lang lang)
{
	return words[word][lang];
}

const char *
phrase_of_fact(struct span name, enum lang lang)
{
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (span_equal(span_of(facts[i].name), name))
			return facts[i].says[lang];
	return "";
}

const char *
phrase_in_place_of(struct span name)
{
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (span_equal(span_of(facts[i].name), name))
			return facts[i].stands_in;
	return "";
}

const char *
phrase_of_actor(enum actor actor, enum lang lang)
{
	for (size_t i = 0; i < sizeof(actors) / sizeof(actors[0]); i++)
		if (actor == (enum actor)(1u << i))
			return actors[i][lang];
	return "";
}

const char *
phrase_of_permanence(enum permanence p, enum lang lang)
{
	return phrase_say(p == PERMANENCE_PERMANENT ? PHRASE_PERMANENT
		: p == PERMANENCE_TEMPORARY         ? PHRASE_TEMPORARY
						    : PHRASE_UNKNOWN,
	    lang);
}

const char *
phrase_of_seen(enum seen seen, enum lang lang)
{
	return seen_words[seen].says[lang];
}

const char *
seen_token(enum seen seen)
{
	return seen_words[seen].token;
}

void
phrase_put_duration(struct out *out, uint32_t seconds, enum lang lang)
{
	static const struct {
		uint32_t seconds;
		const char *one, *many, *ja;
	} units[] = { { 86400, " day", " days", " 日" }, { 3600, " hour", " hours", " 時間" },
		{ 60, " minute", " minutes", " 分" }, { 1, " second", " seconds", " 秒" } };
	size_t i = 0;

	while (i < 3 && (seconds < units[i].seconds || seconds % units[i].seconds != 0))
		i++;
	out_number(out, seconds / units[i].seconds);
	out_str(out, lang == LANG_JA ? units[i].ja : seconds == units[i].seconds ? units[i].one : units[i].many);
}
