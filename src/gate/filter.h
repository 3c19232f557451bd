/*
 * What becomes of a message on its way through an MTA: it is put together as
 * it came, then signed if it is of our own clients, else verified, and never
 * both. Pure: the judging in between is the caller's.
 *
 *	milter's events ─► filter_take ─► filter_decide ─► (judged) ─► filter_conclude ─► packets
 */
#ifndef GATE_FILTER_H
#define GATE_FILTER_H

#include "gate/milter.h"
#include "gate/network.h"
#include "gate/signing.h"
#include "receiver/receiver.h"

enum filter_mode {
	FILTER_ENFORCE, /* what the policy minds is refused */
	FILTER_MONITOR, /* nothing is refused: Authentication-Results and a line in the log */
	FILTER_OUTGOING /* our own mail alone: signed, and looked at as its receivers will; of others nothing is judged */
};

enum { FILTER_MESSAGE_SIZE_MAX = 128 * 1024 * 1024, FILTER_MESSAGE_SIZE_KEPT = 1024 * 1024 };

struct filter_settings { /* borrowed by every filter; replaced as a whole */
	enum filter_mode mode;
	struct span authserv_id;
	const struct network *internal; /* clients of ours, besides those that authenticated */
	size_t n_internal;
	const struct signing_table *keys;
	const struct policy
	    *policy; /* where the DNS fails, it says whether that is refused for now; else it is taken */
	const struct catalog *catalog;
	const struct signing_key *seal; /* what is passed on is sealed (ARC); NULL: it is not */
	bool quarantine; /* what p=quarantine fails for is held by the MTA */
	bool refuse_outgoing; /* FILTER_OUTGOING: what the policy minds is refused, else only told */
	size_t
	    size_max; /* of a message, in bytes; 0: FILTER_MESSAGE_SIZE_MAX. What is larger is neither judged nor signed */
};

enum filter_role {
	FILTER_SIGNS, /* the client authenticated, or is internal */
	FILTER_VERIFIES,
	FILTER_PASSES /* not ours to touch */
};

enum filter_outcome { FILTER_TAKEN, FILTER_REFUSED, FILTER_HELD };

struct filter_report { /* what was done; borrows from the filter */
	enum filter_role role;
	enum filter_outcome outcome;
	struct span
	    reply; /* that was given, or that would be given if anything were refused; lines with LF; empty: none */
	struct span author_domain; /* of From:, FILTER_SIGNS only */
	size_t n_signatures, n_removed; /* fields added, and forged ones removed */
	bool sealed, too_large;
	bool not_told; /* the MTA does not let a milter add fields */
};

struct filter {
	const struct filter_settings *settings;
	struct crypto *crypto;
	struct ip_address ip; /* of the client */
	bool has_ip, local; /* local: over no network at all */
	uint16_t port; /* 0: there was no connection, an MTA only makes believe */
	struct out helo;
	struct arena arena; /* the message's */
	struct out message; /* as SMTP carried it */
	struct span mail_from; /* without its brackets */
	bool in_body;
	uint32_t n_results; /* Authentication-Results fields so far */
	uint32_t *forged; /* which of them, from 1 */
	size_t n_forged, room_forged;
	struct span *signatures; /* whole fields */
	struct authentication_query query; /* for who judges */
	struct receiver_facts facts; /* policy, tls and limit */
	const struct authentication *found; /* what came of it; NULL: nothing was judged */
	struct filter_report report;
};

/* One a connection. */
void filter_init(struct filter *f, const struct filter_settings *settings, struct crypto *crypto);
void filter_deinit(struct filter *f);

/* Takes an event of the milter `m` and answers it, except MILTER_END. True: that it is, the message is whole. */
bool filter_take(struct filter *f, struct milter *m, const struct milter_event *event);

/* True: query and facts are to be judged, then filter_conclude() is called. False: the message is answered for.
   `now`: seconds since 1970. */
bool filter_decide(struct filter *f, struct milter *m, uint64_t now);

void filter_conclude(
    struct filter *f, struct milter *m, const struct authentication *found, const struct receiver_answer *answer);

#endif
