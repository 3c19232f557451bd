#include "auth/dkim_sign.h"

#include "auth/canonical.h"
#include "auth/signature_field.h"

/* Worth signing where they are there (RFC 6376 section 5.4.1); those marked stand in h= once more than in the
   message, so that nobody can add another. */
static const struct {
	struct span name;
	bool sealed;
} usual[] = { { SPAN_INIT("from"), true }, { SPAN_INIT("reply-to"), true }, { SPAN_INIT("subject"), true },
	{ SPAN_INIT("date"), true }, { SPAN_INIT("to"), true }, { SPAN_INIT("cc"), true },
	{ SPAN_INIT("message-id"), true }, { SPAN_INIT("in-reply-to"), false }, { SPAN_INIT("references"), false },
	{ SPAN_INIT("mime-version"), true }, { SPAN_INIT("content-type"), true },
	{ SPAN_INIT("content-transfer-encoding"), true }, { SPAN_INIT("list-id"), false },
	{ SPAN_INIT("list-unsubscribe"), false }, { SPAN_INIT("list-unsubscribe-post"), false } };

struct span
dkim_usual_headers(const struct dkim_message *m)
{
	struct out out = { 0 };
	struct span headers;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		size_t n = usual[i].sealed;

		for (size_t k = 0; k < m->n_fields; k++)
			n += span_equal_folded(m->fields[k].name, usual[i].name);
		for (; n > 0; n--) {
			if (out.len > 0)
				out_char(&out, ':');
			out_span(&out, usual[i].name);
		}
	}
	headers = arena_copy(m->arena, out_view(&out));
	out_deinit(&out);
	return headers;
}

/* sig-z-tag-copy; all but printable ASCII, and what steers here, as =XX. RFC 6376 section 2.11 */
static void
put_copied(struct out *out, struct span field)
{
	const size_t colon = span_index(field, ':');
	const struct span value = span_trim(span_skip(field, colon + 1));

	out_span(out, span_trim(span_first(field, colon)));
	out_char(out, ':');
	for (size_t i = 0; i < value.len; i++) {
		const uint8_t c = (uint8_t)value.at[i];

		if (c > 0x20 && c < 0x7f && c != ';' && c != '=' && c != '|') {
			out_char(out, (char)c);
			continue;
		}
		out_char(out, '=');
		out_char(out, "0123456789ABCDEF"[c >> 4]);
		out_char(out, "0123456789ABCDEF"[c & 15]);
	}
}

static struct span
copied_headers(const struct dkim_message *m, struct span headers)
{
	struct out out = { 0 };
	struct span copied, rest, name;

	for (size_t i = 0; i < m->n_fields; i++)
		for (rest = headers; tag_take_item(&rest, ':', &name);)
			if (span_equal_folded(name, m->fields[i].name)) {
				if (out.len > 0)
					out_char(&out, '|');
				put_copied(&out, m->fields[i].whole);
				break;
			}
	copied = arena_copy(m->arena, out_view(&out));
	out_deinit(&out);
	return copied;
}

static struct span
way_name(enum canonicalization header, enum canonicalization body)
{
	static const char *const names[2][2] = { { "simple/simple", "simple/relaxed" },
		{ "relaxed/simple", "relaxed/relaxed" } };

	return span_of(names[header][body]);
}

static void
put_all_but_signature(
    struct signature_field *f, struct dkim_message *m, const struct dkim_signing *s, struct span headers)
{
	const struct dkim_body_hash *body = dkim_hash_body(m, s->body, UINT64_MAX);
	const bool rsa = crypto_private_kind(s->key) == DKIM_KEY_RSA;

	out_str(&f->out, "DKIM-Signature: v=1;");
	signature_field_tag(f, "a", span_of(dkim_algorithm_name(rsa ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256)));
	signature_field_tag(f, "c", way_name(s->header, s->body));
	signature_field_tag(f, "d", s->domain);
	signature_field_tag(f, "s", s->selector);
	if (s->identity.len > 0)
		signature_field_tag(f, "i", s->identity);
	if (s->now > 0)
		signature_field_number(f, "t", s->now);
	if (s->seconds > 0)
		signature_field_number(f, "x", s->now + s->seconds);
	signature_field_list(f, "h", headers, ':');
	if (s->copy)
		signature_field_list(f, "z", copied_headers(m, headers), '|');
	signature_field_tag(
	    f, "bh", crypto_base64(m->arena, (struct span){ (const char *)body->hash.bytes, CRYPTO_HASH_SIZE }));
	signature_field_fold(f);
	out_str(&f->out, "b=");
}

struct span
dkim_sign(struct dkim_message *m, const struct dkim_signing *signing)
{
	const struct span headers = signing->headers.len ? signing->headers : dkim_usual_headers(m);
	const struct dkim_signature s = { .header = signing->header, .headers = headers };
	struct signature_field f = { .line = 0 };
	struct out data = { 0 };
	struct crypto_hash hash;
	struct span field;

	put_all_but_signature(&f, m, signing, headers);
	dkim_put_headers(m, &s, out_view(&f.out), NULL, 0, &data);
	hash = dkim_hash(m, out_view(&data));
	signature_field_base64(&f, crypto_base64(m->arena, crypto_sign(m->arena, signing->key, &hash)));
	out_str(&f.out, "\r\n");
	field = arena_copy(m->arena, out_view(&f.out));
	out_deinit(&f.out);
	out_deinit(&data);
	return field;
}

struct span
dkim_key_record(struct arena *arena, struct crypto_private *key)
{
	struct out out = { 0 };
	struct span text;

	out_str(&out, "v=DKIM1; k=");
	out_str(&out, crypto_private_kind(key) == DKIM_KEY_RSA ? "rsa" : "ed25519");
	out_str(&out, "; p=");
	out_span(&out, crypto_base64(arena, crypto_public_bytes(arena, key)));
	text = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return text;
}
