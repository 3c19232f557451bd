/* A message and zone text of any bytes: the judges come to an end, within their limits. */
#include <stdlib.h>

#include "auth/authentication.h"
#include "dns/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS = 64 };

/* The zone up to a line of dashes, then the message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto;
	const struct span bytes = { (const char *)data, size };
	const char *cut = size ? memmem(data, size, "\n---\n", 5) : NULL;
	struct authentication_query q = { .helo = { "mail.example.jp", 15 },
		.mail_from = { "a@example.jp", 12 },
		.has_mail_from = true,
		.has_ip = true,
		.receiver = { "", 0 },
		.now = 1764000000 };
	struct arena arena = { 0 };
	struct authentication *a = arena_take(&arena, sizeof(*a));
	struct dns_answers answers;
	struct zone_fault fault;
	struct zone zone;
	unsigned rounds = 0;

	if (crypto == NULL)
		crypto = crypto_create();
	if (cut == NULL || !zone_parse(&arena, span_first(bytes, (size_t)(cut - bytes.at) + 1), &zone, &fault)) {
		arena_deinit(&arena);
		return 0;
	}
	q.message = span_skip(bytes, (size_t)(cut - bytes.at) + 5);
	dns_answers_init(&answers, &arena);
	authentication_init(&arena, crypto, &q, a);
	while (!authentication_evaluate(&arena, &q, &answers, a)) {
		if (rounds++ == ROUNDS || answers.n_wanted == 0)
			abort();
		zone_answer(&zone, &answers);
	}
	if (a->spf.lookups > SPF_LOOKUPS_MAX + 1 || a->spf.void_lookups > SPF_VOID_LOOKUPS_MAX + 1 ||
	    a->dmarc.walk.n > TREE_WALK_QUERIES_MAX || a->dkim.n > DKIM_SIGNATURES_MAX)
		abort();
	arena_deinit(&arena);
	return 0;
}
