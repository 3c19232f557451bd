#include <todoku/todoku.h>

#include <stdlib.h>

#include "auth/dkim_sign.h"
#include "base/memory.h"
#include "dns/idn.h"
#include "grammar/line_ends.h"

struct todoku_key {
	struct memory account; /* of the last call */
	struct arena arena;
	struct crypto_private *private;
	struct crypto *crypto; /* made with the first signature */
};

/* One call. */
struct job {
	struct todoku_key *key;
	const todoku_signing *signing;
	struct span in, out;
	todoku_algorithm algorithm;
	unsigned bits;
	bool refused; /* what is to be signed with is no name, or a field put in front would not be of the header */
};

static bool
attempt(struct todoku_key *key, void (*run)(void *), struct job *job)
{
	memory_release(&key->account);
	key->arena = (struct arena){ 0 };
	job->key = key;
	return memory_try(&key->account, run, job);
}

static void
read_key(void *context)
{
	struct job *j = context;

	j->key->private = crypto_read_private(j->in);
}

static void
make_key(void *context)
{
	struct job *j = context;

	j->key->private = crypto_make_private(j->algorithm == TODOKU_RSA ? DKIM_KEY_RSA : DKIM_KEY_ED25519, j->bits);
}

static todoku_status
create(struct job *job, void (*run)(void *), todoku_key **key)
{
	struct todoku_key *k = calloc(1, sizeof(*k));
	const bool tried = k != NULL && attempt(k, run, job);

	*key = NULL;
	if (tried && k->private != NULL) {
		*key = k;
		return TODOKU_OK;
	}
	todoku_key_free(k);
	return tried ? TODOKU_UNREADABLE : TODOKU_NO_MEMORY;
}

todoku_status
todoku_key_read(const char *pem, size_t len, todoku_key **key)
{
	return create(&(struct job){ .in = { pem, len } }, read_key, key);
}

todoku_status
todoku_key_make(todoku_algorithm algorithm, unsigned bits, todoku_key **key)
{
	*key = NULL;
	if (algorithm == TODOKU_RSA && (bits < DKIM_RSA_BITS_LEAST || bits > CRYPTO_RSA_BITS_MAX))
		return TODOKU_BAD_ARGUMENT;
	return create(&(struct job){ .algorithm = algorithm, .bits = bits }, make_key, key);
}

void
todoku_key_free(todoku_key *key)
{
	if (key == NULL)
		return;
	if (key->private != NULL)
		crypto_free_private(key->private);
	if (key->crypto != NULL)
		crypto_free(key->crypto);
	memory_release(&key->account);
	free(key);
}

static void
write_pem(void *context)
{
	struct job *j = context;

	j->out = crypto_write_private(&j->key->arena, j->key->private);
}

static void
write_record(void *context)
{
	struct job *j = context;

	j->out = dkim_key_record(&j->key->arena, j->key->private);
}

static todoku_span
written(todoku_key *key, void (*run)(void *))
{
	struct job j = { .key = key };

	if (!attempt(key, run, &j))
		return todoku_span_of("");
	return (todoku_span){ j.out.at, j.out.len };
}

todoku_span
todoku_key_pem(todoku_key *key)
{
	return written(key, write_pem);
}

todoku_span
todoku_key_record(todoku_key *key)
{
	return written(key, write_record);
}

static struct span
taken(todoku_span s)
{
	return (struct span){ s.len ? s.at : "", s.len };
}

/* Whether the field says what was asked for, and no more: what is no name, or no identity of the domain, is none. */
static bool
says(struct arena *arena, struct span field, const todoku_signing *asked)
{
	struct dkim_signature s;
	struct span ascii;

	return dkim_signature_parse(DKIM_SIGNATURE, span_skip(field, span_index(field, ':') + 1), &s) &&
	    span_equal(s.domain, taken(asked->domain)) && span_equal(s.selector, taken(asked->selector)) &&
	    span_equal(s.identity, taken(asked->identity)) && idn_to_ascii(arena, s.domain, &ascii) &&
	    idn_to_ascii(arena, s.selector, &ascii);
}

static void
sign(void *context)
{
	struct job *j = context;
	struct arena *arena = &j->key->arena;
	struct dkim_message *m = arena_take(arena, sizeof(*m));
	const struct dkim_signing s = { .key = j->key->private,
		.domain = taken(j->signing->domain),
		.selector = taken(j->signing->selector),
		.identity = taken(j->signing->identity),
		.headers = { "", 0 },
		.header = CANONICALIZATION_RELAXED,
		.body = CANONICALIZATION_RELAXED,
		.now = j->signing->now,
		.seconds = j->signing->seconds };

	if (j->key->crypto == NULL)
		j->key->crypto = crypto_create();
	dkim_message_init(m, arena, j->key->crypto, line_ends_restore(arena, j->in, NULL));
	j->out = dkim_sign(m, &s);
	j->refused = m->n_fields == 0 || m->fields[0].whole.at != m->bytes.at || !says(arena, j->out, j->signing);
}

todoku_status
todoku_sign(todoku_key *key, const todoku_signing *signing, todoku_span message, todoku_span *field)
{
	struct job j = { .signing = signing, .in = taken(message) };

	*field = todoku_span_of("");
	if (signing->domain.len == 0 || signing->selector.len == 0)
		return TODOKU_BAD_ARGUMENT;
	if (!attempt(key, sign, &j))
		return TODOKU_NO_MEMORY;
	if (j.refused)
		return TODOKU_BAD_ARGUMENT;
	*field = (todoku_span){ j.out.at, j.out.len };
	return TODOKU_OK;
}
