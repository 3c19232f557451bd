#include "auth/dkim.h"

#include "auth/canonical.h"
#include "wire/header.h"
#include "wire/mime.h"

enum { FIELDS_FIRST = 64, BITS = 64 };

const char *
dkim_result_name(enum dkim_result result)
{
	static const char *const names[] = { "none", "pass", "fail", "policy", "neutral", "temperror", "permerror",
		"needs answers" };

	return names[result];
}

static uint32_t
hash_name(struct span name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)ascii_lower(name.at[i])) * 16777619u;
	return h;
}

void
dkim_message_init(struct dkim_message *m, struct arena *arena, struct crypto *crypto, struct span bytes)
{
	struct header_field f;
	struct span rest;
	size_t room = FIELDS_FIRST;

	*m = (struct dkim_message){ .arena = arena, .crypto = crypto, .bytes = bytes };
	header_split(bytes, &m->header, &m->body);
	m->fields = arena_take(arena, room * sizeof(*m->fields));
	rest = m->header;
	while (m->n_fields < DKIM_FIELDS_MAX && header_take_field(&rest, &f)) {
		if (m->n_fields == room) {
			m->fields = arena_grow(
			    arena, m->fields, room * sizeof(*m->fields), 2 * room * sizeof(*m->fields));
			room *= 2;
		}
		m->fields[m->n_fields++] = (struct dkim_field){
			.name = f.name, .whole = f.whole, .hash = hash_name(f.name)
		};
	}
}

static void
add_to_hash(void *context, struct span bytes)
{
	crypto_hash_add(context, bytes);
}

const struct dkim_body_hash *
dkim_hash_body(struct dkim_message *m, enum canonicalization way, uint64_t limit)
{
	struct canonical_body c;
	struct dkim_body_hash *to;

	for (size_t i = 0; i < m->n_hashes; i++)
		if (m->hashes[i].way == way && m->hashes[i].limit == limit)
			return &m->hashes[i];
	to = &m->hashes[m->n_hashes < DKIM_SIGNATURES_MAX ? m->n_hashes++ : DKIM_SIGNATURES_MAX - 1];
	crypto_hash_begin(m->crypto);
	canonical_body_init(&c, way, limit, add_to_hash, m->crypto);
	canonical_body_add(&c, m->body);
	canonical_body_end(&c);
	*to = (struct dkim_body_hash){ .way = way, .limit = limit, .size = c.size, .hash = crypto_hash_end(m->crypto) };
	return to;
}

/* The lowest field of this name that was not taken yet. Section 5.4.2 */
static const struct dkim_field *
take_lowest(const struct dkim_message *m, struct span name, uint64_t *taken)
{
	const uint32_t hash = hash_name(name);

	for (size_t i = m->n_fields; i-- > 0;)
		if (m->fields[i].hash == hash && !(taken[i / BITS] >> i % BITS & 1) &&
		    span_equal_folded(m->fields[i].name, name)) {
			taken[i / BITS] |= 1ULL << i % BITS;
			return &m->fields[i];
		}
	return NULL;
}

void
dkim_put_headers(const struct dkim_message *m, const struct dkim_signature *s, struct span field,
    const struct dkim_change *change, struct out *out)
{
	uint64_t taken[DKIM_FIELDS_MAX / BITS] = { 0 };
	struct span rest = s->headers, name;
	const bool left_out = change != NULL && change->before.len == 0;

	for (size_t i = 0; left_out && i < m->n_fields; i++)
		if (m->fields[i].whole.at == change->field.at)
			taken[i / BITS] |= 1ULL << i % BITS;
	while (tag_take_item(&rest, ':', &name)) {
		const struct dkim_field *f = take_lowest(m, name, taken);
		const bool changed = f != NULL && change != NULL && f->whole.at == change->field.at;

		if (f != NULL && f->whole.at != field.at)
			canonical_header(out, s->header, changed ? change->before : f->whole, (struct span){ "", 0 });
	}
	canonical_header(out, s->header, field, s->signature_hole);
	if (out->len >= 2)
		out->len -= 2; /* its own line end is not signed */
}

struct crypto_hash
dkim_hash(struct dkim_message *m, struct span data)
{
	crypto_hash_begin(m->crypto);
	crypto_hash_add(m->crypto, data);
	return crypto_hash_end(m->crypto);
}

