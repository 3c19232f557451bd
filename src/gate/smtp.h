/*
 * The server's side of an SMTP session, as a pure machine: bytes in, events
 * and replies out. It offers what Gmail's MX offers, and refuses by the words
 * of a policy.
 *
 * RFC 5321, 1870 (SIZE), 2920 (PIPELINING), 3030 (CHUNKING), 3207 (STARTTLS),
 * 6152 (8BITMIME), 6531 (SMTPUTF8); XCLIENT as Postfix has it.
 *
 *	smtp_greet(&s);
 *	while ((event = smtp_feed(&s, &in)) != SMTP_MORE) { …; smtp_accept(&s); }
 *	send(out_view(&s.out));
 */
#ifndef GATE_SMTP_H
#define GATE_SMTP_H

#include "catalog/catalog.h"
#include "gate/client.h"
#include "receiver/receiver.h"

enum {
	SMTP_LINE_MAX =
	    1024, /* of a command, CRLF included: 512 and what the extensions add. RFC 5321 section 4.5.3.1.4 */
	SMTP_RECIPIENTS_MAX = 100, /* RFC 5321 section 4.5.3.1.8 */
	SMTP_ERRORS_MAX = 20, /* then 421 */
	SMTP_COMMANDS_MAX = 10000, /* without a message; then 421 */
	SMTP_SIZE_LIMIT = 157286400
};

enum smtp_state {
	SMTP_REFUSED, /* no service: QUIT alone. RFC 5321 section 3.1 */
	SMTP_START, /* no EHLO yet */
	SMTP_READY,
	SMTP_MAIL, /* a sender, but no recipient */
	SMTP_RCPT,
	SMTP_CHUNKS, /* BDAT has begun */
	SMTP_CHUNKS_LOST, /* a chunk failed: all do until RSET. RFC 3030 section 2 */
	SMTP_STATES
};

enum smtp_verb {
	SMTP_EHLO,
	SMTP_HELO,
	SMTP_MAIL_FROM,
	SMTP_RCPT_TO,
	SMTP_DATA,
	SMTP_BDAT,
	SMTP_RSET,
	SMTP_NOOP,
	SMTP_QUIT,
	SMTP_VRFY,
	SMTP_EXPN,
	SMTP_HELP,
	SMTP_STARTTLS,
	SMTP_AUTH,
	SMTP_XCLIENT,
	SMTP_UNKNOWN,
	SMTP_VERBS
};

enum smtp_event {
	SMTP_MORE, /* more bytes are wanted; nothing else waits */
	SMTP_ASKS_SENDER, /* these wait for smtp_accept(), smtp_refuse() or smtp_answer() */
	SMTP_ASKS_RECIPIENT,
	SMTP_ASKS_DATA, /* DATA, or the first BDAT: before 354 */
	SMTP_ASKS_MESSAGE,
	SMTP_STARTS_TLS, /* 220 stands in `out`: send it, throw away what else came, shake hands, smtp_has_tls() */
	SMTP_CLIENT_CHANGED, /* by XCLIENT: `client` is another. Then smtp_greet() or smtp_refuse_service() */
	SMTP_CLOSES /* send what stands in `out`, and close */
};

struct smtp_options { /* borrowed; must outlive the session */
	const struct policy *policy;
	const struct catalog *catalog;
	struct span host; /* its own name */
	uint64_t size_limit; /* of a message, in bytes */
	bool offers_tls, offers_xclient;
};

struct smtp_recipient {
	struct span address; /* without brackets */
};

struct smtp {
	const struct smtp_options *options;
	struct out out; /* replies that are not sent yet; the owner clears it */
	struct smtp_client client;
	enum smtp_state state;
	enum smtp_event waits; /* SMTP_MORE: nothing */
	bool tls, extended; /* EHLO rather than HELO */
	unsigned errors, commands;
	struct span id; /* of the transaction, as it stands in replies; the owner's */
	char line[SMTP_LINE_MAX]; /* a command that is not all there */
	size_t line_size;
	bool line_too_long;
	struct arena session, transaction; /* what the spans below borrow from */
	struct span helo; /* empty: none yet */
	struct span sender; /* without brackets; empty: <> */
	bool utf8, body_8bit; /* SMTPUTF8 and BODY=8BITMIME were said */
	struct smtp_recipient recipients[SMTP_RECIPIENTS_MAX];
	size_t n_recipients;
	struct span asked; /* the recipient that waits to be answered */
	struct out message; /* dots undone, line ends as they came */
	bool keeps_message; /* it outlives its transaction, until smtp_take_message() */
	uint64_t message_size; /* may be more than is held: then it exceeds the limit, and nothing is held */
	enum smtp_reading { SMTP_READS_COMMANDS, SMTP_READS_DATA, SMTP_READS_CHUNK } reading;
	unsigned dot; /* how much of CRLF.CRLF was seen */
	enum smtp_chunk {
		SMTP_CHUNK_KEPT,
		SMTP_CHUNK_OUT_OF_ORDER, /* 503 behind it */
		SMTP_CHUNK_REFUSED /* its answer was given */
	} chunk;
	bool by_chunks, chunk_is_last;
	uint64_t chunk_left;
};

void smtp_init(struct smtp *s, const struct smtp_options *options, const struct smtp_client *client);
void smtp_deinit(struct smtp *s);

/* 220 */
void smtp_greet(struct smtp *s);

/* A banner that refuses, 421 (then the connection closes) or 554. */
void smtp_refuse_service(struct smtp *s, const struct receiver_reply *reply);

/* Takes bytes off the front of `in` until something waits for an answer, or all are taken. */
enum smtp_event smtp_feed(struct smtp *s, struct span *in);

/* Whether smtp_feed() can do something without further bytes. */
bool smtp_can_go_on(const struct smtp *s);

/* The message becomes the caller's, to be freed by out_deinit(). */
struct out smtp_take_message(struct smtp *s);

/* Answers what waits. A reply of 421 closes. */
void smtp_accept(struct smtp *s);
void smtp_refuse(struct smtp *s, const struct receiver_reply *reply);
/* The same in the answerer's own words: lines with their codes, a LF behind each. */
void smtp_answer(struct smtp *s, struct span lines);

/* Now within TLS: all that was said before is forgotten. RFC 3207 section 4.2 */
void smtp_has_tls(struct smtp *s);

/* 421: the owner has to close (time-out, shutdown). Nothing may wait. */
void smtp_close(struct smtp *s, const char *why);

/* "MAIL" */
const char *smtp_verb_name(enum smtp_verb verb);

#endif
