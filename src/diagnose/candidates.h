/*
 * What a code that stands alone may mean: 「エラーコード552」 is most often a
 * mailbox that is full. How common a cause is with a code is the catalogue's
 * to say (`Common:` of a cause); the words that tell it apart are its rules'.
 */
#ifndef DIAGNOSE_CANDIDATES_H
#define DIAGNOSE_CANDIDATES_H

#include "catalog/catalog.h"

enum { CANDIDATES_MAX = 6 };

struct candidate {
	const struct cause *cause;
	const struct rule *rule; /* that says it in words: the receiver's own, if it has one; or NULL */
	struct span text; /* these words, {holes} unfilled; empty: none */
	uint16_t weight; /* 1 to 100 */
};

/* The likeliest first; says how many. `provider` NULL: not known. */
size_t candidates_find(const struct catalog *catalog, uint16_t code, struct enhanced_status status,
    const struct provider *provider, struct candidate *candidates);

#endif
