/*
 * {"RecordType":"Bounce","Type":"HardBounce","TypeCode":1,"Email":"taro@example.jp",
 *  "From":"a@example.com","Details":"smtp;550 5.1.1 no such user","Description":"…",
 *  "BouncedAt":"2026-11-23T10:00:00Z","MessageID":"…","Subject":"…"}
 */
#include "event/event_postmark.h"

#include <stdio.h>

#include "grammar/json.h"
#include "message/mailbox.h"
#include "failure/complaint.h"

static bool
recognise(struct span object)
{
	return json_find(object, "Email").len > 2 && json_find(object, "Type").len > 2 &&
	    (json_find(object, "BouncedAt").len > 0 || json_find(object, "RecordType").len > 0);
}

static bool
is_one_of(struct span type, const char *const *types)
{
	for (; *types != NULL; types++)
		if (span_equal(type, span_of(*types)))
			return true;
	return false;
}

/* Its own word for the cause stands first: "Postmark SpamNotification: smtp;550 …" */
static struct span
reply_of(struct arena *arena, struct span object, struct span type)
{
	struct span details = json_find_text(arena, object, "Details"), reply;
	size_t size;
	char *to;

	if (span_starts_folded(details, "smtp;"))
		details = span_trim(span_skip(details, 5));
	if (details.len == 0 || span_equal_folded(details, span_of("action failed")))
		details = json_find_text(arena, object, "Description");
	if (details.len > 0 && details.at[0] >= '4' && details.at[0] <= '5')
		return details;
	to = arena_take(arena, size = type.len + details.len + 16);
	reply = (struct span){ to, (size_t)snprintf(to, size, "Postmark %.*s: ", (int)type.len, type.at) };
	memcpy(to + reply.len, details.at, details.len);
	reply.len += details.len;
	return reply;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	static const char *const no_failures[] = { "Subscribe", "AutoResponder", "AddressChange",
		"ChallengeVerification", "OpenRelayTest", "Unconfirmed", NULL };
	static const char *const delayed[] = { "Transient", "DnsError", NULL };
	struct span type = json_find_text(arena, object, "Type"), address = json_find_text(arena, object, "Email"),
		    from;
	const bool complaint = span_equal(type, span_of("SpamComplaint")),
		   leaves = span_equal(type, span_of("Unsubscribe"));

	if (is_one_of(type, no_failures))
		return false;
	if (!mailbox_find(address, &f->recipient))
		f->recipient = address;
	f->action = span_of(complaint ? "abuse" : is_one_of(type, delayed) ? "delayed" : "failed");
	if (complaint || leaves)
		failure_make_complaint(arena, span_of(complaint ? "abuse" : "opt-out"), f);
	else
		f->reply = reply_of(arena, object, type);
	from = json_find_text(arena, object, "From");
	f->author = mailbox_from_field(arena, from);
	f->subject = json_find_text(arena, object, "Subject");
	f->queue_id = json_find_text(arena, object, "MessageID");
	f->date = json_find_text(arena, object, "BouncedAt");
	return true;
}

const struct event_format event_postmark = { .name = "postmark", .recognise = recognise, .take = take };
