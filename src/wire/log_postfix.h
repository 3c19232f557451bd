/*
 * One line of Postfix's log, as a view.
 *
 *	Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234: to=<taro@example.jp>,
 *	relay=mx.example.jp[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=5.1.1,
 *	status=bounced (host mx.example.jp[192.0.2.1] said: 550 ...)
 *
 * (in one line). Before "postfix" anything may stand: a traditional date, an
 * ISO 8601 one, RFC 5424's "<22>1 ..." or what journalctl writes.
 */
#ifndef WIRE_LOG_POSTFIX_H
#define WIRE_LOG_POSTFIX_H

#include "base/span.h"
#include "wire/enhanced_status.h"

enum log_postfix_kind {
	LOG_POSTFIX_OTHER, /* not Postfix, or nothing told here */
	LOG_POSTFIX_SENDER, /* qmgr: from=<>, size=, nrcpt= */
	LOG_POSTFIX_MESSAGE_ID, /* cleanup: message-id=<> */
	LOG_POSTFIX_DELIVERED, /* to=<>, status=sent (or deliverable) */
	LOG_POSTFIX_FAILURE, /* to=<>, status=bounced, deferred, undeliverable … */
	LOG_POSTFIX_EXPIRED, /* from=<>, status=expired, returned to sender */
	LOG_POSTFIX_REJECT, /* NOQUEUE: reject: …, milter-reject: … */
	LOG_POSTFIX_REMOVED, /* qmgr: removed */
};

struct log_postfix { /* empty: not told */
	enum log_postfix_kind kind;
	struct span date; /* as written */
	struct span host; /* that wrote the log */
	struct span instance; /* "postfix", "postfix-out" */
	struct span daemon; /* "smtp", "qmgr"; "submission/smtpd" gives "smtpd" */
	struct span queue_id; /* also "NOQUEUE" */
	struct span to, orig_to, from; /* no angle brackets */
	bool null_sender; /* from=<> */
	struct span message_id; /* no angle brackets */
	struct span relay; /* relay= as written; "none" too */
	struct span relay_host, relay_ip, relay_port;
	struct span delay;
	struct enhanced_status status; /* dsn= */
	struct span outcome; /* status=: "bounced" "deferred" "sent" … */
	struct span text; /* within the final parentheses, or behind "reject: " */
	struct span helo; /* smtpd: helo=<> */
};

/* Without line end. False when the line is not Postfix's. */
bool log_postfix_parse(struct span line, struct log_postfix *l);

/* Only what the line is, and whose: cheap, for the scan of a whole log.
   `queue_id` gets the id (also "NOQUEUE"), or nothing when it is OTHER. */
enum log_postfix_kind log_postfix_kind_of(struct span line, struct span *queue_id);

/* The same for line after line: `text` gets what stands behind the id, and
   `tag_at` keeps where the tag began, for the next line is likely to begin alike. */
enum log_postfix_kind log_postfix_scan(struct span line, size_t *tag_at, struct span *queue_id, struct span *text);

/* Of such a text: the sender of a SENDER line, the id of a MESSAGE_ID line. */
bool log_postfix_sender_of(struct span text, struct span *sender);
struct span log_postfix_message_id_of(struct span text);

static inline bool
log_postfix_is_failure(struct span line)
{
	struct span queue_id;
	enum log_postfix_kind kind = log_postfix_kind_of(line, &queue_id);

	return kind == LOG_POSTFIX_FAILURE || kind == LOG_POSTFIX_EXPIRED || kind == LOG_POSTFIX_REJECT;
}

#endif
