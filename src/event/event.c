#include "event/event.h"

#include "event/event_brevo.h"
#include "event/event_mailgun.h"
#include "event/event_mailjet.h"
#include "event/event_mandrill.h"
#include "event/event_postmark.h"
#include "event/event_resend.h"
#include "event/event_sendgrid.h"
#include "event/event_ses.h"
#include "event/event_sparkpost.h"
#include "grammar/json.h"

const struct event_format *const event_formats[EVENT_FORMATS_MAX] = { &event_ses, &event_brevo, &event_mailjet,
	&event_mandrill, &event_sparkpost, &event_resend, &event_sendgrid, &event_mailgun, &event_postmark };

struct walk {
	struct arena *arena;
	void (*tell)(void *context, const struct failure *f);
	void *context;
	size_t n_events;
};

static const struct event_format *
format_of(struct span object)
{
	for (size_t i = 0; event_formats[i] != NULL; i++)
		if (event_formats[i]->recognise(object))
			return event_formats[i];
	return NULL;
}

bool
event_looks_like(struct span s)
{
	static const char *const marks[] = { "\"notificationType\"", "\"eventType\"", "\"bouncedRecipients\"",
		"\"sg_event_id\"", "\"sg_message_id\"", "\"delivery-status\"", "\"event-data\"", "\"RecordType\"",
		"\"BouncedAt\"", "\"msys\"", "\"rcpt_to\"", "\"email.", "\"smtp-id\"", "\"event\"",
		"\\\"notificationType\\\"", "\\\"eventType\\\"" };

	s = span_trim(s);
	if (s.len < 2 || (s.at[0] != '{' && s.at[0] != '['))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (memmem(s.at, s.len, marks[i], strlen(marks[i])) != NULL)
			return true;
	return false;
}

static void
tell_failure(struct walk *w, const struct failure *f)
{
	if (f->recipient.len > 0 || f->reply.len > 0)
		w->tell(w->context, f);
}

static void
take_event(struct walk *w, const struct event_format *format, struct span object)
{
	struct failure common = { .told_by = FAILURE_EVENT, .format = span_of(format->name) };
	struct span rest, one;

	w->n_events++;
	if (!format->take(w->arena, object, &common))
		return;
	if (format->recipients == NULL) {
		tell_failure(w, &common);
		return;
	}
	rest = format->recipients(object);
	if (!json_is_array(rest))
		return;
	while (json_take_element(&rest, &one)) {
		struct failure f = common;

		format->add_recipient(w->arena, one, &f);
		tell_failure(w, &f);
	}
}

static void walk(struct walk *w, struct span value, unsigned depth);

/* SNS and SQS carry the event as a string: {"Message": "{…}"} */
static void
walk_text(struct walk *w, struct span value, unsigned depth)
{
	struct span text = json_text(w->arena, value), inner;

	if (text.len > 2 && text.at[0] == '{' && json_take_value(&text, &inner))
		walk(w, inner, depth);
}

static void
walk(struct walk *w, struct span value, unsigned depth)
{
	struct span rest = value, name, inner;
	const struct event_format *format = json_is_object(value) ? format_of(value) : NULL;

	if (depth == EVENT_DEPTH_MAX)
		return;
	if (format != NULL) {
		take_event(w, format, value);
		return;
	}
	while (json_is_array(value) && json_take_element(&rest, &inner))
		walk(w, inner, depth + 1);
	while (json_is_object(value) && json_take_member(&rest, &name, &inner))
		if (json_is_object(inner) || json_is_array(inner))
			walk(w, inner, depth + 1);
		else if (inner.len > 4 && inner.at[0] == '"' && inner.at[1] == '{')
			walk_text(w, inner, depth + 1);
}

size_t
event_read(struct arena *arena, struct span text, void (*tell)(void *context, const struct failure *f), void *context,
    size_t *unsound)
{
	struct walk w = { arena, tell, context, 0 };
	struct span rest = text, value;

	if (rest.len >= 3 && memcmp(rest.at, "\xef\xbb\xbf", 3) == 0)
		rest = span_skip(rest, 3);
	while (json_take_value(&rest, &value))
		walk(&w, value, 0);
	*unsound = text.len - rest.len;
	return w.n_events;
}