static void
say(struct dkim_check *check, enum dkim_result result, const char *problem, struct span at)
{
	check->result = result;
	check->problem = problem;
	check->problem_at = at;
}

/* selector "._domainkey." domain. Section 3.6.2.1 */
static struct span
key_name(struct arena *arena, const struct dkim_signature *s)
{
	struct out out = { 0 };
	struct span name;

	out_span(&out, s->selector);
	out_str(&out, "._domainkey.");
	out_span(&out, s->domain);
	name = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return name;
}

static struct span
identity_domain(const struct dkim_signature *s)
{
	const size_t at = span_index(s->identity, '@');

	return at < s->identity.len ? span_skip(s->identity, at + 1) : s->domain;
}

/* Whether the record allows this signature. Sections 3.6.1 and 6.1.2 */
static bool
key_allows(struct dkim_check *check)
{
	const struct dkim_key *key = &check->key;
	const struct dkim_signature *s = &check->signature;
	const bool ed25519 = s->algorithm == DKIM_ED25519_SHA256;

	if (key->key.len == 0)
		say(check, DKIM_PERMERROR, "the key is revoked", check->key_name);
	else if ((key->kind == DKIM_KEY_ED25519) != ed25519)
		say(check, DKIM_PERMERROR, "the key is of another kind than the signature", key->kind_name);
	else if (!dkim_key_allows(key, s->algorithm == DKIM_RSA_SHA1 ? "sha1" : "sha256"))
		say(check, DKIM_PERMERROR, "the key does not allow this hash", key->hashes);
	else if (!key->for_mail)
		say(check, DKIM_PERMERROR, "the key is not meant for mail", check->key_name);
	else if (key->strict && !span_equal_folded(identity_domain(s), s->domain))
		say(check, DKIM_PERMERROR, "the key allows no subdomain in i=", s->identity);
	else
		return true;
	return false;
}

/* Verifies with one key record. True: it is decided for good. */
static bool
check_with(struct dkim_message *m, const struct crypto_hash *data, struct span text, struct dkim_check *check)
{
	const struct crypto_key *key;
	const char *problem;

	check->key_text = text;
	check->header_matches = false;
	if (!dkim_key_parse(m->arena, text, &check->key)) {
		say(check, DKIM_PERMERROR, check->key.problem, check->key.problem_at);
		return false;
	}
	if (!key_allows(check))
		return false;
	key = crypto_read_key(m->crypto, check->key.kind, check->key.key, &problem);
	if (key == NULL) {
		say(check, DKIM_PERMERROR, problem, check->key_name);
		return false;
	}
	check->key_bits = crypto_key_bits(key);
	check->header_matches = crypto_verify(
	    m->crypto, key, data, mime_decode_base64(m->arena, check->signature.signature));
	if (!check->header_matches) {
		say(check, DKIM_FAIL, "the signature does not fit the header", (struct span){ "", 0 });
		return false;
	}
	say(check, DKIM_PASS, NULL, (struct span){ "", 0 });
	check->weak = check->key.kind == DKIM_KEY_RSA && check->key_bits < DKIM_RSA_BITS_LEAST;
	if (check->weak)
		say(check, DKIM_POLICY, "the key is shorter than 1024 bit", check->key_name);
	return true;
}

void
dkim_check_data(
    struct dkim_message *m, const struct crypto_hash *data, struct dns_answers *answers, struct dkim_check *check)
{
	const struct dns_answer *txt;
	size_t n = 0;

	check->key_name = key_name(m->arena, &check->signature);
	if (!dns_name_is_sound(check->key_name)) {
		say(check, DKIM_PERMERROR, "the key's name is too long", check->key_name);
		return;
	}
	txt = dns_answers_find(answers, check->key_name, DNS_TXT);
	if (txt == NULL) {
		say(check, DKIM_NEEDS_ANSWERS, NULL, check->key_name);
		return;
	}
	if (txt->result == DNS_FAILED) {
		say(check, DKIM_TEMPERROR, "the key could not be looked up", check->key_name);
		return;
	}
	check->key_secure = txt->secure;
	say(check, DKIM_PERMERROR, "there is no key", check->key_name);
	for (size_t i = 0; i < txt->n_records && n < DKIM_KEY_RECORDS_MAX; i++)
		if (dkim_key_is(txt->records[i].data)) {
			n++;
			if (check_with(m, data, txt->records[i].data, check))
				return;
		}
}

