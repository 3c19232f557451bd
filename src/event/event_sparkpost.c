/*
 * [{"msys":{"message_event":{"type":"bounce","bounce_class":"10","error_code":"550","raw_reason":"550 5.1.1 …",
 *  "rcpt_to":"taro@example.jp","msg_from":"a@example.com","sending_ip":"192.0.2.25","timestamp":"…"}}}]
 *
 * The Events API gives the inner object alone.
 */
#include "event/event_sparkpost.h"

#include "event/event_member.h"

static const struct event_kind kinds[] = { { "bounce", "failed", false }, { "out_of_band", "failed", false },
	{ "delay", "delayed", false }, { "policy_rejection", "failed", false },
	{ "generation_failure", "failed", false }, { "generation_rejection", "failed", false },
	{ "spam_complaint", "abuse", true }, { "list_unsubscribe", "opt-out", true },
	{ "link_unsubscribe", "opt-out", true } };

/* Out of its wrapping: "message_event", "gen_event", "unsubscribe_event". */
static struct span
inner(struct span object)
{
	struct span msys = json_find(object, "msys"), name, value;

	if (!json_is_object(msys))
		return object;
	return json_take_member(&msys, &name, &value) && json_is_object(value) ? value : object;
}

static bool
recognise(struct span object)
{
	struct span event = inner(object);

	return json_find(event, "type").len > 2 && json_find(event, "rcpt_to").len > 2;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	struct span event = inner(object), type = json_find_text(arena, event, "type"),
		    reply = json_find_text(arena, event, "raw_reason");
	const struct event_kind *kind = event_kind_of(kinds, sizeof(kinds) / sizeof(kinds[0]), type);

	if (kind == NULL)
		return false;
	if (reply.len == 0)
		reply = json_find_text(arena, event, "reason");
	event_fill(
	    arena, kind, event_address(arena, event, "rcpt_to"), event_reply(arena, "SparkPost", type, reply), f);
	f->sender = event_address(arena, event, "msg_from");
	f->author = event_address(arena, event, "friendly_from");
	f->subject = json_find_text(arena, event, "subject");
	f->source_ip = json_find_text(arena, event, "sending_ip");
	f->queue_id = json_find_text(arena, event, "message_id");
	f->date = json_find_text(arena, event, "timestamp");
	return true;
}

const struct event_format event_sparkpost = { .name = "sparkpost", .recognise = recognise, .take = take };
