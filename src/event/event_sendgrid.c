/*
 * {"email":"taro@example.jp","event":"bounce","type":"bounce","reason":"550 5.1.1 no such user",
 *  "status":"5.1.1","timestamp":1795392000,"smtp-id":"<…>","sg_event_id":"…","sg_message_id":"…"}
 */
#include "event/event_sendgrid.h"

#include <stdio.h>

#include "grammar/json.h"
#include "message/mailbox.h"
#include "failure/complaint.h"

static bool
recognise(struct span object)
{
	struct span event = json_find(object, "event");

	return event.len > 2 && event.at[0] == '"' && json_find(object, "email").len > 0 &&
	    json_find(object, "delivery-status").len == 0;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	struct span event = json_find_text(arena, object, "event"), address = json_find_text(arena, object, "email"),
		    status;
	const bool complaint = span_equal(event, span_of("spamreport"));
	const bool deferred = span_equal(event, span_of("deferred"));
	const bool dropped = span_equal(event, span_of("dropped"));

	if (!(complaint || deferred || dropped || span_equal(event, span_of("bounce")) ||
		span_equal(event, span_of("blocked"))))
		return false;
	if (!mailbox_find(address, &f->recipient))
		f->recipient = address;
	f->action = span_of(complaint ? "abuse" : deferred ? "delayed" : "failed");
	f->reply = json_find_text(arena, object, deferred ? "response" : "reason");
	if (f->reply.len == 0)
		f->reply = json_find_text(arena, object, "reason");
	status = json_find_text(arena, object, "status");
	enhanced_status_take(&status, &f->status);
	f->queue_id = json_find_text(arena, object, "sg_message_id");
	f->message_id = json_find_text(arena, object, "smtp-id");
	if (f->message_id.len > 2 && f->message_id.at[0] == '<')
		f->message_id = (struct span){ f->message_id.at + 1, f->message_id.len - 2 };
	f->source_ip = json_find_text(arena, object, "ip");
	f->date = json_find_text(arena, object, "timestamp");
	if (complaint) {
		failure_make_complaint(arena, span_of("abuse"), f);
	} else if (dropped && f->reply.len > 0) {
		char *to = arena_take(arena, f->reply.len + 32);

		f->reply = (struct span){ to,
			(size_t)snprintf(
			    to, f->reply.len + 32, "SendGrid dropped: %.*s", (int)f->reply.len, f->reply.at) };
	}
	return true;
}

const struct event_format event_sendgrid = { .name = "sendgrid", .recognise = recognise, .take = take };
