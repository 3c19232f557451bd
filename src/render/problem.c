#include "render/problem.h"

#include "render/json_writer.h"

static const struct {
	const char *code, *words[LANG_COUNT];
} problems[PROBLEMS] = {
	[PROBLEM_NONE] = { "", { "", "" } },
	[PROBLEM_TAG_UNSOUND] = { "tag.unsound", { "not a tag and its value", "タグの書き方が正しくありません" } },
	[PROBLEM_TAG_CONTROL] = { "tag.control-character", { "a control character", "制御文字が含まれています" } },
	[PROBLEM_TAG_TWICE] = { "tag.twice", { "a tag that stands twice", "同じタグが二度あります" } },
	[PROBLEM_TAG_TOO_MANY] = { "tag.too-many", { "more tags than are read", "タグが多すぎます" } },
	[PROBLEM_TAG_NONE] = { "tag.none", { "empty", "空です" } },
	[PROBLEM_TAG_MISSING] = { "tag.missing", { "a tag is missing", "必須のタグがありません" } },
	[PROBLEM_SPF_TERM] = { "spf.term",
	    { "a term that is no mechanism or modifier, or is badly written", "書き方の誤り" } },
	[PROBLEM_SPF_MODIFIER_TWICE] = { "spf.modifier-twice",
	    { "a modifier that stands twice", "二重に書かれている" } },
	[PROBLEM_SPF_TERMS_TOO_MANY] = { "spf.terms-too-many", { "more terms than are read", "項目が多すぎる" } },
	[PROBLEM_SPF_SEVERAL_RECORDS] = { "spf.several-records",
	    { "more than one SPF record", "SPF レコードが複数ある" } },
	[PROBLEM_SPF_NO_RECORD] = { "spf.no-record", { "the domain has no SPF record", "SPF レコードがない" } },
	[PROBLEM_SPF_NO_DOMAIN] = { "spf.no-domain",
	    { "the domain is not the name of a mail host", "ドメイン名として正しくない" } },
	[PROBLEM_SPF_INCLUDE_WITHOUT_RECORD] = { "spf.include-without-record",
	    { "an include without an SPF record", "include 先に SPF レコードがない" } },
	[PROBLEM_SPF_REDIRECT_WITHOUT_RECORD] = { "spf.redirect-without-record",
	    { "a redirect to a name without an SPF record", "redirect 先に SPF レコードがない" } },
	[PROBLEM_SPF_LOOKUPS] = { "spf.lookups",
	    { "more than ten terms that ask the DNS", "DNS を参照する項目が 10 個を超えている" } },
	[PROBLEM_SPF_VOID_LOOKUPS] = { "spf.void-lookups",
	    { "more than two look-ups found nothing", "該当なしの問い合わせが 2 回を超えている" } },
	[PROBLEM_SPF_MX_NAMES] = { "spf.mx-names", { "more than ten MX names", "MX が 10 個を超えている" } },
	[PROBLEM_SPF_LOOKUP_FAILED] = { "spf.lookup-failed", { "a look-up failed", "DNS の問い合わせに失敗" } },
	[PROBLEM_SIGNATURE_CANONICALIZATION] = { "signature.canonicalization",
	    { "an unknown canonicalization", "正規化方式(c=)が不明です" } },
	[PROBLEM_SIGNATURE_TIME] = { "signature.time", { "not a time", "時刻として読めません" } },
	[PROBLEM_SIGNATURE_EXPIRES_BEFORE] = { "signature.expires-before",
	    { "it expires before it was made", "署名の期限(x=)が署名時刻(t=)より前です" } },
	[PROBLEM_SIGNATURE_LENGTH] = { "signature.length", { "not a length", "長さ(l=)として読めません" } },
	[PROBLEM_SIGNATURE_INSTANCE] = { "signature.instance",
	    { "not an instance from 1 to 50", "i= が 1~50 の番号ではありません" } },
	[PROBLEM_SIGNATURE_DOMAIN] = { "signature.domain", { "not a domain", "ドメイン名として正しくありません" } },
	[PROBLEM_SIGNATURE_SELECTOR] = { "signature.selector",
	    { "not a selector", "セレクターとして正しくありません" } },
	[PROBLEM_SIGNATURE_BASE64] = { "signature.base64", { "not base64", "base64 として読めません" } },
	[PROBLEM_SIGNATURE_ALGORITHM] = { "signature.algorithm", { "an unknown algorithm", "署名方式(a=)が不明です" } },
	[PROBLEM_SIGNATURE_VERSION] = { "signature.version", { "not version 1", "v=1 ではありません" } },
	[PROBLEM_SIGNATURE_IDENTITY] = { "signature.identity",
	    { "i= is not of the domain d=", "i= が d= のドメインに属していません" } },
	[PROBLEM_SIGNATURE_QUERY] = { "signature.query", { "q= is not dns/txt", "q= が dns/txt ではありません" } },
	[PROBLEM_SIGNATURE_NO_FIELDS] = { "signature.no-fields",
	    { "no header field is signed", "署名対象のヘッダー(h=)がありません" } },
	[PROBLEM_SIGNATURE_NO_FROM] = { "signature.no-from",
	    { "From: is not signed", "From が署名の対象に入っていません" } },
	[PROBLEM_SIGNATURE_SHA1] = { "signature.sha1",
	    { "rsa-sha1 does not count any more", "rsa-sha1 はもう有効とみなされません" } },
	[PROBLEM_SIGNATURE_HEADER] = { "signature.header",
	    { "the signature does not fit the header", "署名がヘッダーと一致しません" } },
	[PROBLEM_SIGNATURE_BODY] = { "signature.body", { "the body was changed", "署名後に本文が変更されています" } },
	[PROBLEM_SIGNATURE_BODY_AND_HEADER] = { "signature.body-and-header",
	    { "the body and the header were changed", "署名後に本文とヘッダーが変更されています" } },
	[PROBLEM_SIGNATURE_LENGTH_BEYOND] = { "signature.length-beyond",
	    { "l= is longer than the body", "l= が本文より長くなっています" } },
	[PROBLEM_SIGNATURE_EXPIRED] = { "signature.expired",
	    { "the signature has expired", "署名の有効期限が切れています" } },
	[PROBLEM_SIGNATURE_SEAL_FIELDS] = { "signature.seal-fields",
	    { "a seal signs no header fields of its own choice", "ARC-Seal に h= か bh= があります" } },
	[PROBLEM_KEY_QUOTE] = { "key.quote", { "a quotation mark within the key", "鍵の中に引用符が入っています" } },
	[PROBLEM_KEY_BACKSLASH] = { "key.backslash",
	    { "a backslash within the key", "鍵の中にバックスラッシュが入っています" } },
	[PROBLEM_KEY_BASE64] = { "key.base64", { "the key is not base64", "鍵が base64 として読めません" } },
	[PROBLEM_KEY_NO_HASH] = { "key.no-hash", { "h= names no hash", "h= が空です" } },
	[PROBLEM_KEY_KIND] = { "key.kind", { "an unknown kind of key", "鍵の種類(k=)が不明です" } },
	[PROBLEM_KEY_VERSION] = { "key.version",
	    { "v= is not DKIM1, or not the first tag", "v=DKIM1 が先頭にありません" } },
	[PROBLEM_KEY_REVOKED] = { "key.revoked", { "the key is revoked", "鍵は失効しています(p= が空)" } },
	[PROBLEM_KEY_OTHER_KIND] = { "key.other-kind",
	    { "the key is of another kind than the signature", "鍵の種類が署名方式と合いません" } },
	[PROBLEM_KEY_HASH] = { "key.hash",
	    { "the key does not allow this hash", "鍵がこのハッシュ方式を許可していません" } },
	[PROBLEM_KEY_NOT_FOR_MAIL] = { "key.not-for-mail",
	    { "the key is not meant for mail", "鍵はメール用ではありません(s=)" } },
	[PROBLEM_KEY_SUBDOMAIN] = { "key.subdomain",
	    { "the key allows no subdomain in i=", "鍵が i= のサブドメインを許可していません(t=s)" } },
	[PROBLEM_KEY_SHORT] = { "key.short",
	    { "the key is shorter than 1024 bit", "鍵が 1024 ビット未満のため、無効とみなされます" } },
	[PROBLEM_KEY_NAME_LONG] = { "key.name-long", { "the key's name is too long", "鍵の名前が長すぎます" } },
	[PROBLEM_KEY_LOOKUP_FAILED] = { "key.lookup-failed",
	    { "the key could not be looked up", "鍵を DNS から取得できませんでした" } },
	[PROBLEM_KEY_NONE] = { "key.none", { "there is no key", "公開鍵が DNS にありません" } },
	[PROBLEM_KEY_ED25519_AS_RSA] = { "key.ed25519-as-rsa",
	    { "it has the size of an Ed25519 key, but says rsa", "Ed25519 の鍵ですが、k=rsa とされています" } },
	[PROBLEM_KEY_RSA_AS_ED25519] = { "key.rsa-as-ed25519",
	    { "it has the size of an RSA key, but says ed25519", "RSA の鍵ですが、k=ed25519 とされています" } },
	[PROBLEM_KEY_CUT] = { "key.cut", { "the key is cut short", "鍵が途中で切れています" } },
	[PROBLEM_KEY_NOT_AS_SAID] = { "key.not-as-said",
	    { "the key is not of the kind it says", "鍵の中身が k= の種類と合いません" } },
	[PROBLEM_KEY_DAMAGED] = { "key.damaged", { "the key is damaged", "鍵が壊れています" } },
	[PROBLEM_KEY_NUMBERS] = { "key.numbers", { "the key's numbers cannot be", "鍵の数値が正しくありません" } },
	[PROBLEM_KEY_SIZE] = { "key.size", { "the key is not 32 bytes long", "鍵の長さが 32 バイトではありません" } },
	[PROBLEM_ARC_INSTANCE] = { "arc.instance",
	    { "ARC-Authentication-Results without an instance", "ARC-Authentication-Results に i= がありません" } },
	[PROBLEM_ARC_FIELD_TWICE] = { "arc.field-twice",
	    { "a field of the set stands twice", "同じ番号のヘッダーが二度あります" } },
	[PROBLEM_ARC_FIELD_MISSING] = { "arc.field-missing",
	    { "a field of the set is missing", "一組のうち欠けているヘッダーがあります" } },
	[PROBLEM_ARC_CHAIN_BROKEN] = { "arc.chain-broken",
	    { "the last sealer found the chain broken", "直前の中継サーバーが cv=fail と記録しています" } },
	[PROBLEM_ARC_CHAIN_VALUE] = { "arc.chain-value",
	    { "cv= is not what its place in the chain wants", "cv= の値がこの位置では正しくありません" } },
	[PROBLEM_ARC_SIGNS_SEAL] = { "arc.signs-seal",
	    { "ARC-Message-Signature signs a seal", "ARC-Message-Signature が ARC-Seal を署名しています" } },
	[PROBLEM_AUTHOR_NO_FIELD] = { "author.no-field", { "there is no From: field", "From ヘッダーがありません" } },
	[PROBLEM_AUTHOR_SEVERAL_FIELDS] = { "author.several-fields",
	    { "there are several From: fields", "From ヘッダーが複数あります" } },
	[PROBLEM_AUTHOR_NOBODY] = { "author.nobody", { "From: names nobody", "From に差出人がありません" } },
	[PROBLEM_AUTHOR_NO_DOMAIN] = { "author.no-domain",
	    { "an author without a domain", "From のアドレスにドメインがありません" } },
	[PROBLEM_AUTHOR_SEVERAL_DOMAINS] = { "author.several-domains",
	    { "authors of several domains", "From に複数のドメインのアドレスがあります" } },
	[PROBLEM_AUTHOR_TOO_MANY] = { "author.too-many",
	    { "more authors than are read", "From のアドレスが多すぎます" } },
	[PROBLEM_AUTHOR_UNENDED] = { "author.unended",
	    { "a quote, comment, group or angle bracket in From: does not end",
		"From の引用符・コメント・山括弧が閉じていません" } },
	[PROBLEM_AUTHOR_CONTROL] = { "author.control",
	    { "a control character in From:", "From に制御文字が含まれています" } },
	[PROBLEM_AUTHOR_SEVERAL_AT] = { "author.several-at",
	    { "an address in From: has more than one @", "From のアドレスに @ が複数あります" } },
	[PROBLEM_AUTHOR_BLANK] = { "author.blank",
	    { "a blank within an address in From:", "From のアドレスの途中に空白があります" } },
	[PROBLEM_AUTHOR_TEXT_BEHIND] = { "author.text-behind",
	    { "something stands behind the address in From:", "From のアドレスの後ろに余分な文字があります" } },
	[PROBLEM_AUTHOR_ROUTE] = { "author.route",
	    { "a route before the address in From:", "From のアドレスに経路指定が付いています" } },
	[PROBLEM_AUTHOR_ENCODED] = { "author.encoded",
	    { "an encoded word in From: stands within an address, or hides one",
		"From のアドレスがエンコードされているか、エンコードの中に別のアドレスが隠れています" } },
	[PROBLEM_AUTHOR_ADDRESS_AS_NAME] = { "author.address-as-name",
	    { "another address stands in From: where readers may take it for the author",
		"From の表示名の位置に、差出人と取り違えられる別のアドレスがあります" } },
	[PROBLEM_AUTHOR_CHARACTER] = { "author.character",
	    { "a character in From: that may not stand there", "From に使えない文字があります" } },
	[PROBLEM_AUTHOR_DISGUISED] = { "author.disguised",
	    { "a line that is no sound field, but that some mail readers take for From:",
		"From と見なされうる、正しくないヘッダー行があります" } },
	[PROBLEM_DMARC_NO_POLICY] = { "dmarc.no-policy",
	    { "the record has no policy and asks for no reports", "レコードに有効なポリシー(p=)がありません" } },
	[PROBLEM_DMARC_EXISTENCE_UNKNOWN] = { "dmarc.existence-unknown",
	    { "whether the author domain exists is not known", "差出人のドメインが存在するか、現在は確認できません" } },
	[PROBLEM_DMARC_LOOKUP_FAILED] = { "dmarc.lookup-failed",
	    { "the policy could not be looked up", "DMARC レコードを DNS から取得できませんでした" } },
	[PROBLEM_DMARC_SEVERAL_RECORDS] = { "dmarc.several-records",
	    { "several DMARC records, so none counts", "DMARC レコードが複数あるため、無効とみなされます" } },
	[PROBLEM_DMARC_NO_RECORD] = { "dmarc.no-record", { "there is no DMARC record", "DMARC レコードがありません" } },
	[PROBLEM_DMARC_SPF_NOT_TOLD] = { "dmarc.spf-not-told",
	    { "DKIM does not decide, and for SPF the sending host or MAIL FROM is not known",
		"DKIM では決まらず、SPF は送信元の IP アドレスか MAIL FROM が分からないため判定できません" } },
	[PROBLEM_DMARC_UNDECIDED] = { "dmarc.undecided",
	    { "a look-up that decides failed", "判定に必要な DNS の応答が得られませんでした" } },
	[PROBLEM_DMARC_POLICY_VALUE] = { "dmarc.policy-value",
	    { "not none, quarantine or reject", "none・quarantine・reject のどれでもありません" } },
	[PROBLEM_DMARC_VALUE] = { "dmarc.value", { "a value that does not exist", "存在しない値です" } },
	[PROBLEM_DMARC_URI] = { "dmarc.uri",
	    { "not a URI, such as mailto:dmarc@example.jp",
		"URI として正しくありません(例: mailto:dmarc@example.jp)" } },
	[PROBLEM_DMARC_PART] = { "dmarc.part", { "a part that is no tag", "タグの形になっていない部分があります" } },
	[PROBLEM_NO_P] = { "tag.no-p", { "there is no p=", "p= がありません" } },
};

const char *
problem_code(enum problem problem)
{
	return problems[problem].code;
}

const char *
problem_words(enum problem problem, enum lang lang)
{
	return problems[problem].words[lang];
}

void
problem_write_json(struct out *out, const char *key, enum problem problem)
{
	out_str(out, ",\"");
	out_str(out, key);
	if (problem == PROBLEM_NONE) {
		out_str(out, "\":null,\"");
		out_str(out, key);
		out_str(out, "_words\":null");
		return;
	}
	out_str(out, "\":");
	json_write_string(out, span_of(problem_code(problem)));
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, "_words\":{\"ja\":");
	json_write_string(out, span_of(problem_words(problem, LANG_JA)));
	json_write_member(out, "en", span_of(problem_words(problem, LANG_EN)));
	out_char(out, '}');
}
