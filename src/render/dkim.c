#include "render/dkim.h"

#include "render/json_writer.h"
#include "render/problem.h"
#include "render/sentence.h"
#include "render/record.h"

/* {0} the kept bytes, {1} what was added */
static const struct {
	const char *token, *says[LANG_COUNT];
} body_damage[] = {
	[DKIM_BODY_WHOLE] = { "none", { "", "" } },
	[DKIM_BODY_UNKNOWN] = { "unknown",
	    { "The body is not the one that was signed; how it was changed cannot be told.",
		"本文が署名時のものと異なります。どこが変わったかは判断できません。" } },
	[DKIM_BODY_APPENDED] = { "appended",
	    { "Something was added to the end of the body after signing (a footer?). The first {0} bytes are as signed; behind them begins: {1}",
		"署名後に本文の末尾へ追記されています(フッターなど)。先頭の {0} バイトは署名時のままで、その後に続くのは: {1}" } },
	[DKIM_BODY_BLANKS] = { "blanks",
	    { "Only blanks or line ends of the body were changed after signing: with the other canonicalization the hash fits. Sign with c=relaxed/relaxed.",
		"署名後に変わったのは本文の空白や改行だけです(もう一方の正規化方式では一致します)。c=relaxed/relaxed で署名してください。" } },
	[DKIM_BODY_ENCODED] = { "encoded",
	    { "The transfer encoding was changed after signing: decoded, the body is as signed. Send 7bit (base64 or quoted-printable), so that no relay needs to convert.",
		"署名後に Content-Transfer-Encoding が変換されています(復号すると署名時の本文と一致)。変換の余地がないよう、最初から 7bit(base64 か quoted-printable)で送信してください。" } },
	[DKIM_BODY_LINE_ENDS] = { "line-ends",
	    { "Line ends (bare CR or LF) were changed after signing. Let the message have CRLF everywhere before it is signed.",
		"署名後に改行(単独の CR や LF)が変換されています。署名前にすべて CRLF にしてください。" } },
	[DKIM_BODY_DOTS] = { "dots",
	    { "Dots at the front of lines were doubled, or not undoubled, on the way (RFC 5321 section 4.5.2).",
		"行頭のドットの二重化(RFC 5321 4.5.2)が正しく処理されていません。" } },
	[DKIM_BODY_FROM_LINES] = { "from-lines",
	    { "A line that began with \"From \" became \">From \" after signing: a mailbox in the mbox format lies on the way.",
		"署名後に行頭の \"From \" が \">From \" に変わっています(経路に mbox 形式の保存があります)。" } },
	[DKIM_BODY_PREPENDED] = { "prepended",
	    { "Something was put before the body after signing (a banner?). Without it the body is as signed; it begins: {1}",
		"署名後に本文の先頭へ追記されています(注意書きなど)。除くと署名時の本文と一致します。追記の先頭は: {1}" } },
	[DKIM_BODY_AROUND] = { "around",
	    { "Something was put before the body, and something behind it, after signing. What lies between is as signed; in front it begins: {1}",
		"署名後に本文の先頭と末尾の両方へ追記されています。間の部分は署名時のままです。先頭の追記は: {1}" } },
	[DKIM_BODY_INSERTED] = { "inserted",
	    { "Something was put into a part of the body after signing (a footer?). Without it the body is as signed; it begins: {1}",
		"署名後に本文のパートの中へ追記されています(フッターなど)。除くと署名時の本文と一致します。追記の先頭は: {1}" } },
	[DKIM_BODY_HASH_DAMAGED] = { "hash-damaged",
	    { "The body is as signed; bh= in the signature itself was damaged on the way.",
		"本文は署名時のままです。署名の bh= そのものが途中で壊れています。" } },
	[DKIM_BODY_EMPTIED] = { "emptied",
	    { "There is no body here, so what became of it cannot be told.",
		"本文がないため、変更の有無は判断できません。" } },
};

