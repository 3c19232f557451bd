/*
 * What became of one transaction: who sent, to whom, what was answered, and
 * why. Written as a line for people, and as JSON.
 */
#ifndef GATE_TRANSACTION_H
#define GATE_TRANSACTION_H

#include "base/out.h"
#include "gate/judge.h"
#include "gate/smtp.h"

struct transaction_recipient {
	struct span address, reply; /* lines with LF; empty: taken, so far */
};

struct transaction { /* borrowed */
	uint64_t at; /* milliseconds since 1970 */
	struct span id;
	const struct smtp_client *client;
	struct span helo, sender;
	bool tls;
	const struct transaction_recipient *recipients;
	size_t n_recipients;
	const struct case_at_hand *found; /* NULL: no message came */
	struct span reply; /* at the end of data; empty: none */
	struct span authserv_id;
	const struct catalog *catalog;
};

enum transaction_end {
	TRANSACTION_TAKEN, /* all that was offered */
	TRANSACTION_DEFERRED, /* something for now, nothing for good */
	TRANSACTION_REFUSED,
	TRANSACTION_BROKEN_OFF, /* no message came, though all recipients were taken */
	TRANSACTION_ENDS
};

enum transaction_end transaction_end(const struct transaction *r);

/* "2026-11-28T07:10:00.123Z" of milliseconds since 1970. RFC 3339 */
void transaction_write_time(struct out *out, uint64_t at);

/* A line for the transaction, and one below it for each refusal: why, and what to change. */
void transaction_write_text(struct out *out, enum lang lang, const struct transaction *r);

/* One object on a line: schema, at, id, client, helo, tls, mail_from, recipients, size, message_id, subject, taken, reply,
   rule, cause, why (en and ja), authentication_results, form (kind, field, minded, byte, count), verify (as `todoku verify --json` has it, or null). */
void transaction_write_json(struct out *out, const struct transaction *r);

#endif
