/*
 * One recipient's failed (or delayed) delivery, as a document tells it: a
 * report (RFC 3464), a complaint (RFC 5965), a notice in prose, a log line or
 * a pasted reply. A view: every span is borrowed from the document or from the
 * arena its parser was given. An empty span means: not told.
 */
#ifndef FAILURE_FAILURE_H
#define FAILURE_FAILURE_H

#include "base/span.h"
#include "grammar/enhanced_status.h"

enum failure_told_by {
	FAILURE_REPLY, /* a reply, pasted or quoted */
	FAILURE_REPORT, /* message/delivery-status, RFC 3464 */
	FAILURE_NOTICE, /* a bounce's prose; no report in it */
	FAILURE_COMPLAINT, /* message/feedback-report, RFC 5965 */
	FAILURE_LOG, /* an MTA's log line */
	FAILURE_EVENT, /* a sending service's JSON */
};

/* What came of an attempt that was to be tried again. */
enum failure_outcome { FAILURE_OUTCOME_UNKNOWN, FAILURE_OUTCOME_DELIVERED, FAILURE_OUTCOME_GIVEN_UP };

/* What names the recipient. */
enum failure_named_by {
	FAILURE_NAMED_BY_TEXT, /* the report, the prose, the line or the event itself */
	FAILURE_NAMED_BY_HEADER, /* the bounce's own header: X-Failed-Recipients, the subject */
	FAILURE_NAMED_BY_COPY, /* the header of the message sent */
	FAILURE_NAMED_BY_VERP, /* the address the bounce went to */
};

struct failure {
	enum failure_told_by told_by;
	struct span format; /* which one tells it: "rfc3464", "qmail", "exim", "ses" … */
	struct span recipient; /* addr-spec, no angle brackets */
	enum failure_named_by named_by;
	struct span original_recipient;
	struct span sender; /* reverse_path, addr-spec */
	bool null_sender; /* the reverse_path is known to be <> */
	struct span author; /* the From: addr-spec of the message sent */
	struct span message_id; /* of the message sent, no angle brackets */
	struct span subject; /* of the message sent, raw header value */
	struct span action; /* RFC 3464: failed delayed delivered relayed expanded */
	struct enhanced_status status; /* as the report or log says; class 0: none */
	struct span reply; /* what was said, UTF-8, line ends kept, with its codes */
	const struct diagnostic_code *read; /* the reply as read, where its finder had to read it; NULL: not yet */
	struct span remote_mta; /* host that said it */
	struct span remote_ip;
	struct span reporting_mta; /* host that reports */
	struct span command; /* the SMTP command it answers: "RCPT TO" */
	struct span queue_id;
	struct span source_ip; /* the address it was sent from */
	struct span milter; /* a log: a filter that could not be reached shortly before */
	bool refused_here; /* a log: its own server refused a message coming in */
	enum failure_outcome outcome;
	struct span date; /* of the failure, as written */
	struct span returned; /* the message sent, as the bounce returns it; its header alone, or empty */
	bool returned_whole; /* with its body */
	size_t at; /* where in the document it stands, byte offset */
};

#endif
