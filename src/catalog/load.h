/*
 * Loads the catalogue from stanzas. What is unsound is told with file and
 * line, and nothing is loaded then.
 */
#ifndef CATALOG_LOAD_H
#define CATALOG_LOAD_H

#include "catalog/catalog.h"
#include "catalog/fault.h"
#include "catalog/text_index.h"
#include "failure/notice_marks.h"

struct catalog_source { /* one file; borrowed for as long as the catalogue lives */
	const char *name;
	struct span text;
};

enum { CATALOG_SOURCES_MAX = 256, RULE_CODES_MAX = 16, CATALOG_SUBJECTS = 8 }; /* X.0.X to X.7.X. RFC 3463 section 3 */

enum firmness {
	FIRM_NOT,
	FIRM_BUT_FOR_FAMILY,
	FIRM
}; /* no words of rules of no receiver; but for its cause's family */

struct status_pattern { /* 0xffff: any */
	uint16_t class, subject, detail;
};

/* What a rule asks of a reply besides its words, and what decides between rules: looked at for every
   text found, so it stands together, the commonest first. Indexed as the rules are. */
struct rule_conditions {
	const struct provider *provider; /* the rule's */
	bool vague; /* it or its cause is */
	bool last; /* it is, and has no words: any other rule by codes is better */
	bool text, with;
	bool address; /* it speaks of the recipient's address, */
	bool condemns; /* and takes it off the list */
	bool sender; /* it speaks of the sender */
	enum firmness firm; /* its Status is sent for nothing else: which words outrank it all the same */
	bool stem, near; /* its words are Stems, which stand Near others */
	bool yields; /* its codes say so little that stems say more */
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

/* Nothing that is said so early is said of a recipient. RFC 5321 section 3.3 */
enum { STAGES_BEFORE_RCPT = STAGE_CONNECT | STAGE_HELO | STAGE_AUTH | STAGE_MAIL };

struct catalog_name { /* a Host or Domain of a provider */
	struct span name;
	const struct provider *provider;
};

/* How common a cause is with a code or status, from 1 to 100; of one receiver's replies or (provider NULL) of all. */
struct catalog_common {
	const struct cause *cause;
	const struct provider *provider;
	uint16_t code, weight; /* code 0: it is told of the status */
	struct enhanced_status status;
};

struct catalog {
	struct cause *causes;
	struct provider *providers;
	struct rule *rules;
	struct rule_conditions *conditions;
	uint32_t n_causes, n_providers, n_rules;
	struct text_index words;
	struct text_index stems; /* Stem and Near: asked only where neither words nor codes say enough */
	uint32_t *by_codes; /* rules without words: those of one status subject together, */
	uint32_t by_codes_at[CATALOG_SUBJECTS + 2]; /* and those of any or no subject last */
	struct catalog_name *hosts, *domains;
	uint32_t n_hosts, n_domains;
	struct catalog_common *commons; /* sorted by code, then status */
	uint32_t n_commons;
	const struct notice_index *notices; /* never NULL: what notices are known by */
	uint32_t *by_cause; /* rules that have words, those of one cause together: */
	uint32_t *by_cause_at; /* from by_cause_at[cause] up to by_cause_at[cause + 1] */
};

/* Those told of a code (class 0), or of a status (code 0): where they begin, and how many there are. */
const struct catalog_common *catalog_commons(
    const struct catalog *c, uint16_t code, struct enhanced_status status, uint32_t *n);

/* NULL where any fault was found. */
const struct catalog *catalog_load(
    struct arena *arena, const struct catalog_source *sources, size_t n, struct catalog_faults *faults);

const struct cause *catalog_find_cause(const struct catalog *catalog, struct span name);
const struct provider *catalog_find_provider(const struct catalog *catalog, struct span name);
const struct rule *catalog_find_rule(const struct catalog *catalog, struct span name);

/* "sender-dns" for ACTOR_SENDER_DNS. */
const char *actor_name(enum actor actor);

#endif
