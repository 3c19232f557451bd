#include "gate/dns_cache.h"

void
dns_cache_init(struct dns_cache *c)
{
	*c = (struct dns_cache){ .bytes = 0 };
	dns_answers_init(&c->answers, &c->arena);
}

void
dns_cache_deinit(struct dns_cache *c)
{
	arena_deinit(&c->arena);
}

static const struct dns_answer *
find(struct dns_answers *answers, struct span name, enum dns_type type)
{
	const struct dns_answer *a = dns_answers_find(answers, name, type);

	answers->n_wanted = 0;
	return a;
}

void
dns_cache_answer(struct dns_cache *c, uint32_t now, struct dns_answers *answers)
{
	size_t left = 0;

	for (size_t i = 0; i < answers->n_wanted; i++) {
		const struct dns_question *q = &answers->wanted[i];
		const struct dns_answer *kept = find(&c->answers, q->name, q->type);
		struct dns_answer a;

		if (kept == NULL || kept->ttl <= now) {
			answers->wanted[left++] = *q;
			continue;
		}
		a = *kept;
		a.ttl -= now;
		dns_answers_put(answers, &a);
	}
	answers->n_wanted = left;
}

static size_t
size_of(const struct dns_answer *a)
{
	size_t n = sizeof(*a) + a->name.len + a->n_records * sizeof(a->records[0]);

	for (size_t i = 0; i < a->n_records; i++)
		n += a->records[i].data.len;
	return n;
}

static void
keep(struct dns_cache *c, uint32_t now, const struct dns_answer *a)
{
	struct dns_answer kept = *a;

	kept.ttl = now + (a->ttl < DNS_CACHE_SECONDS_MAX ? a->ttl : DNS_CACHE_SECONDS_MAX);
	c->bytes += size_of(a);
	if (c->answers.n >= DNS_CACHE_ANSWERS_MAX || c->bytes > DNS_CACHE_BYTES_MAX) {
		dns_cache_deinit(c);
		dns_cache_init(c);
		c->bytes = size_of(a);
	}
	dns_answers_put(&c->answers, &kept);
}

void
dns_cache_keep(
    struct dns_cache *c, uint32_t now, struct dns_answers *answers, const struct dns_question *questions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *a = find(answers, questions[i].name, questions[i].type);

		if (a != NULL && a->result != DNS_FAILED && a->ttl > 0)
			keep(c, now, a);
	}
}
