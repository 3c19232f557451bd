/*
 * What becomes of mail to an address: as its local part says (any address of
 * the kind "full@…" gives its case), or as a file of rules does, the first
 * that fits:
 *
 *	# address            what
 *	info@example.jp      accept quota=10M
 *	old@example.jp       disabled
 *	@example.jp          no-such-user
 *	*                    accept
 */
#ifndef GATE_MAILBOXES_H
#define GATE_MAILBOXES_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "receiver/policy.h"

enum mailbox_course {
	MAILBOX_ACCEPTS,
	MAILBOX_MINDS, /* refuses at RCPT by the policy's rule for `concern` */
	MAILBOX_REPLIES, /* by `rule` of the catalogue: at RCPT where it speaks of the recipient, else at the end of data */
	MAILBOX_GREYLISTS, /* the first attempt */
	MAILBOX_COUNTS, /* 421 after `count` recipients within `seconds` */
	MAILBOX_WAITS, /* answers RCPT after `seconds` */
	MAILBOX_DROPS /* closes the connection at DATA */
};

struct mailbox {
	enum mailbox_course course;
	enum concern concern;
	struct span rule;
	uint32_t count, seconds;
	uint64_t quota; /* bytes; 0: none */
	bool quota_is_hard; /* what exceeds it is refused for good (552), not for now (452) */
};

/* As the local part says: "nosuchuser", "disabled", "full", "full-for-now", "toofast", "greylist", "rate-5-per-minute",
   "slow", "slow-30", "drop-at-data", "reply-RULE". False: it names no case. */
bool mailbox_by_name(struct span local_part, struct mailbox *box);

enum { MAILBOX_RULES_MAX = 100000, MAILBOX_FILE_SIZE_MAX = 16 * 1024 * 1024 };

struct mailbox_rule {
	struct span address; /* "a@b", "@b", "*" */
	struct mailbox box;
};

struct mailboxes { /* borrows from the text it was read from, and the arena */
	struct mailbox_rule *rules;
	size_t n;
	uint32_t *slots; /* by hash of the address: the number of its first rule, from 1 */
	size_t n_slots;
};

struct mailbox_fault {
	unsigned line; /* from 1 */
	const char *what;
	struct span at;
};

/* False: `fault` says why. `catalog`: a rule that is named must be there. */
bool mailboxes_read(struct arena *arena, const struct catalog *catalog, struct span text, struct mailboxes *all,
    struct mailbox_fault *fault);

/* The first rule for the address, its domain, or all; else as its local part says; else it accepts. */
struct mailbox mailboxes_find(const struct mailboxes *all, struct span address);

#endif
