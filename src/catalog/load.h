/*
 * Loads the catalogue from stanzas. What is unsound is told with file and
 * line, and nothing is loaded then.
 */
#ifndef CATALOG_LOAD_H
#define CATALOG_LOAD_H

#include "catalog/catalog.h"
#include "catalog/words.h"

struct catalog_source { /* one file; borrowed for as long as the catalogue lives */
	const char *name;
	struct span text;
};

struct catalog_fault {
	const char *file;
	unsigned line;
	const char *what;
	struct span detail; /* the name or value at fault; may be empty */
};

enum {
	CATALOG_FAULTS_MAX = 100,
	CATALOG_SOURCES_MAX = 256,
	RULE_CODES_MAX = 16,
	CATALOG_SUBJECTS = 8
}; /* X.0.X to X.7.X. RFC 3463 section 3 */

struct catalog_faults {
	struct catalog_fault at[CATALOG_FAULTS_MAX];
	size_t n; /* all of them, also those not kept */
};

struct status_pattern { /* 0xffff: any */
	uint16_t class, subject, detail;
};

/* What a rule asks of a reply besides its words, and what decides between rules: looked at for every
   text found, so it stands together, the commonest first. Indexed as the rules are. */
struct rule_asks {
	const struct provider *provider; /* the rule's */
	bool vague; /* it or its cause is */
	bool text, with;
	uint8_t n_codes, n_statuses, stages; /* stages: bits of enum stage */
	struct status_pattern statuses[RULE_CODES_MAX];
	uint16_t codes[RULE_CODES_MAX]; /* 550; 5: any 5yz */
	const char *file;
	unsigned line;
};

enum stage {
	STAGE_UNKNOWN,
	STAGE_CONNECT = 1,
	STAGE_HELO = 2,
	STAGE_AUTH = 4,
	STAGE_MAIL = 8,
	STAGE_RCPT = 16,
	STAGE_DATA = 32
};

struct catalog_name { /* a Host or Domain of a provider */
	struct span name;
	const struct provider *provider;
};

struct catalog {
	struct cause *causes;
	struct provider *providers;
	struct rule *rules;
	struct rule_asks *asks;
	uint32_t n_causes, n_providers, n_rules;
	struct words_index words;
	uint32_t *by_codes; /* rules without words: those of one status subject together, */
	uint32_t by_codes_at[CATALOG_SUBJECTS + 2]; /* and those of any or no subject last */
	struct catalog_name *hosts, *domains;
	uint32_t n_hosts, n_domains;
};

/* NULL where any fault was found. */
const struct catalog *catalog_load(
    struct arena *arena, const struct catalog_source *sources, size_t n, struct catalog_faults *faults);

void catalog_fault_note(struct catalog_faults *faults, struct catalog_fault fault);

const struct cause *catalog_find_cause(const struct catalog *catalog, struct span name);
const struct provider *catalog_find_provider(const struct catalog *catalog, struct span name);
const struct rule *catalog_find_rule(const struct catalog *catalog, struct span name);

/* "sender-dns" for ACTOR_SENDER_DNS. */
const char *actor_name(enum actor actor);

#endif
