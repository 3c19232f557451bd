/*
 * Which rule claims a reply. One pass finds all the catalogue's words in it;
 * what they ask besides is then looked at for the few that were found.
 * catalog/README.md, "Which rule wins".
 */
#ifndef CATALOG_MATCH_H
#define CATALOG_MATCH_H

#include "catalog/load.h"

enum {
	PROVIDER_WORDS_MIN = 30, /* literal bytes that give a receiver away */
	NEAR_MAX = 40 /* bytes between a Stem and what stands Near it */
};

struct catalog_scan {
	struct span text;
	struct text_hit hits[TEXT_HITS_MAX];
	size_t n;
	struct text_hit stems[TEXT_HITS_MAX]; /* searched only where they are wanted */
};

struct catalog_query {
	uint16_t code; /* 0: none */
	struct enhanced_status status; /* class 0: none */
	enum stage stage;
	const struct provider *provider; /* NULL: not known */
	bool provider_by_mark; /* known by the reply's own marks */
};

struct catalog_match {
	const struct rule *rule; /* NULL: none claims it */
	const struct cause *cause; /* the rule's, or what it means where it is said of the sender */
	const struct text_hit *hit; /* NULL: the codes alone decided */
	uint64_t rank;
	bool tied; /* another rule of the same rank claims it too */
	bool asked_status, asked_code; /* the rule names this very status, this code */
	bool by_stem; /* neither words nor codes said enough: stems near one another decided */
};

/* `text` is folded, in one line, and must outlive the scan. */
void catalog_scan(const struct catalog *catalog, struct span text, struct catalog_scan *scan);

/* The provider whose Mark was found, or NULL; `mark` gets its words. */
const struct provider *catalog_marked(
    const struct catalog *catalog, const struct catalog_scan *scan, struct span *mark);

/* The provider of a host (by Host) or of a recipient's domain (by Domain), or NULL. */
const struct provider *catalog_provider_of_host(const struct catalog *catalog, struct span host);
const struct provider *catalog_provider_of_domain(const struct catalog *catalog, struct span domain);

/* The provider that a few folded words name as people do: "gmail 421", "docomo 550". */
const struct provider *catalog_provider_mentioned(const struct catalog *catalog, struct span text, struct span *mark);

/* The rule with words in the reply that wins, or the one by codes if there is none; where that says
   no more than that it failed, the one with a stem. Before RCPT TO none wins that speaks of the
   recipient. `by_codes` gets what the codes alone would choose. */
struct catalog_match catalog_choose(const struct catalog *catalog, struct catalog_scan *scan,
    const struct catalog_query *query, struct catalog_match *by_codes);

#endif
