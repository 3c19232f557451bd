/*
 * One line of an MTA's log, as a view, whatever MTA wrote it. Every span is
 * borrowed from the line or the arena; an empty one means: not told.
 *
 * A format is a file `log_<mta>.c` and a row in `log_formats`. Its scan is all
 * that most lines of a busy log ever see; only what failed is parsed.
 */
#ifndef LOG_LOG_LINE_H
#define LOG_LOG_LINE_H

#include "base/arena.h"
#include "grammar/enhanced_status.h"

enum log_kind {
	LOG_FOREIGN, /* not of this format */
	LOG_OTHER, /* tells nothing of a delivery */
	LOG_SENDER, /* who sent it: from=<>, often with its message-id */
	LOG_MESSAGE_ID,
	LOG_ASSIGNED, /* qmail: which message and recipient a delivery's number means */
	LOG_DELIVERED,
	LOG_FAILURE, /* refused, bounced: for good */
	LOG_DEFERRED, /* one attempt failed; it is tried again */
	LOG_COMPLAINT, /* a recipient called it spam */
	LOG_EXPIRED, /* given up and returned to the sender */
	LOG_REJECT, /* a message refused on its way in, at this server */
	LOG_MILTER, /* a filter that could not be reached */
	LOG_REMOVED, /* nothing more will come of this queue id */
};

struct log_line {
	enum log_kind kind;
	struct span date; /* as written */
	struct span host; /* that wrote the log */
	struct span instance; /* "postfix", "postfix-out", "sm-mta" */
	struct span daemon; /* Postfix: "smtp", "qmgr"; "submission/smtpd" gives "smtpd" */
	struct span queue_id; /* also "NOQUEUE" */
	struct span to; /* no angle brackets; empty where there are several: each has a failure of its own */
	struct span orig_to, from;
	bool null_sender; /* from=<> */
	struct span message_id; /* no angle brackets */
	struct span relay; /* as written; "none" too */
	struct span relay_host, relay_ip, relay_port;
	struct span source_ip; /* the address it was sent from */
	struct span delay;
	struct enhanced_status status;
	struct span outcome; /* as written: "bounced" "deferred" "sent" "**" "PermFail" … */
	struct span command; /* the SMTP command that was answered */
	struct span text; /* what was said, without the log's own escaping */
	struct span helo;
};

/* What a scan tells, and what it keeps for the next line of the same log. */
struct log_scan {
	size_t at; /* where the tag began: the next line is likely to begin alike */
	struct span queue_id; /* also a delivery's number */
	struct span text; /* what stands behind it */
};

struct log_format {
	const char *name; /* "postfix" */
	/* Cheap: what a line is, and whose. Without line end. */
	enum log_kind (*scan)(struct span line, struct log_scan *s);
	/* Of a scanned text: the sender of LOG_SENDER, the id of LOG_MESSAGE_ID, the recipients
	   of LOG_DELIVERED, LOG_FAILURE and LOG_DEFERRED, "message to recipient" of LOG_ASSIGNED. */
	bool (*key_field)(enum log_kind kind, struct span text, struct span *value);
	/* Spans are borrowed from the line or the arena. `heading` is the line of column names, for formats that have one. False when the line is not of this format. */
	bool (*parse)(struct arena *arena, struct span line, struct span heading, struct log_line *l);
	bool lists; /* recipients may be several: log_take_recipient() */
	/* NULL, or whether a line is a whole record: fields may hold line ends. */
	bool (*is_whole)(struct span line);
	/* NULL, or whether a line names the columns of those that follow. */
	bool (*is_heading)(struct span line);
};

/* Of a list like "<taro@example.jp>,<jiro@example.jp>": the next, without angle brackets. */
bool log_take_recipient(struct span *list, struct span *recipient);

#endif