/* {0} the field now, {1} what it was; {2} a name that is missing */
static const struct {
	const char *token, *says[LANG_COUNT];
} header_damage[] = {
	[DKIM_HEADER_WHOLE] = { "none", { "", "" } },
	[DKIM_HEADER_UNKNOWN] = { "unknown",
	    { "A signed header field was changed, added or removed after signing; which one cannot be told.",
		"署名後に、署名対象のヘッダーが変更・追加・削除されています。どれかは判断できません。" } },
	[DKIM_HEADER_BLANKS] = { "blanks",
	    { "Only the folding or blanks of the header were changed after signing. Sign with c=relaxed/relaxed.",
		"署名後に変わったのはヘッダーの折り返しや空白だけです。c=relaxed/relaxed で署名してください。" } },
	[DKIM_HEADER_ADDED] = { "added",
	    { "This header field was added after signing (without it the signature fits): {0}",
		"次のヘッダーが署名後に追加されています(除くと一致します): {0}" } },
	[DKIM_HEADER_ALTERED] = { "altered",
	    { "This header field was altered after signing: {0} – when it was signed it was: {1}",
		"次のヘッダーが署名後に書き換えられています: {0} – 署名時は: {1}" } },
	[DKIM_HEADER_REMOVED] = { "removed",
	    { "A header field that was signed is not there any more: {2}. It was most likely taken out after signing.",
		"署名対象のヘッダー {2} がメールにありません。署名後に削除されたと考えられます。" } },
	[DKIM_HEADER_OR_KEY] = { "header-or-key",
	    { "Either a signed header field was changed after signing, or the signer uses another key than the one in the DNS; with Ed25519 the two cannot be told apart.",
		"署名後にヘッダーが変更されたか、DNS の公開鍵とは別の鍵で署名されています(Ed25519 ではどちらか区別できません)。" } },
	[DKIM_HEADER_OTHER_KEY] = { "other-key",
	    { "The signature was not made with the key whose public half stands in the DNS: the signer uses another key (or b= is damaged).",
		"DNS の公開鍵に対応する秘密鍵で作られた署名ではありません。署名側の鍵と公開鍵の組み合わせを確認してください(b= の破損でも起こります)。" } },
};

/* {0} where it was found */
static const struct {
	const char *token, *says[LANG_COUNT];
} key_damage[] = {
	[DKIM_KEY_NOT_FOUND] = { "not-found", { "", "" } },
	[DKIM_KEY_ELSEWHERE] = { "elsewhere",
	    { "The key was published in the wrong place: at {0}", "公開鍵が誤った名前で公開されています: {0}" } },
	[DKIM_KEY_IN_PIECES] = { "in-pieces",
	    { "The key was published as several TXT records; it must be one record of several strings.",
		"公開鍵が複数の TXT レコードに分かれています。複数の文字列からなる 1 つのレコードにしてください。" } },
	[DKIM_KEY_QUOTED] = { "quoted",
	    { "Quotation marks or backslashes became part of the record; without them the key is sound.",
		"引用符やバックスラッシュがレコードの一部になっています。取り除けば正しい鍵になります。" } },
	[DKIM_KEY_PLUS_LOST] = { "plus-lost",
	    { "Each + of the key became a blank (a form in the web decoded it); with them the key is sound.",
		"鍵の中の + が空白に変わっています(Web の入力欄で変換された可能性)。+ に戻せば正しい鍵になります。" } },
	[DKIM_KEY_MISWRITTEN] = { "miswritten",
	    { "The record's version or separators are not as they must be; mended, the key is sound.",
		"レコードのバージョンか区切りの書き方が違います。直せば正しい鍵になります。" } },
	[DKIM_KEY_SELECTOR] = { "selector",
	    { "The key of this signature stands under another selector: at {0}. Sign with that selector, or publish the key under the one that is signed with.",
		"この署名の公開鍵は別のセレクターで公開されています: {0}。署名側のセレクターをこれに合わせるか、署名に使うセレクターで公開鍵を公開してください。" } },
	[DKIM_KEY_CUT] = { "cut",
	    { "The record holds only the first part of the key (cut at 255 characters?). Publish it as several strings of one record.",
		"レコードには鍵の前半しか入っていません(255 文字で切れた可能性)。1 つのレコードの中で複数の文字列に分けて公開してください。" } },
	[DKIM_KEY_OTHER] = { "other", { "", "" } },
};

static void
paragraph(struct out *out, const struct terminal *t, const char *template, const struct span *values)
{
	struct out words = { 0 };

	if (template[0] == '\0')
		return;
	sentence_put(&words, template, values);
	terminal_blanks(out, 6);
	terminal_paragraph(t, out, out_view(&words), 6);
	out_deinit(&words);
}

static struct span
number_span(struct out *room, uint64_t n)
{
	out_clear(room);
	out_number(room, n);
	return out_view(room);
}

