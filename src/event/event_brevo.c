/*
 * {"event":"hard_bounce","email":"taro@example.jp","id":1,"date":"2026-11-23 10:00:00","ts":1795392000,
 *  "message-id":"<x@example.com>","ts_event":1795392000,"subject":"…","tag":"…","reason":"550 5.1.1 …"}
 */
#include "event/event_brevo.h"

#include "event/event_member.h"

static const struct event_kind kinds[] = { { "hard_bounce", "failed", false }, { "soft_bounce", "delayed", false },
	{ "deferred", "delayed", false }, { "blocked", "failed", false }, { "invalid_email", "failed", false },
	{ "error", "failed", false }, { "spam", "abuse", true }, { "unsubscribed", "opt-out", true } };

static bool
recognise(struct span object)
{
	return json_find(object, "event").len > 2 && json_find(object, "email").len > 2 &&
	    json_find(object, "message-id").len > 0 && json_find(object, "sg_event_id").len == 0;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	const struct span event = json_find_text(arena, object, "event");
	const struct event_kind *kind = event_kind_of(kinds, sizeof(kinds) / sizeof(kinds[0]), event);

	if (kind == NULL)
		return false;
	event_fill(arena, kind, event_address(arena, object, "email"),
	    event_reply(arena, "Brevo", event, json_find_text(arena, object, "reason")), f);
	f->message_id = event_message_id(json_find_text(arena, object, "message-id"));
	f->subject = json_find_text(arena, object, "subject");
	f->source_ip = json_find_text(arena, object, "sending_ip");
	f->date = json_find_text(arena, object, "date");
	return true;
}

const struct event_format event_brevo = { .name = "brevo", .recognise = recognise, .take = take };
