/*
 * The reply that a rule stands for, as its receiver writes it today: the codes
 * it is given with, then its words, a line each, holes and all.
 *
 *	Reply: 550 5.7.27, 421 4.7.27
 *	 This message was blocked because it didn't pass SPF authentication.
 */
#ifndef CATALOG_RULE_REPLY_H
#define CATALOG_RULE_REPLY_H

#include "catalog/catalog.h"

enum { RULE_REPLY_LINES_MAX = 32 };

struct rule_reply { /* borrows the rule's stanza */
	uint16_t code;
	struct span status; /* "5.7.27" */
	struct span lines[RULE_REPLY_LINES_MAX];
	size_t n;
};

/* The value of a field `Reply`. Where it is given both ways, `temporary` chooses; else what there is. False: unsound. */
bool rule_reply_read(struct span value, bool temporary, struct rule_reply *reply);

/* False: the rule has no reply. */
bool rule_reply_find(const struct rule *rule, bool temporary, struct rule_reply *reply);

#endif
