#include "render/words.h"

static const char *const words[WORD_COUNT][LANG_COUNT] = {
	[WORD_CAUSE] = { "Cause", "原因" },
	[WORD_MESSAGE] = { "This message", "このメール" },
	[WORD_ADDRESS] = { "This address", "このアドレス" },
	[WORD_ACTS] = { "Who must act", "対応する人" },
	[WORD_REMEDY] = { "What to do", "対処方法" },
	[WORD_DNS] = { "The DNS now", "DNS の現状" },
	[WORD_REPLY] = { "The reply", "応答の原文" },
	[WORD_MIND] = { "Mind", "注意" },
	[WORD_LOG] = { "On record", "記録から" },
	[WORD_SURE] = { "How sure", "確かさ" },
	[WORD_RECEIVER] = { "Receiver", "受信側" },
	[WORD_SOURCE] = { "Read more", "参考資料" },
	[WORD_PLACE] = { "Found in", "記載箇所" },
	[WORD_RECIPIENTS] = { "Recipients", "宛先" },
	[WORD_FACTS] = { "Facts found", "判明した点" },
	[WORD_EXAMPLE] = { "Example", "応答例" },

	[WORD_HEAD_REFUSED] = { "{receiver} refused the mail{to} ({permanence}).",
	    "{receiver} が{to}メールを受け取りませんでした({permanence})。" },
	[WORD_HEAD_DELAYED] = { "The mail{to} has not been delivered yet; the sending server is still trying.",
	    "{to}メールの配送が遅れています(送信サーバーは再送を続けています)。" },
	[WORD_HEAD_FAILED] = { "The mail{to} could not be delivered ({permanence}).",
	    "{to}メールを配送できませんでした({permanence})。" },
	[WORD_HEAD_COMPLAINT] = { "The mail{to} was reported as spam.",
	    "{to}メールが迷惑メールとして報告されました。" },
	[WORD_TO_ONE] = { " to {recipient}", " {recipient} 宛ての" },
	[WORD_TO_MANY] = { " to {n} recipients", " {n} 件の宛先への" },
	[WORD_THE_RECEIVER] = { "the receiving server", "受信サーバー" },

	[WORD_PERMANENT] = { "permanent error", "恒久的なエラー" },
	[WORD_TEMPORARY] = { "temporary error", "一時的なエラー" },
	[WORD_UNKNOWN] = { "permanent or temporary: not known", "恒久的か一時的かは不明" },
	[WORD_STOP] = { "Permanent: stop retrying. Send it anew only once the cause has been removed.",
	    "恒久的なエラーです。そのまま再送しても届きません。原因を取り除いてから送り直してください。" },
	[WORD_RETRY] = { "Temporary: the sending server should try again after {after}{every}{within}; it usually does "
			 "so by itself.",
	    "一時的なエラーです。{after}後に再送し{every}てください{within}"
	    "。通常は送信サーバーが自動的に再送します。" },
	[WORD_RETRY_EVERY] = { ", then every {every}", "、以後は {every}ごとに再送を繰り返し" },
	[WORD_RETRY_WITHIN] = { ", for up to {within}", "(最長 {within}間)" },
	[WORD_GIVEN_UP] = { "The error was temporary, but the sending server has given up. Send it again by hand once "
			    "the cause has passed.",
	    "エラー自体は一時的ですが、送信側のサーバーはすでに再送を打ち切っています。時間をおいて手動で送り直してくだ"
	    "さい。" },
	[WORD_UNSURE_IF_PERMANENT] = { "It is not known whether the error is permanent. Do not send it again before "
				       "the reply has been read.",
	    "恒久的なエラーか一時的なエラーかを判断できません。応答の内容を確認してから再送の要否を決めてください。" },
	[WORD_COMPLAINED] = { "It was delivered; do not send it again.", "配送は済んでいます。再送しないでください。" },

	[WORD_KEEP] = { "Keep it on the mailing list: the address is not at fault.",
	    "このアドレスは配信リストから外さないでください(アドレスの問題ではありません)。" },
	[WORD_KEEP_FOR_NOW] = { "Keep it on the mailing list until the cause is known.",
	    "原因が判明するまで、このアドレスは配信リストから外さないでください。" },
	[WORD_SUPPRESS] = { "Take it off the mailing list at once.", "ただちに配信リストから外してください。" },
	[WORD_SUPPRESS_AFTER] = { "Take it off the mailing list if this happens {count} times within {within}.",
	    "{within}以内に {count} 回発生したら、配信リストから外してください。" },
	[WORD_SUPPRESS_COMPLAINT] = { "Take it off the mailing list at once: the recipient does not want this mail.",
	    "ただちに配信リストから外してください(受信者がこのメールを望んでいません)。" },

	[WORD_CERTAIN] = { "Certain: ", "確実です。" },
	[WORD_LIKELY] = { "Likely: ", "ほぼ確実です。" },
	[WORD_UNKNOWABLE] = { "The receiver does not disclose the exact reason; ",
	    "受信側が正確な理由を公表していないため、推定にとどまります。" },
	[WORD_BY_RECEIVERS_WORDS] = { "these are words that {receiver} uses for this cause.",
	    "{receiver} がこの原因のときに返す文言と一致しました。" },
	[WORD_BY_WORDS] = { "the words of the reply say so.", "応答の文言から判断しました。" },
	[WORD_BY_CODES] = { "only the code of the reply ({codes}) says so; its words are not in the catalogue.",
	    "応答コード({codes})のみから判断しました。文言はカタログに登録がありません。" },

	[WORD_READ_FROM_PROSE] = { " The message holds no delivery report (RFC 3464); this was read from its text.",
	    "なお、配送状況通知(RFC 3464)が付いていないメールのため、本文の記述から読み取りました。" },

	[WORD_LATER_DELIVERED] = { "A later attempt delivered it: nothing is left to do for this message.",
	    "その後の再送で配送されています。このメールについての対応は不要です。" },
	[WORD_LATER_SOME_DELIVERED] = { "Of these attempts {n} were followed by a delivery.",
	    "このうち {n} 件は、その後の再送で配送されています。" },
	[WORD_LATER_GIVEN_UP] = { "It was given up later and returned to the sender.",
	    "その後、再送が打ち切られ、送信者に返送されています。" },
	[WORD_MILTER] = { "Shortly before, a filter could not be reached, so that mail may have gone out unsigned: {what}",
	    "直前に milter へ接続できていません。この間のメールは DKIM 署名なしで送信された可能性があります: {what}" },
	[WORD_REDIRECTED] = { "It was redirected here from {address}: forwarding breaks SPF.",
	    "{address} から転送されたメールです。転送されると SPF の認証に失敗します。" },
	[WORD_SENT_FROM] = { "It was sent from {ip}.", "送信元アドレスは {ip} です。" },

	[WORD_UNDETERMINED] = { "Not determined", "特定できませんでした" },
	[WORD_UNDETERMINED_WHY] = { "The words of this reply are not in the catalogue, and its codes do not tell the "
				    "cause.",
	    "この応答の文言はカタログに登録がなく、コードからも原因を判断できません。" },
	[WORD_UNDETERMINED_NO_REPLY] = { "The input does not hold the receiver's reply, so the cause cannot be told "
					 "from it.",
	    "受信側の応答が入力に含まれていないため、原因を判断できません。" },
	[WORD_UNDETERMINED_STEPS] = { "Read the reply below; where it holds a URL, open it.\n"
				      "Look in the sending server's log for what was said to the same recipient before "
				      "and after.\n"
				      "Ask the recipient's mail administrator{postmaster}, enclosing the reply, the "
				      "time and the sending server's IP address.",
	    "下記の応答の原文を読み、URL があれば開いて確認します。\n"
	    "送信サーバーのログで、同じ宛先への前後の配送結果を確認します。\n"
	    "解決しない場合は、応答の原文・発生日時・送信サーバーの IP "
	    "アドレスを添えて、受信側の管理者{postmaster}に問い合わせます。" },
	[WORD_POSTMASTER] = { " (postmaster@{domain})", "(postmaster@{domain})" },
	[WORD_UNDETERMINED_SURE] = { "The cause is not known.", "原因は不明です。" },

	[WORD_CODE_AND_STATUS_CLASS] = { "The reply code {code} and the enhanced status {status} disagree about "
					 "whether the error is permanent.",
	    "応答コード {code} と拡張ステータス {status} で、恒久的か一時的かが食い違っています。" },
	[WORD_STATUS_AND_WORDS] = { "The enhanced status {status} says “{codes_say}”, the words say otherwise; the "
				    "words were believed.",
	    "拡張ステータス {status} は「{codes_say}」を示しますが、文言と一致しないため、文言を優先しました。" },
	[WORD_CODE_AND_WORDS] = { "The reply code {code} says “{codes_say}”, the words say otherwise; the words were "
				  "believed.",
	    "応答コード {code} は「{codes_say}」を示しますが、文言と一致しないため、文言を優先しました。" },
	[WORD_REPORT_AND_REPLY] = { "The delivery report gives status {reported}, the reply {status}; the reply was "
				    "believed.",
	    "配送レポートのステータスは {reported} ですが、応答では {status} です。応答を優先しました。" },

	[WORD_SEEN] = { "{name}, by “{mark}” in {seen}", "{name}、{seen}の「{mark}」から判断" },
	[WORD_SEEN_IN] = { "{name}, by {seen}", "{name}、{seen}から判断" },
	[WORD_RECEIVER_UNKNOWN] = { "not recognised", "特定できませんでした" },
	[WORD_CHECKED] = { "(as of {date})", "({date} 確認)" },
	[WORD_IN_MESSAGE] = { ", message {n}", "、{n} 通目" },
	[WORD_IN_LINE] = { ", line {n}", "、{n} 行目" },
	[WORD_PLACE_MORE] = { ", and {n} more places", "、ほか {n} か所" },
	[WORD_AND_MORE] = { "and {n} more", "ほか {n} 件" },
	[WORD_MORE_LINES] = { "… {n} more lines", "…(以下 {n} 行省略)" },
	[WORD_JOINT] = { ", then ", "、次に" },
	[WORD_NO_REPLY] = { "none in the input", "入力に含まれていません" },
	[WORD_MORE_EXPLANATIONS] = { "{n} more failures of other kinds are not shown; --summary counts them all.",
	    "ほかに {n} 件のエラーがありますが、表示を省略しました。--summary で全件を集計できます。" },

	[WORD_NOT_A_BOUNCE] = { "this is not a bounce: nothing in it tells of mail that was not delivered.",
	    "バウンスメールではありません(配送エラーの記述が見つかりません)。" },
	[WORD_NOTHING_FAILED] = { "the report says that the mail was delivered: nothing failed.",
	    "配送は成功しています(失敗した宛先はありません)。" },
	[WORD_AUTOMATIC_REPLY] = { "this is an automatic reply, not a bounce: it does not say that the mail failed.",
	    "自動応答メールです。配送の失敗を知らせるものではありません。" },
	[WORD_NO_FAILED_RECIPIENT] = { "this looks like a bounce, but it names no recipient that failed.",
	    "バウンスメールのようですが、配送に失敗した宛先の記載がありません。" },
	[WORD_EMPTY] = { "no reply, bounce or log line was found in the input.",
	    "入力に応答・バウンスメール・ログの行が見つかりません。" },

	[WORD_SUMMARY_HEAD] = { "{n} failures of {groups} kinds", "エラー {n} 件({groups} 種類)" },
	[WORD_SUMMARY_REST] = { "{n} more failures of rarer kinds", "まれな種類のエラー ほか {n} 件" },
	[WORD_SUMMARY_NONE] = { "Nothing failed.", "エラーはありません。" },
	[WORD_ANY_RECEIVER] = { "receiver not recognised", "受信側は特定できず" },
	[WORD_UNDETERMINED_TITLE] = { "Cause not determined", "原因を特定できませんでした" },
};

