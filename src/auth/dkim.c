#include "auth/dkim.h"

#include "auth/canonical.h"
#include "dns/idn.h"
#include "message/header.h"
#include "grammar/transfer_encoding.h"

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

/* Where the lowest field of this name is noted, or would be. */
static size_t
slot_of(const struct dkim_message *m, struct span name, uint32_t hash)
{
	size_t i = hash & (m->n_lowest - 1);

	while (m->lowest[i] != 0 &&
	    (m->fields[m->lowest[i] - 1].hash != hash || !span_equal_folded(m->fields[m->lowest[i] - 1].name, name)))
		i = (i + 1) & (m->n_lowest - 1);
	return i;
}

/* Signatures name fields by the thousand, where they mean harm. */
static void
index_fields(struct dkim_message *m)
{
	for (m->n_lowest = 16; m->n_lowest < 2 * m->n_fields;)
		m->n_lowest *= 2;
	m->lowest = arena_take_items(m->arena, m->n_lowest, sizeof(*m->lowest));
	for (size_t i = 0; i < m->n_fields; i++) {
		uint16_t *slot = &m->lowest[slot_of(m, m->fields[i].name, m->fields[i].hash)];

		m->fields[i].above = *slot;
		*slot = (uint16_t)(i + 1);
	}
}

