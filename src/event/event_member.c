#include "event/event_member.h"

#include <stdio.h>

#include "failure/complaint.h"
#include "message/mailbox.h"

const struct event_kind *
event_kind_of(const struct event_kind *kinds, size_t n, struct span word)
{
	for (size_t i = 0; i < n; i++)
		if (span_equal(word, span_of(kinds[i].word)))
			return &kinds[i];
	return NULL;
}

struct span
event_address(struct arena *arena, struct span object, const char *path)
{
	struct span value = json_find(object, path), first, text, address;

	if (json_is_array(value) && json_take_element(&value, &first))
		value = first;
	text = json_text(arena, value);
	return mailbox_find(text, &address) ? address : text;
}

struct span
event_reply(struct arena *arena, const char *service, struct span word, struct span reply)
{
	const size_t size = strlen(service) + word.len + reply.len + 8;
	char *to;
	int n;

	if (span_starts_folded(reply, "smtp;"))
		reply = span_trim(span_skip(reply, 5));
	if (reply.len > 3 && reply.at[0] >= '4' && reply.at[0] <= '5' && ascii_is_digit(reply.at[1]))
		return reply;
	to = arena_take(arena, size);
	n = snprintf(to, size, "%s %.*s%s%.*s", service, (int)word.len, word.at ? word.at : "",
	    reply.len > 0 ? ": " : "", (int)reply.len, reply.at ? reply.at : "");
	return (struct span){ to, (size_t)n };
}

void
event_fill(
    struct arena *arena, const struct event_kind *kind, struct span recipient, struct span reply, struct failure *f)
{
	f->recipient = recipient;
	f->action = span_of(kind->action);
	if (kind->complaint)
		failure_make_complaint(arena, span_of(kind->action), f);
	else
		f->reply = reply;
}

struct span
event_message_id(struct span id)
{
	if (id.len > 2 && id.at[0] == '<' && id.at[id.len - 1] == '>')
		return (struct span){ id.at + 1, id.len - 2 };
	return id;
}