static void
put_head(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_check *c)
{
	const struct dkim_signature *s = &c->signature;

	terminal_style(t, out, c->result == DKIM_PASS ? STYLE_GOOD : STYLE_BAD);
	out_str(out, dkim_result_name(c->result));
	terminal_style(t, out, STYLE_PLAIN);
	out_str(out, "  ");
	terminal_escape(out, s->domain);
	out_str(out, lang == LANG_JA ? "(セレクター " : " (selector ");
	terminal_escape(out, s->selector);
	out_str(out, lang == LANG_JA ? "、" : ", ");
	terminal_escape(out, s->algorithm_name);
	if (c->key_bits > 0) {
		out_str(out, lang == LANG_JA ? "、" : ", ");
		out_number(out, c->key_bits);
		out_str(out, lang == LANG_JA ? " ビット" : " bit");
	}
	out_str(out, lang == LANG_JA ? ")\n" : ")\n");
}

/* One sentence, or one for each field that was changed. */
static void
put_header_damage(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_damage *d)
{
	for (size_t i = 0; i < (d->n_changes ? d->n_changes : 1); i++) {
		const struct dkim_change *c = d->n_changes ? &d->changes[i] : NULL;
		const struct span values[] = { c ? span_trim(c->field) : (struct span){ "", 0 },
			c ? span_trim(c->before) : (struct span){ "", 0 }, d->removed };
		const bool added = d->header == DKIM_HEADER_ALTERED && c && c->before.len == 0;

		paragraph(out, t, header_damage[added ? DKIM_HEADER_ADDED : d->header].says[lang], values);
	}
}

static bool
has_rsa(const struct dkim_evaluation *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->checks[i].result == DKIM_PASS && e->checks[i].signature.algorithm == DKIM_RSA_SHA256)
			return true;
	return false;
}

/* `alone`: no RSA signature passes beside it. */
static void
put_notes(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_check *c, bool alone)
{
	struct out a = { 0 }, b = { 0 };
	const struct span values[] = { number_span(&a, c->signature.length), number_span(&b, c->body_size) };

	if (c->signature.has_length && c->signature.length < c->body_size)
		paragraph(out, t,
		    lang == LANG_JA
			? "署名されているのは本文 {1} バイトのうち先頭の {0} バイトだけです(l=)。残りは誰でも書き足せます。"
			: "Only the first {0} of {1} bytes of the body are signed (l=): anybody may have added the rest.",
		    values);
	if (c->key.testing)
		paragraph(out, t,
		    lang == LANG_JA ? "鍵はテストモードになっています(t=y)。"
				    : "The key says that it is being tested (t=y).",
		    values);
	if (alone && c->result == DKIM_PASS && c->signature.algorithm == DKIM_ED25519_SHA256)
		paragraph(out, t,
		    lang == LANG_JA
			? "Gmail は Ed25519 の署名だけでは認証済みとみなしません。RSA の署名も付けてください。"
			: "Gmail does not count an Ed25519 signature alone: add an RSA one.",
		    values);
	out_deinit(&a);
	out_deinit(&b);
}

/* A key that is short because its "+" went is not cut. */
static enum problem
problem_of(const struct dkim_check *c, const struct dkim_key_search *k)
{
	return k->damage == DKIM_KEY_PLUS_LOST ? PROBLEM_KEY_DAMAGED : c->problem;
}

static void
put_problem(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_check *c,
    const struct dkim_key_search *k)
{
	const struct span values[] = { c->problem_at };
	struct out words = { 0 };

	if (c->problem == PROBLEM_NONE)
		return;
	out_str(&words, problem_words(problem_of(c, k), lang));
	if (c->problem_at.len > 0)
		out_str(&words, lang == LANG_JA ? ": {0}" : ": {0}");
	out_char(&words, '\0');
	paragraph(out, t, words.at, values);
	out_deinit(&words);
}

/* The record as it should stand, where that was proved. */
static void
put_record(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_check *c,
    const struct dkim_key_search *k)
{
	if (!k->proved)
		return;
	paragraph(out, t,
	    lang == LANG_JA ? "次のレコードを公開すれば、この署名は pass になります(確認済み)。"
			    : "Proved: with this record the signature passes.",
	    NULL);
	record_write_text(out, t, lang, c->key_name, k->text);
}

