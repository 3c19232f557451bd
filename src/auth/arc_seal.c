#include "auth/arc_seal.h"

#include "auth/canonical.h"
#include "auth/dkim_sign.h"
#include "auth/signature_field.h"

/* What the three fields have in common. */
struct maker {
	struct dkim_message *m;
	const struct arc_evaluation *found;
	const struct arc_sealing *sealing;
	unsigned instance;
};

static void
begin_field(const struct maker *k, struct signature_field *f, const char *name)
{
	out_str(&f->out, name);
	signature_field_number(f, "i", k->instance);
}

static const char *
algorithm(const struct maker *k)
{
	const bool rsa = crypto_private_kind(k->sealing->key) == DKIM_KEY_RSA;

	return dkim_algorithm_name(rsa ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256);
}

static void
put_signer(const struct maker *k, struct signature_field *f)
{
	signature_field_tag(f, "d", k->sealing->domain);
	signature_field_tag(f, "s", k->sealing->selector);
	if (k->sealing->now > 0)
		signature_field_number(f, "t", k->sealing->now);
}

/* Signs `data`, ends the field, and hands it over. */
static struct span
end_field(const struct maker *k, struct signature_field *f, const struct out *data)
{
	const struct crypto_hash hash = dkim_hash(k->m, out_view(data));
	struct span field;

	signature_field_base64(f, crypto_base64(k->m->arena, crypto_sign(k->m->arena, k->sealing->key, &hash)));
	out_str(&f->out, "\r\n");
	field = arena_copy(k->m->arena, out_view(&f->out));
	out_deinit(&f->out);
	return field;
}

/* RFC 8617 section 4.1.1 */
static struct span
make_results(const struct maker *k)
{
	const struct span value = k->sealing->results;
	struct signature_field f = { .line = 0 };
	struct span field;

	begin_field(k, &f, "ARC-Authentication-Results:");
	out_char(&f.out, ' ');
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\n' && (i == 0 || value.at[i - 1] != '\r'))
			out_char(&f.out, '\r');
		out_char(&f.out, value.at[i]);
	}
	out_str(&f.out, "\r\n");
	field = arena_copy(k->m->arena, out_view(&f.out));
	out_deinit(&f.out);
	return field;
}

/* What DKIM would sign, and the DKIM-Signatures, whose fate the results tell. RFC 8617 section 4.1.2 */
static struct span
signed_headers(const struct maker *k)
{
	struct out out = { 0 };
	struct span headers;

	out_span(&out, dkim_usual_headers(k->m));
	for (size_t i = 0; i < k->m->n_fields && i < DKIM_FIELDS_MAX; i++)
		if (span_equal_folded(k->m->fields[i].name, span_of("dkim-signature")))
			out_str(&out, ":dkim-signature");
	headers = arena_copy(k->m->arena, out_view(&out));
	out_deinit(&out);
	return headers;
}

static struct span
make_signature(const struct maker *k)
{
	const struct dkim_body_hash *body = dkim_hash_body(k->m, CANONICALIZATION_RELAXED, UINT64_MAX);
	const struct dkim_signature s = { .header = CANONICALIZATION_RELAXED, .headers = signed_headers(k) };
	struct signature_field f = { .line = 0 };
	struct out data = { 0 };
	struct span field;

	begin_field(k, &f, "ARC-Message-Signature:");
	signature_field_tag(&f, "a", span_of(algorithm(k)));
	signature_field_tag(&f, "c", span_of("relaxed/relaxed"));
	put_signer(k, &f);
	signature_field_list(&f, "h", s.headers, ':');
	signature_field_tag(
	    &f, "bh", crypto_base64(k->m->arena, (struct span){ (const char *)body->hash.bytes, CRYPTO_HASH_SIZE }));
	signature_field_fold(&f);
	out_str(&f.out, "b=");
	dkim_put_headers(k->m, &s, out_view(&f.out), NULL, 0, &data);
	field = end_field(k, &f, &data);
	out_deinit(&data);
	return field;
}

static void
put_relaxed(struct out *out, struct span field)
{
	canonical_header(out, CANONICALIZATION_RELAXED, field, (struct span){ "", 0 });
}

/* Every set from the first, this one last; of a failed chain this one alone. RFC 8617 sections 5.1.1 and 5.1.2 */
static struct span
make_seal(const struct maker *k, const struct arc_seal *set)
{
	const bool passed = k->found->result == ARC_PASS;
	struct signature_field f = { .line = 0 };
	struct out data = { 0 };
	struct span field;

	begin_field(k, &f, "ARC-Seal:");
	signature_field_tag(&f, "a", span_of(algorithm(k)));
	signature_field_tag(&f, "cv", span_of(arc_result_name(k->found->result)));
	put_signer(k, &f);
	signature_field_fold(&f);
	out_str(&f.out, "b=");
	for (unsigned i = 0; passed && i < k->found->n; i++) {
		put_relaxed(&data, k->found->sets[i].results_field);
		put_relaxed(&data, k->found->sets[i].message.field);
		put_relaxed(&data, k->found->sets[i].seal.field);
	}
	put_relaxed(&data, set->results);
	put_relaxed(&data, set->signature);
	put_relaxed(&data, out_view(&f.out));
	data.len -= 2; /* the last one's line end. RFC 6376 section 3.7 */
	field = end_field(k, &f, &data);
	out_deinit(&data);
	return field;
}

/* The highest instance there is; where the chain cannot be read to its end, at least as many as there are fields. */
static unsigned
count_sets(const struct dkim_message *m, const struct arc_evaluation *found)
{
	static const char *const names[] = { "arc-authentication-results", "arc-message-signature", "arc-seal" };
	size_t most = found->n;

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		size_t n = 0;

		for (size_t i = 0; i < m->n_fields; i++)
			n += span_equal_folded(m->fields[i].name, span_of(names[k]));
		most = n > most ? n : most;
	}
	return most < ARC_SETS_MAX ? (unsigned)most : ARC_SETS_MAX;
}

bool
arc_seal(struct dkim_message *m, const struct arc_evaluation *found, const struct arc_sealing *sealing,
    struct arc_seal *seal)
{
	const unsigned sets = count_sets(m, found);
	const struct maker k = { m, found, sealing, sets + 1 };

	if (found->result == ARC_TEMPERROR || found->result == ARC_NEEDS_ANSWERS || sets >= ARC_SETS_MAX)
		return false;
	if (found->n > 0 && span_equal_folded(found->sets[found->n - 1].seal.signature.chain, span_of("fail")))
		return false;
	seal->results = make_results(&k);
	seal->signature = make_signature(&k);
	seal->seal = make_seal(&k, seal);
	return true;
}
