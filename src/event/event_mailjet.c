/*
 * {"event":"bounce","time":1795392000,"MessageID":1,"email":"taro@example.jp","mj_campaign_id":0,"hard_bounce":true,
 *  "blocked":false,"error_related_to":"recipient","error":"user unknown","comment":"550 5.1.1 …"}
 */
#include "event/event_mailjet.h"

#include "event/event_member.h"

static const struct event_kind kinds[] = { { "bounce", "failed", false }, { "blocked", "failed", false },
	{ "spam", "abuse", true }, { "unsub", "opt-out", true } };

static bool
recognise(struct span object)
{
	return json_find(object, "event").len > 2 && json_find(object, "email").len > 2 &&
	    (json_find(object, "mj_campaign_id").len > 0 || json_find(object, "error_related_to").len > 0 ||
		json_find(object, "Message_GUID").len > 0);
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	const struct event_kind *kind = event_kind_of(
	    kinds, sizeof(kinds) / sizeof(kinds[0]), json_find_text(arena, object, "event"));
	struct span error = json_find_text(arena, object, "error");

	if (kind == NULL)
		return false;
	event_fill(arena, kind, event_address(arena, object, "email"),
	    event_reply(arena, "Mailjet", error, json_find_text(arena, object, "comment")), f);
	if (span_equal(json_find(object, "hard_bounce"), span_of("false")) &&
	    span_equal(f->action, span_of("failed")) && span_equal(json_find(object, "blocked"), span_of("false")))
		f->action = span_of("delayed");
	f->queue_id = json_find_text(arena, object, "MessageID");
	f->date = json_find_text(arena, object, "time");
	return true;
}

const struct event_format event_mailjet = { .name = "mailjet", .recognise = recognise, .take = take };
