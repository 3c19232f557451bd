/*
 * An SPF record kept within its ten look-ups: terms that ask the DNS are
 * replaced by the addresses they stand for now, as few of them as will do.
 *
 *	v=spf1 mx include:_spf.example.net … -all → v=spf1 ip4:192.0.2.1 include:_spf.example.net … -all
 */
#ifndef DIAGNOSE_SPF_FLATTEN_H
#define DIAGNOSE_SPF_FLATTEN_H

#include "dns/answers.h"
#include "grammar/ip_address.h"

enum { SPF_FLATTEN_REPLACED_MAX = 16, SPF_FLATTEN_SIZE_MAX = 2048 };

struct spf_flattened {
	struct span text; /* the record; empty: it cannot be kept within the limit */
	struct span replaced[SPF_FLATTEN_REPLACED_MAX]; /* terms as they were written */
	size_t n_replaced;
	unsigned lookups; /* that the record needs now */
};

/* `text`: a sound record of `domain`. False: answers are missing. */
bool spf_flatten(struct arena *arena, struct dns_answers *answers, struct span domain, struct span text,
    struct spf_flattened *flattened);

enum { SPF_SAMPLES_MAX = 32 };

struct spf_sample {
	struct span term; /* as it was written */
	struct ip_address ip; /* one that it lets pass */
};

/* One address of each term that lets any pass, as far as the answers tell. False: answers are missing. */
bool spf_sample(struct arena *arena, struct dns_answers *answers, struct span domain, struct span text,
    struct spf_sample samples[SPF_SAMPLES_MAX], size_t *n);

#endif
