/*
 * [{"event":"hard_bounce","msg":{"email":"taro@example.jp","sender":"a@example.com","subject":"…",
 *  "state":"bounced","bounce_description":"bad_mailbox","bgtools_code":10,"diag":"smtp;550 5.1.1 …","_id":"…"},"ts":1}]
 */
#include "event/event_mandrill.h"

#include "event/event_member.h"

static const struct event_kind kinds[] = { { "hard_bounce", "failed", false }, { "soft_bounce", "delayed", false },
	{ "deferral", "delayed", false }, { "reject", "failed", false }, { "spam", "abuse", true },
	{ "unsub", "opt-out", true } };

/* To the call that sends: {"email":"…","status":"rejected","reject_reason":"hard-bounce"} */
static bool
is_answer(struct span object)
{
	return json_find(object, "reject_reason").len > 2 && json_find(object, "email").len > 2;
}

static bool
recognise(struct span object)
{
	return (json_find(object, "event").len > 2 && json_find(object, "msg.email").len > 2) || is_answer(object);
}

/* The last attempt of a deferral stands in a list of its own. */
static struct span
diagnosis(struct arena *arena, struct span msg)
{
	struct span diag = json_find_text(arena, msg, "diag"), events = json_find(msg, "smtp_events"), one;

	while (diag.len == 0 && json_is_array(events) && json_take_element(&events, &one))
		diag = json_find_text(arena, one, "diag");
	return diag;
}

static bool
take_answer(struct arena *arena, struct span object, struct failure *f)
{
	const struct span status = json_find_text(arena, object, "status"),
			  word = json_find_text(arena, object, "reject_reason");

	if (!span_equal(status, span_of("rejected")) && !span_equal(status, span_of("invalid")))
		return false;
	event_fill(arena, &(const struct event_kind){ "rejected", "failed", false },
	    event_address(arena, object, "email"), event_reply(arena, "Mandrill", word, (struct span){ "", 0 }), f);
	f->queue_id = json_find_text(arena, object, "_id");
	return true;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	const struct event_kind *kind = event_kind_of(
	    kinds, sizeof(kinds) / sizeof(kinds[0]), json_find_text(arena, object, "event"));
	struct span msg = json_find(object, "msg"), word = json_find_text(arena, msg, "bounce_description");

	if (is_answer(object))
		return take_answer(arena, object, f);
	if (kind == NULL)
		return false;
	if (word.len == 0)
		word = json_find_text(arena, msg, "reject.reason");
	if (word.len == 0)
		word = json_find_text(arena, msg, "reject");
	event_fill(arena, kind, event_address(arena, msg, "email"),
	    event_reply(arena, "Mandrill", word, diagnosis(arena, msg)), f);
	f->author = event_address(arena, msg, "sender");
	f->subject = json_find_text(arena, msg, "subject");
	f->queue_id = json_find_text(arena, msg, "_id");
	f->date = json_find_text(arena, object, "ts");
	return true;
}

const struct event_format event_mandrill = { .name = "mandrill", .recognise = recognise, .take = take };