static bool
body_matches(struct dkim_message *m, struct dkim_check *check)
{
	const struct dkim_signature *s = &check->signature;
	const struct dkim_body_hash *hash = dkim_hash_body(m, s->body, s->has_length ? s->length : UINT64_MAX);
	const struct span told = mime_decode_base64(m->arena, s->body_hash);

	check->body_size = hash->size;
	return told.len == CRYPTO_HASH_SIZE && memcmp(told.at, hash->hash.bytes, CRYPTO_HASH_SIZE) == 0;
}

void
dkim_check_signature(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct dkim_check *check)
{
	const struct dkim_signature *s = &check->signature;
	struct out out = { 0 };
	struct crypto_hash hash;

	if (s->algorithm == DKIM_RSA_SHA1) {
		check->weak = true;
		check->key_name = key_name(m->arena, s);
		say(check, DKIM_POLICY, "rsa-sha1 does not count any more", s->algorithm_name);
		return;
	}
	dkim_put_headers(m, s, check->field, NULL, &out);
	hash = dkim_hash(m, out_view(&out));
	out_deinit(&out);
	dkim_check_data(m, &hash, answers, check);
	if (check->result == DKIM_NEEDS_ANSWERS)
		return;
	check->body_hash_matches = body_matches(m, check);
	if (!check->body_hash_matches &&
	    (check->result == DKIM_PASS || check->result == DKIM_POLICY || check->result == DKIM_FAIL))
		say(check, DKIM_FAIL,
		    check->header_matches ? "the body was changed" : "the body and the header were changed",
		    (struct span){ "", 0 });
	else if (s->has_length && s->length > check->body_size && check->result == DKIM_PASS)
		say(check, DKIM_FAIL, "l= is longer than the body", (struct span){ "", 0 });
	else if (s->expiration != 0 && now > s->expiration && check->result == DKIM_PASS)
		say(check, DKIM_FAIL, "the signature has expired", (struct span){ "", 0 });
}

/* Which of two results says more for the message. */
static bool
is_better(enum dkim_result a, enum dkim_result b)
{
	static const uint8_t rank[] = { [DKIM_NEEDS_ANSWERS] = 7,
		[DKIM_PASS] = 6,
		[DKIM_TEMPERROR] = 5,
		[DKIM_FAIL] = 4,
		[DKIM_POLICY] = 3,
		[DKIM_PERMERROR] = 2,
		[DKIM_NEUTRAL] = 1,
		[DKIM_NONE] = 0 };

	return rank[a] > rank[b];
}

/* The same signature twice is the same answer. */
static const struct dkim_check *
find_same(const struct dkim_evaluation *e, struct span field)
{
	for (size_t i = 0; i < e->n; i++)
		if (span_equal(e->checks[i].field, field))
			return &e->checks[i];
	return NULL;
}

void
dkim_verify(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct dkim_evaluation *e)
{
	static const struct span name = SPAN_INIT("dkim-signature");
	const uint32_t hash = hash_name(name);

	e->result = DKIM_NONE;
	e->n = e->n_found = 0;
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct dkim_field *f = &m->fields[i];
		const struct dkim_check *same;
		struct dkim_check *check;
		struct span value = f->whole;

		if (f->hash != hash || !span_equal_folded(f->name, name))
			continue;
		e->n_found++;
		if (e->n == DKIM_SIGNATURES_MAX)
			continue;
		same = find_same(e, f->whole);
		check = &e->checks[e->n++];
		if (same != NULL) {
			*check = *same;
			continue;
		}
		*check = (struct dkim_check){
			.field = f->whole, .key_name = { "", 0 }, .key_text = { "", 0 }, .problem_at = { "", 0 }
		};
		value = span_skip(value, span_index(value, ':') + 1);
		if (dkim_signature_parse(DKIM_SIGNATURE, value, &check->signature))
			dkim_check_signature(m, now, answers, check);
		else
			say(check, DKIM_NEUTRAL, check->signature.problem, check->signature.problem_at);
		if (is_better(check->result, e->result))
			e->result = check->result;
	}
}