void
dkim_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct dkim_evaluation *e,
    const struct dkim_findings *findings)
{
	struct out kept = { 0 };

	if (e->n == 0)
		out_str(
		    out, lang == LANG_JA ? "none  DKIM 署名がありません。\n" : "none  There is no DKIM signature.\n");
	for (size_t i = 0; i < e->n; i++) {
		const struct dkim_damage *d = &findings->damage[i];
		const struct dkim_key_search *k = &findings->search[i];
		const struct span body[] = { number_span(&kept, d->kept), d->added };
		const struct span key[] = { k->name };

		put_head(out, t, lang, &e->checks[i]);
		put_problem(out, t, lang, &e->checks[i], k);
		paragraph(out, t, body_damage[d->body].says[lang], body);
		put_header_damage(out, t, lang, d);
		paragraph(out, t, key_damage[k->damage].says[lang], key);
		put_record(out, t, lang, &e->checks[i], k);
		put_notes(out, t, lang, &e->checks[i], !has_rsa(e));
	}
	if (e->n_found > e->n) {
		out_number(out, e->n_found - e->n);
		out_str(out,
		    lang == LANG_JA ? " 個の署名は多すぎるため調べていません。\n"
				    : " more signatures were left alone: there are too many.\n");
	}
	out_deinit(&kept);
}

static void
write_flag(struct out *out, const char *key, bool flag)
{
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, flag ? "\":true" : "\":false");
}

static void
write_changes(struct out *out, const struct dkim_damage *d)
{
	out_str(out, ",\"changes\":[");
	for (size_t i = 0; i < d->n_changes; i++) {
		out_str(out, i > 0 ? ",{" : "{");
		out_str(out, "\"field\":");
		json_write_string(out, span_trim(d->changes[i].field));
		json_write_member(out, "before", span_trim(d->changes[i].before));
		out_char(out, '}');
	}
	out_char(out, ']');
}

static void
write_damage(struct out *out, const struct dkim_damage *d, const struct dkim_key_search *k)
{
	out_str(out, ",\"damage\":{\"body\":");
	json_write_string(out, span_of(body_damage[d->body].token));
	json_write_member(out, "header", span_of(header_damage[d->header].token));
	json_write_number(out, "kept", d->kept);
	json_write_member(out, "added", d->added);
	json_write_member(out, "field", d->n_changes ? span_trim(d->changes[0].field) : (struct span){ "", 0 });
	json_write_member(out, "before", d->n_changes ? span_trim(d->changes[0].before) : (struct span){ "", 0 });
	write_changes(out, d);
	json_write_member(out, "missing", d->removed);
	json_write_member(out, "key", span_of(key_damage[k->damage].token));
	json_write_member(out, "found_at", k->name);
	json_write_member(out, "record", k->text);
	write_flag(out, "proved", k->proved);
	out_char(out, '}');
}

static void
write_check(struct out *out, const struct dkim_check *c, const struct dkim_key_search *k)
{
	const struct dkim_signature *s = &c->signature;

	out_str(out, "{\"result\":");
	json_write_string(out, span_of(dkim_result_name(c->result)));
	json_write_member(out, "domain", s->domain);
	json_write_member(out, "selector", s->selector);
	json_write_member(out, "identity", s->identity);
	json_write_member(out, "algorithm", s->algorithm_name);
	json_write_number(out, "key_bits", c->key_bits);
	write_flag(out, "testing", c->key.testing);
	problem_write_json(out, "problem", problem_of(c, k));
	json_write_member(out, "problem_at", c->problem_at);
	json_write_member(out, "key_name", c->key_name);
	json_write_member(out, "key_record", c->key_text);
	write_flag(out, "key_secure", c->key_secure);
	write_flag(out, "body_hash_matches", c->body_hash_matches);
	write_flag(out, "header_matches", c->header_matches);
	if (s->has_length)
		json_write_number(out, "length", s->length);
	else
		out_str(out, ",\"length\":null");
	json_write_number(out, "body_size", c->body_size);
	json_write_number(out, "timestamp", s->timestamp);
	json_write_number(out, "expiration", s->expiration);
}

void
dkim_write_json(struct out *out, const struct dkim_evaluation *e, const struct dkim_findings *findings)
{
	out_char(out, '[');
	for (size_t i = 0; i < e->n; i++) {
		if (i > 0)
			out_char(out, ',');
		write_check(out, &e->checks[i], &findings->search[i]);
		write_damage(out, &findings->damage[i], &findings->search[i]);
		out_char(out, '}');
	}
	out_char(out, ']');
}

void
dkim_write_document(struct out *out, const struct dkim_evaluation *e, const struct dkim_findings *findings)
{
	out_str(out, "{\"schema\":2,\"result\":");
	json_write_string(out, span_of(dkim_result_name(e->result)));
	json_write_number(out, "found", e->n_found);
	out_str(out, ",\"signatures\":");
	dkim_write_json(out, e, findings);
	out_str(out, "}\n");
}
