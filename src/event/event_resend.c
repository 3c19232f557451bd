/*
 * {"type":"email.bounced","created_at":"…","data":{"email_id":"…","from":"Acme <a@example.com>",
 *  "to":["taro@example.jp"],"subject":"…","bounce":{"message":"…","subType":"Suppressed","type":"Permanent"}}}
 */
#include "event/event_resend.h"

#include "event/event_member.h"

static const struct event_kind kinds[] = { { "email.bounced", "failed", false },
	{ "email.delivery_delayed", "delayed", false }, { "email.failed", "failed", false },
	{ "email.suppressed", "failed", false }, { "email.complained", "abuse", true } };

static bool
recognise(struct span object)
{
	return span_starts(json_find(object, "type"), "\"email.") && json_is_object(json_find(object, "data"));
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	static const char *const words[] = { "bounce.message", "failed.reason", "suppressed.message", "delay.message" };
	const struct event_kind *kind = event_kind_of(
	    kinds, sizeof(kinds) / sizeof(kinds[0]), json_find_text(arena, object, "type"));
	struct span data = json_find(object, "data"), reply = { "", 0 },
		    sub = json_find_text(arena, data, "bounce.subType");

	if (kind == NULL)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && reply.len == 0; i++)
		reply = json_find_text(arena, data, words[i]);
	event_fill(arena, kind, event_address(arena, data, "to"), event_reply(arena, "Resend", sub, reply), f);
	f->author = event_address(arena, data, "from");
	f->subject = json_find_text(arena, data, "subject");
	f->queue_id = json_find_text(arena, data, "email_id");
	f->date = json_find_text(arena, object, "created_at");
	return true;
}

const struct event_format event_resend = { .name = "resend", .recognise = recognise, .take = take };
