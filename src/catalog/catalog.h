/*
 * The catalogue: causes, rules and providers, as loaded from `.rule` stanzas
 * (catalog/README.md has the format) and built into one table that a reply is
 * matched against in one pass.
 *
 * Everything is borrowed from the sources given to the builder, which must
 * outlive the catalogue. The built-in catalogue lives as long as the program.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "base/arena.h"
#include "grammar/enhanced_status.h"

enum lang { LANG_EN, LANG_JA, LANG_COUNT };

enum permanence { PERMANENCE_UNKNOWN, PERMANENCE_PERMANENT, PERMANENCE_TEMPORARY, PERMANENCE_AS_REPLIED };

enum confidence { CONFIDENCE_UNDETERMINED, CONFIDENCE_UNKNOWABLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

enum actor { /* bits: who must act */
	ACTOR_SENDER = 1,
	ACTOR_SENDER_ADMIN = 2,
	ACTOR_SENDER_DNS = 4,
	ACTOR_RECIPIENT = 8,
	ACTOR_RECIPIENT_ADMIN = 16,
	ACTOR_RECEIVER = 32,
	ACTOR_NOBODY = 64
};

struct retry { /* seconds; after 0: do not retry */
	uint32_t after, every, within;
};

enum suppress_when { SUPPRESS_UNSAID, SUPPRESS_NEVER, SUPPRESS_AT_ONCE, SUPPRESS_AFTER };

enum confirm_by { /* what of the DNS tells whether a cause holds still */
	CONFIRM_BY_NOTHING,
	CONFIRM_SPF,
	CONFIRM_PTR,
	CONFIRM_DKIM,
	CONFIRM_DMARC, /* whether it passes */
	CONFIRM_DMARC_POLICY, /* whether it passes, or the record asks for nothing */
	CONFIRM_DMARC_RECORD, /* whether there is one */
};

static inline bool
confirm_is_by_dmarc(enum confirm_by by)
{
	return by == CONFIRM_DMARC || by == CONFIRM_DMARC_POLICY || by == CONFIRM_DMARC_RECORD;
}

struct suppress { /* SUPPRESS_AFTER: `count` failures within `seconds` */
	enum suppress_when when;
	uint32_t count, seconds;
};

/* What a cause says, and what a rule may say anew: unset members are empty, 0 or PERMANENCE_UNKNOWN. */
struct advice_text {
	struct span title[LANG_COUNT], why[LANG_COUNT], remedy[LANG_COUNT]; /* remedy: one step a line */
	struct span change[LANG_COUNT]; /* the remedy in one sentence: what to change; empty: nothing of one's own */
	enum permanence permanence;
	enum confidence confidence; /* CONFIDENCE_UNDETERMINED: unsaid */
	uint8_t acts[8]; /* actor bits in the order given, ended by 0 */
	struct retry retry;
	bool has_retry;
	struct suppress suppress;
	struct span sisimai; /* the peer's name for it */
};

struct cause {
	struct span name;
	struct advice_text says;
	bool general; /* says a class: contradicts no code */
	bool vague; /* says no more than that it failed: any other cause is better */
	enum confirm_by confirm;
	const struct cause *of_sender; /* what the same words mean where they are said of the sender, or NULL */
};

struct provider {
	struct span name, title[LANG_COUNT];
	struct span include; /* the SPF record of its sending hosts; empty: not known, or not one for all */
	bool all_words_known; /* its replies are all in the catalogue: a stem in a new or cut one misleads */
};

struct rule {
	struct span name; /* "google.spf-hard-fail" */
	const struct cause *cause;
	const struct provider *provider; /* NULL: any */
	struct advice_text says; /* where it differs from the cause */
	struct span source, checked; /* first Source, Checked */
	struct span stanza; /* the stanza's own text */
};

struct catalog;

#endif
