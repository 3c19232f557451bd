/*
 * DNS answers kept for as long as their TTL says, at most an hour; what failed
 * is not kept. Bounded: beyond its room it begins anew. One a thread.
 */
#ifndef GATE_DNS_CACHE_H
#define GATE_DNS_CACHE_H

#include "dns/answers.h"

enum { DNS_CACHE_ANSWERS_MAX = 20000, DNS_CACHE_BYTES_MAX = 32 * 1024 * 1024, DNS_CACHE_SECONDS_MAX = 3600 };

struct dns_cache {
	struct arena arena;
	struct dns_answers answers; /* their ttl is the second of the clock they hold to */
	size_t bytes;
};

void dns_cache_init(struct dns_cache *cache);
void dns_cache_deinit(struct dns_cache *cache);

/* Puts in what is wanted and known; what is left in `answers->wanted` is not. `now`: seconds of a steady clock. */
void dns_cache_answer(struct dns_cache *cache, uint32_t now, struct dns_answers *answers);

/* Keeps what came of `questions`. */
void dns_cache_keep(
    struct dns_cache *cache, uint32_t now, struct dns_answers *answers, const struct dns_question *questions, size_t n);

#endif
