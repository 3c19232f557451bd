/*
 * An SPF record kept within its ten look-ups: terms that ask the DNS are
 * replaced by the addresses they stand for now, as few of them as will do.
 *
 *	v=spf1 mx include:_spf.example.net … -all → v=spf1 ip4:192.0.2.1 include:_spf.example.net … -all
 */
#ifndef DIAGNOSE_SPF_FLATTEN_H
#define DIAGNOSE_SPF_FLATTEN_H

#include "dns/answers.h"

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

#endif