void
dkim_message_init(struct dkim_message *m, struct arena *arena, struct crypto *crypto, struct span bytes)
{
	struct header_field f;
	struct span rest;
	size_t room = FIELDS_FIRST;

	*m = (struct dkim_message){ .arena = arena, .crypto = crypto, .bytes = bytes };
	header_split(header_start(bytes), &m->header, &m->body);
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
	index_fields(m);
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

/* The lowest field of this name that was not taken yet; `lowest` begins as a copy of the message's. RFC 6376 section 5.4.2 */
static const struct dkim_field *
take_lowest(const struct dkim_message *m, struct span name, uint16_t *lowest, const uint64_t *left_out)
{
	uint16_t *slot = &lowest[slot_of(m, name, hash_name(name))];

	while (*slot != 0) {
		const size_t i = *slot - 1u;

		*slot = m->fields[i].above;
		if (!(left_out[i / BITS] >> i % BITS & 1))
			return &m->fields[i];
	}
	return NULL;
}

static const struct dkim_change *
find_change(const struct dkim_change *changes, size_t n, const struct dkim_field *f)
{
	for (size_t i = 0; i < n; i++)
		if (f->whole.at == changes[i].field.at)
			return &changes[i];
	return NULL;
}

void
dkim_put_headers(const struct dkim_message *m, const struct dkim_signature *s, struct span field,
    const struct dkim_change *changes, size_t n_changes, struct out *out)
{
	uint64_t left_out[DKIM_FIELDS_MAX / BITS] = { 0 };
	uint16_t lowest[2 * DKIM_FIELDS_MAX];
	struct span rest = s->headers, name;

	for (size_t k = 0; k < n_changes; k++)
		for (size_t i = 0; changes[k].before.len == 0 && i < m->n_fields; i++)
			if (m->fields[i].whole.at == changes[k].field.at)
				left_out[i / BITS] |= 1ULL << i % BITS;
	memcpy(lowest, m->lowest, m->n_lowest * sizeof(*lowest));
	while (tag_take_item(&rest, ':', &name)) {
		const struct dkim_field *f = take_lowest(m, name, lowest, left_out);
		const struct dkim_change *change = f ? find_change(changes, n_changes, f) : NULL;

		if (f != NULL && f->whole.at != field.at)
			canonical_header(out, s->header, change ? change->before : f->whole, (struct span){ "", 0 });
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
say(struct dkim_check *check, enum dkim_result result, enum problem problem, struct span at)
{
	check->result = result;
	check->problem = problem;
	check->problem_at = at;
}

/* U-labels are asked for as A-labels. RFC 8616 section 4 */
static void
put_ascii(struct arena *arena, struct out *out, struct span name)
{
	struct span ascii;

	out_span(out, !span_is_ascii(name) && idn_to_ascii(arena, name, &ascii) ? ascii : name);
}

/* selector "._domainkey." domain. RFC 6376 section 3.6.2.1 */
static struct span
key_name(struct arena *arena, const struct dkim_signature *s)
{
	struct out out = { 0 };
	struct span name;

	put_ascii(arena, &out, s->selector);
	out_str(&out, "._domainkey.");
	put_ascii(arena, &out, s->domain);
	name = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return name;
}

/* Whether the record allows this signature. RFC 6376 sections 3.6.1 and 6.1.2 */
static bool
key_allows(struct dkim_check *check)
{
	const struct dkim_key *key = &check->key;
	const struct dkim_signature *s = &check->signature;
	const bool ed25519 = s->algorithm == DKIM_ED25519_SHA256;

	if (key->key.len == 0)
		say(check, DKIM_PERMERROR, PROBLEM_KEY_REVOKED, check->key_name);
	else if ((key->kind == DKIM_KEY_ED25519) != ed25519)
		say(check, DKIM_PERMERROR, PROBLEM_KEY_OTHER_KIND, key->kind_name);
	else if (!dkim_key_allows(key, s->algorithm == DKIM_RSA_SHA1 ? "sha1" : "sha256"))
		say(check, DKIM_PERMERROR, PROBLEM_KEY_HASH, key->hashes);
	else if (!key->for_mail)
		say(check, DKIM_PERMERROR, PROBLEM_KEY_NOT_FOR_MAIL, check->key_name);
	else if (key->strict && s->identity_below)
		say(check, DKIM_PERMERROR, PROBLEM_KEY_SUBDOMAIN, s->identity);
	else
		return true;
	return false;
}

/* Verifies with one key record. True: it is decided for good. */
static bool
check_with(struct dkim_message *m, const struct crypto_hash *data, struct span text, struct dkim_check *check)
{
	const struct crypto_key *key;
	enum problem problem;

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
	    m->crypto, key, data, base64_decode(m->arena, check->signature.signature));
	if (!check->header_matches) {
		say(check, DKIM_FAIL, PROBLEM_SIGNATURE_HEADER, (struct span){ "", 0 });
		return false;
	}
	say(check, DKIM_PASS, PROBLEM_NONE, (struct span){ "", 0 });
	check->weak = check->key.kind == DKIM_KEY_RSA && check->key_bits < DKIM_RSA_BITS_LEAST;
	if (check->weak)
		say(check, DKIM_POLICY, PROBLEM_KEY_SHORT, check->key_name);
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
		say(check, DKIM_PERMERROR, PROBLEM_KEY_NAME_LONG, check->key_name);
		return;
	}
	txt = dns_answers_find(answers, check->key_name, DNS_TXT);
	if (txt == NULL) {
		say(check, DKIM_NEEDS_ANSWERS, PROBLEM_NONE, check->key_name);
		return;
	}
	if (txt->result == DNS_FAILED) {
		say(check, DKIM_TEMPERROR, PROBLEM_KEY_LOOKUP_FAILED, check->key_name);
		return;
	}
	check->key_secure = txt->secure;
	say(check, DKIM_PERMERROR, PROBLEM_KEY_NONE, check->key_name);
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
	const struct span told = base64_decode(m->arena, s->body_hash);

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
		say(check, DKIM_POLICY, PROBLEM_SIGNATURE_SHA1, s->algorithm_name);
		return;
	}
	dkim_put_headers(m, s, check->field, NULL, 0, &out);
	hash = dkim_hash(m, out_view(&out));
	out_deinit(&out);
	dkim_check_data(m, &hash, answers, check);
	if (check->result == DKIM_NEEDS_ANSWERS)
		return;
	check->body_hash_matches = body_matches(m, check);
	if (!check->body_hash_matches &&
	    (check->result == DKIM_PASS || check->result == DKIM_POLICY || check->result == DKIM_FAIL))
		say(check, DKIM_FAIL,
		    check->header_matches ? PROBLEM_SIGNATURE_BODY : PROBLEM_SIGNATURE_BODY_AND_HEADER,
		    (struct span){ "", 0 });
	else if (s->has_length && s->length > check->body_size && check->result == DKIM_PASS)
		say(check, DKIM_FAIL, PROBLEM_SIGNATURE_LENGTH_BEYOND, (struct span){ "", 0 });
	else if (s->expiration != 0 && now > s->expiration && check->result == DKIM_PASS)
		say(check, DKIM_FAIL, PROBLEM_SIGNATURE_EXPIRED, (struct span){ "", 0 });
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
