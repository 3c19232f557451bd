/*
 * {"event":"failed","severity":"permanent","reason":"bounce","recipient":"taro@example.jp",
 *  "delivery-status":{"code":550,"message":"5.1.1 no such user","mx-host":"mx.example.jp"},
 *  "envelope":{"sender":"a@example.com","sending-ip":"192.0.2.25"},
 *  "message":{"headers":{"message-id":"…","from":"…","subject":"…"}},"timestamp":1795392000.5}
 */
#include "event/event_mailgun.h"

#include <stdio.h>

#include "grammar/json.h"
#include "message/mailbox.h"
#include "failure/complaint.h"

static bool
recognise(struct span object)
{
	struct span event = json_find(object, "event");

	return event.len > 2 && event.at[0] == '"' && json_find(object, "recipient").len > 0 &&
	    json_find(object, "email").len == 0 &&
	    (json_find(object, "delivery-status").len > 0 || json_find(object, "timestamp").len > 0 ||
		json_find(object, "reason").len > 0 || json_is_object(json_find(object, "message")));
}

/* "550 5.1.1 no such user": code, enhanced code and words stand in members of their own. */
static struct span
reply_of(struct arena *arena, struct span object)
{
	struct span status = json_find(object, "delivery-status"), code = json_find_text(arena, status, "code"),
		    words = json_find_text(arena, status, "message"),
		    enhanced = json_find_text(arena, status, "enhanced-code"),
		    reason = json_find_text(arena, object, "reason"), given;
	struct enhanced_status s;
	size_t size, n;
	char *to;

	if (words.len == 0)
		words = json_find_text(arena, status, "description");
	if (words.len == 0)
		words = json_find_text(arena, object, "reject.reason");
	if (words.len == 0 && reason.len == 0)
		return words;
	given = words;
	if (enhanced_status_take(&given, &s))
		enhanced.len = 0;
	if (code.len != 3 || code.at[0] < '4' || code.at[0] > '5' || span_starts_folded(words, "4") ||
	    span_starts_folded(words, "55"))
		code.len = span_starts_folded(words, "5.") || span_starts_folded(words, "4.") ? code.len : 0;
	if (span_starts_folded(reason, "suppress-") || words.len == 0) {
		to = arena_take(arena, size = reason.len + words.len + 32);
		n = (size_t)snprintf(
		    to, size, "Mailgun %.*s: %.*s", (int)reason.len, reason.at, (int)words.len, words.at);
		return (struct span){ to, n };
	}
	to = arena_take(arena, size = code.len + enhanced.len + words.len + 4);
	n = (size_t)snprintf(to, size, "%.*s%s%.*s%s", (int)code.len, code.at, code.len ? " " : "", (int)enhanced.len,
	    enhanced.at, enhanced.len ? " " : "");
	memcpy(to + n, words.at, words.len);
	return (struct span){ to, n + words.len };
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	struct span event = json_find_text(arena, object, "event"),
		    address = json_find_text(arena, object, "recipient"), status, host;
	const bool complaint = span_equal(event, span_of("complained"));

	if (!(complaint || span_equal(event, span_of("failed")) || span_equal(event, span_of("rejected"))))
		return false;
	if (!mailbox_find(address, &f->recipient))
		f->recipient = address;
	f->action = span_of(complaint                                                         ? "abuse"
		: span_equal(json_find_text(arena, object, "severity"), span_of("temporary")) ? "delayed"
											      : "failed");
	status = json_find_text(arena, object, "delivery-status.enhanced-code");
	enhanced_status_take(&status, &f->status);
	if (complaint)
		failure_make_complaint(arena, span_of("abuse"), f);
	else
		f->reply = reply_of(arena, object);
	host = json_find(object, "delivery-status.mx-host");
	if (host.len > 0 && host.at[0] == '"')
		f->remote_mta = json_text(arena, host);
	f->source_ip = json_find_text(arena, object, "envelope.sending-ip");
	f->sender = json_find_text(arena, object, "envelope.sender");
	f->author = mailbox_from_field(arena, json_find_text(arena, object, "message.headers.from"));
	f->subject = json_find_text(arena, object, "message.headers.subject");
	f->message_id = json_find_text(arena, object, "message.headers.message-id");
	f->queue_id = json_find_text(arena, object, "id");
	f->date = json_find_text(arena, object, "timestamp");
	return true;
}

const struct event_format event_mailgun = { .name = "mailgun", .recognise = recognise, .take = take };
