/*
 * The milter protocol as a machine: bytes of an MTA in, events out, and the
 * packets to be sent to it. Pure; versions 2 and 6.
 *
 *	00 00 00 0d  O  00 00 00 06  00 00 01 ff  00 1f ff ff
 *	length       |  version      actions      events that may be left out
 *
 * Only what the MTA offers is asked for. Where it offers to do without
 * answers, a whole message costs one: that to its end.
 *
 * What is no milter's packet, or comes where it cannot, ends the connection:
 * the MTA is told to try again later where it waits for an answer. Nothing
 * in a packet is trusted, and all that grows has a limit.
 */
#ifndef GATE_MILTER_H
#define GATE_MILTER_H

#include "base/out.h"

enum {
	MILTER_VERSION = 6,
	MILTER_VERSION_LEAST = 2,
	MILTER_PACKET_MAX = 1024 * 1024, /* a field of Postfix's header_size_limit (102,400) is one packet */
	MILTER_MACROS_SIZE_MAX = 16 * 1024, /* of one stage; those behind are dropped */
	MILTER_REPLY_LINES_MAX = 32, /* sendmail's limits */
	MILTER_REPLY_LINE_MAX = 980,
	MILTER_QUARANTINE_MAX = 100 /* bytes of the reason that Postfix keeps */
};

enum milter_stage {
	MILTER_STAGE_CONNECT,
	MILTER_STAGE_HELO,
	MILTER_STAGE_MAIL,
	MILTER_STAGE_RCPT,
	MILTER_STAGE_DATA,
	MILTER_STAGE_HEADER,
	MILTER_STAGE_END_OF_HEADER,
	MILTER_STAGE_BODY,
	MILTER_STAGE_END,
	MILTER_STAGES
};

enum milter_kind {
	MILTER_NEGOTIATE,
	MILTER_CONNECT, /* text: the host's name or "[address]"; family, port, address */
	MILTER_HELO, /* text */
	MILTER_MAIL, /* text: "<taro@example.jp>"; more: parameters, each with its NUL */
	MILTER_RCPT, /* the same */
	MILTER_DATA,
	MILTER_HEADER, /* text: the name; more: the value as it came, with the blank in front if milter_keeps_blanks() */
	MILTER_END_OF_HEADER,
	MILTER_BODY, /* text: a piece, cut anywhere */
	MILTER_END, /* of the message; text: a last piece of the body, mostly empty */
	MILTER_ABORT, /* of the message; the connection goes on */
	MILTER_UNKNOWN, /* text: an SMTP command the MTA does not know */
	MILTER_NEXT, /* the connection is used for another SMTP session */
	MILTER_QUIT
};

enum milter_family {
	MILTER_FAMILY_UNKNOWN = 'U',
	MILTER_FAMILY_LOCAL = 'L',
	MILTER_FAMILY_V4 = '4',
	MILTER_FAMILY_V6 = '6'
};

struct milter_event { /* borrowed until the next event is taken */
	enum milter_kind kind;
	struct span text, more;
	enum milter_family family;
	uint16_t port;
	struct span address; /* "192.0.2.1", "2001:db8::1", or a local socket's path */
};

enum milter_state {
	MILTER_FRESH, /* nothing came yet */
	MILTER_IDLE, /* negotiated */
	MILTER_IN_SESSION,
	MILTER_IN_ENVELOPE,
	MILTER_IN_HEADER,
	MILTER_IN_BODY,
	MILTER_AT_END, /* the message is whole, and an answer is owed: it can be changed now */
	MILTER_OVER
};

struct milter { /* zeroed: a new connection */
	enum milter_state state;
	enum milter_kind last; /* the event that was taken last */
	bool owes; /* an answer to it; nothing is taken until it is given */
	uint32_t version, actions, events; /* as agreed */
	struct out packet; /* the beginning of one that is not all there yet */
	struct out macros[MILTER_STAGES]; /* "name" NUL "value" NUL … */
	struct out to_mta; /* to be sent; the caller clears it */
	const char *fault; /* why the connection is over; NULL: the MTA wanted it */
};

void milter_deinit(struct milter *m); /* new again */

/* Takes bytes up to the next event. PARSE_MORE: all are taken, or an answer is owed first. PARSE_BAD: over, see fault; what
   is in to_mta is sent all the same. */
enum parse milter_take(struct milter *m, struct span *bytes, struct milter_event *event);

/* "i", "auth_authen": the newest value; at == NULL: the MTA did not tell. Those of a message are forgotten with it. */
struct span milter_macro(const struct milter *m, const char *name);

/* Whether a field's value comes as it stands behind the colon. If not, the MTA took one blank away, and adds one to what it
   is given. */
bool milter_keeps_blanks(const struct milter *m);

enum milter_answer {
	MILTER_CONTINUE = 'c',
	MILTER_ACCEPT = 'a',
	MILTER_REJECT = 'r',
	MILTER_TEMPFAIL = 't',
	MILTER_DISCARD = 'd',
	MILTER_SKIP = 's' /* no more of the body; goes on where that was not agreed on */
};

/* Nothing is sent where no answer is owed; false: and so this one, which is no MILTER_CONTINUE, was not told. */
bool milter_answer(struct milter *m, enum milter_answer answer);

/* A reply in the MTA's words, lines parted by LF, as "550-5.7.26 one\n550 5.7.26 two". False: no answer is owed, or it is no
   reply of one 4xx or 5xx code whose enhanced codes belong to it (RFC 3463 section 3.1); nothing was sent. */
bool milter_reply(struct milter *m, struct span reply);

/* The rest is possible at MILTER_END, before the answer; false: not now, or the MTA did not offer it. Values are what stands
   behind "Name: "; their lines end in LF or CRLF. */

/* As the `at`th field: 0 stands above all, the MTA's own Received among them. */
bool milter_insert_header(struct milter *m, uint32_t at, struct span name, struct span value);

/* The `n`th field of this name, from 1, those that came alone; an empty value removes it, and those below move up. */
bool milter_change_header(struct milter *m, uint32_t n, struct span name, struct span value);
bool milter_quarantine(struct milter *m, struct span reason);

/* It takes longer: the MTA's patience begins anew. */
bool milter_progress(struct milter *m);

#endif