static const struct {
	const char *name;
	const char *says[LANG_COUNT];
} facts[] = {
	{ "author_domain", { "the domain in the From: header", "From ヘッダーのドメイン" } },
	{ "command", { "the SMTP command", "SMTP コマンド" } },
	{ "count", { "the count", "件数" } },
	{ "dkim", { "the DKIM result", "DKIM の判定結果" } },
	{ "dmarc", { "the DMARC result", "DMARC の判定結果" } },
	{ "dmarc_name", { "the _dmarc name of the sending domain", "送信ドメインの _dmarc 名" } },
	{ "domain", { "the domain", "対象のドメイン" } },
	{ "header", { "the header field", "該当のヘッダー" } },
	{ "helo", { "the HELO name", "HELO 名" } },
	{ "host", { "the receiving host", "受信側のホスト" } },
	{ "ip", { "the sending server's IP address", "送信サーバーの IP アドレス" } },
	{ "limit", { "the limit", "上限値" } },
	{ "list", { "the blocklist", "ブロックリスト" } },
	{ "message_id", { "the message's Message-ID", "メールの Message-ID" } },
	{ "netblock", { "the sending server's network", "送信サーバーのネットワーク" } },
	{ "ptr_name",
	    { "the reverse DNS name of the sending server's IP address", "送信サーバーの IP アドレスの逆引き名" } },
	{ "recipient", { "the recipient", "宛先のアドレス" } },
	{ "recipient_domain", { "the recipient's domain", "宛先のドメイン" } },
	{ "selector", { "the DKIM selector", "DKIM セレクター" } },
	{ "sender", { "the envelope sender", "エンベロープ送信者" } },
	{ "sender_domain", { "the envelope sender's domain", "エンベロープ送信者のドメイン" } },
	{ "size", { "the message's size", "メールのサイズ" } },
	{ "spf", { "the SPF result", "SPF の判定結果" } },
	{ "spf_mechanism",
	    { "an ip4: or ip6: entry for the sending server", "送信サーバーを示す ip4: または ip6: の記述" } },
	{ "tag", { "the code in the reply", "応答中の識別コード" } },
	{ "url", { "the URL in the reply", "応答中の URL" } },
	{ "wait", { "the time given in the reply", "応答で示された時間" } },
};

