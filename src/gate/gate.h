/*
 * What all connections of a gate share: its policy, who its recipients are,
 * and what it keeps of what came.
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdio.h>

#include "dns/resolver.h"
#include "dns/zone.h"
#include "gate/counters.h"
#include "gate/mailboxes.h"
#include "gate/store.h"

enum { GATE_HOST_SIZE_MAX = 256, GATE_SESSIONS_MAX = 20000 };

struct gate {
	/* set before it serves */
	const struct policies *policies;
	const struct policy *policy;
	const struct catalog *catalog;
	const struct public_suffixes *suffixes;
	struct span host;
	uint64_t size_limit;
	struct resolver_options resolver;
	const struct zone *zone; /* NULL: the resolver */
	uint64_t now; /* 0: the clock's; for tests */
	SSL_CTX *tls; /* NULL: no STARTTLS */
	const char *maildir; /* NULL: accepted mail is kept for the API at most */
	bool proxy; /* connections begin with a PROXY header */
	struct ip_address client; /* whom connections from this machine stand for */
	bool has_client;
	bool requires_tls; /* what comes in plain text is minded as the policy says */
	enum lang lang;
	FILE *text, *json; /* NULL: not written */
	bool stores; /* transactions are kept for the API */

	/* shared while it serves */
	struct counters counters;
	struct store store;
	pthread_mutex_t log;
	pthread_rwlock_t rules; /* of the mailboxes */
	struct mailboxes mailboxes;
	struct arena mailboxes_arena;
	atomic_uint_fast64_t n_sessions, n_connections, next_id;
	atomic_uint_fast64_t n[TRANSACTION_ENDS]; /* transactions, by how they ended */
};

void gate_init(struct gate *gate);
void gate_deinit(struct gate *gate);

/* Reads rules for the mailboxes; those before are gone. False: nothing has changed. */
bool gate_set_rules(struct gate *gate, struct span text, struct mailbox_fault *fault);

/* What becomes of mail to an address; `rule` of it is copied to `arena`. */
struct mailbox gate_find_mailbox(struct gate *gate, struct arena *arena, struct span address);

/* The policy for one more message of this author's domain: who sends many is a bulk sender. */
const struct policy *gate_policy_for(struct gate *gate, struct span domain, uint64_t now);

/* Tells of a transaction: counts, logs and stores it. */
void gate_tell(struct gate *gate, const struct transaction *record, struct span head);

/* A certificate made on the spot, or one from PEM files; NULL: `what` says why. */
SSL_CTX *gate_make_tls(struct span host, const char *certificate, const char *key, const char **what);

#endif