static const char *const actors[][LANG_COUNT] = {
	{ "the sender", "送信者" },
	{ "the sender's mail administrator", "送信側のメール管理者" },
	{ "the DNS administrator of the sending domain", "送信ドメインの DNS 管理者" },
	{ "the recipient", "受信者" },
	{ "the recipient's administrator", "受信側(宛先組織)の管理者" },
	{ "the operator of the receiving mail service", "受信側のメールサービス運営者" },
	{ "nobody", "対応不要" },
};

static const struct {
	const char *token;
	const char *says[LANG_COUNT];
} seen_words[] = {
	[SEEN_NOWHERE] = { "nowhere", { "the input", "入力" } },
	[SEEN_REPLY] = { "reply", { "the reply", "応答" } },
	[SEEN_REMOTE_MTA] = { "remote-mta", { "the report's Remote-MTA", "レポートの Remote-MTA" } },
	[SEEN_LOG] = { "log", { "the log", "ログ" } },
	[SEEN_RECIPIENT] = { "recipient", { "the recipient's address", "宛先アドレス" } },
	[SEEN_REPORT] = { "report", { "the delivery report", "配送レポート" } },
	[SEEN_SENDER] = { "sender", { "the envelope sender", "エンベロープ送信者" } },
	[SEEN_MESSAGE] = { "message", { "the header of the message sent", "送信したメールのヘッダー" } },
	[SEEN_NOTICE] = { "notice", { "the bounce's text", "バウンスメールの本文" } },
	[SEEN_HEADER] = { "header", { "the bounce's header", "バウンスメールのヘッダー" } },
	[SEEN_VERP] = { "verp", { "the return path, which names the recipient", "返送先アドレス(VERP)" } },
	[SEEN_DERIVED] = { "derived", { "worked out from other facts", "他の情報から導出" } },
};

const char *
words_say(enum word word, enum lang lang)
{
	return words[word][lang];
}

const char *
words_of_fact(struct span name, enum lang lang)
{
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (span_equal(span_of(facts[i].name), name))
			return facts[i].says[lang];
	return "";
}

const char *
words_of_actor(enum actor actor, enum lang lang)
{
	for (size_t i = 0; i < sizeof(actors) / sizeof(actors[0]); i++)
		if (actor == (enum actor)(1u << i))
			return actors[i][lang];
	return "";
}

const char *
words_of_permanence(enum permanence p, enum lang lang)
{
	return words_say(p == PERMANENCE_PERMANENT ? WORD_PERMANENT
		: p == PERMANENCE_TEMPORARY        ? WORD_TEMPORARY
						   : WORD_UNKNOWN,
	    lang);
}

const char *
words_of_seen(enum seen seen, enum lang lang)
{
	return seen_words[seen].says[lang];
}

const char *
words_seen_token(enum seen seen)
{
	return seen_words[seen].token;
}

void
words_put_duration(struct out *out, uint32_t seconds, enum lang lang)
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
