/*
 * {"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General",
 *  "bouncedRecipients":[{"emailAddress":"taro@example.jp","action":"failed","status":"5.1.1",
 *  "diagnosticCode":"smtp; 550 5.1.1 no such user"}],"timestamp":"…","reportingMTA":"dns; …"},
 *  "mail":{"source":"a@example.com","messageId":"…","destination":["taro@example.jp"]}}
 *
 * Event publishing says "eventType" for "notificationType".
 */
#include "event/event_ses.h"

#include <stdio.h>

#include "grammar/json.h"
#include "message/mailbox.h"
#include "failure/complaint.h"

/* Which member holds the kind's details, and which of it the recipients. */
static const struct kind {
	const char *type, *details, *recipients, *action;
} kinds[] = { { "Bounce", "bounce", "bouncedRecipients", "failed" },
	{ "Complaint", "complaint", "complainedRecipients", "abuse" },
	{ "DeliveryDelay", "deliveryDelay", "delayedRecipients", "delayed" }, { "Reject", "reject", NULL, "failed" },
	{ "Rendering Failure", "failure", NULL, "failed" } };

static struct span
type_of(struct span object)
{
	struct span type = json_find(object, "notificationType");

	if (type.len == 0)
		type = json_find(object, "eventType");
	return type.len > 2 && type.at[0] == '"' ? (struct span){ type.at + 1, type.len - 2 } : (struct span){ "", 0 };
}

static bool
recognise(struct span object)
{
	return type_of(object).len > 0 && json_is_object(json_find(object, "mail"));
}

/* "dns; mx.example.jp", "dsn; mx.example.jp": the name alone. RFC 3464 section 2.2.2 */
static struct span
without_type(struct span s)
{
	size_t n = span_index(s, ';');

	return span_trim(span_skip(s, n < s.len ? n + 1 : 0));
}

/* With no diagnostic code there are two words on it: "bounceType: Permanent, bounceSubType: NoEmail". */
static struct span
classes_of(struct arena *arena, struct span details, const struct kind *k)
{
	static const char *const names[] = { "bounceType", "bounceSubType", "delayType", "complaintFeedbackType",
		"complaintSubType", "reason", "errorMessage" };
	struct span values[sizeof(names) / sizeof(names[0])];
	size_t size = strlen(k->type) + 8, n;
	char *to;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		values[i] = json_find_text(arena, details, names[i]);
		size += strlen(names[i]) + values[i].len + 4;
	}
	to = arena_take(arena, size);
	n = (size_t)snprintf(to, size, "SES %s", k->type);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (values[i].len > 0)
			n += (size_t)snprintf(
			    to + n, size - n, ", %s: %.*s", names[i], (int)values[i].len, values[i].at);
	return (struct span){ to, n };
}

static void
read_mail(struct arena *arena, struct span object, struct failure *f)
{
	struct span mail = json_find(object, "mail"), from = json_find_text(arena, mail, "source"), first,
		    authors = json_find(mail, "commonHeaders.from");

	if (!mailbox_find(from, &f->sender))
		f->sender = from;
	if (json_is_array(authors) && json_take_element(&authors, &first))
		f->author = mailbox_from_field(arena, json_text(arena, first));
	f->subject = json_find_text(arena, mail, "commonHeaders.subject");
	f->message_id = json_find_text(arena, mail, "commonHeaders.messageId");
	if (f->message_id.len > 2 && f->message_id.at[0] == '<')
		f->message_id = (struct span){ f->message_id.at + 1, f->message_id.len - 2 };
	f->queue_id = json_find_text(arena, mail, "messageId");
}

static const struct kind *
kind_of(struct span object)
{
	const struct span type = type_of(object);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal(type, span_of(kinds[i].type)))
			return &kinds[i];
	return NULL;
}

static bool
take(struct arena *arena, struct span object, struct failure *f)
{
	const struct kind *k = kind_of(object);
	struct span details, type;

	if (k == NULL)
		return false;
	details = json_find(object, k->details);
	if (span_equal(json_find(details, "complaintFeedbackType"), span_of("\"not-spam\"")))
		return false; /* the contrary of a complaint */
	read_mail(arena, object, f);
	f->action = span_of(k->action);
	f->reply = classes_of(arena, details, k);
	f->date = json_find_text(arena, details, "timestamp");
	f->reporting_mta = without_type(json_find_text(arena, details, "reportingMTA"));
	f->remote_ip = json_find_text(arena, details, "remoteMtaIp");
	if (strcmp(k->type, "Complaint") == 0) {
		type = json_find_text(arena, details, "complaintFeedbackType");
		failure_make_complaint(arena, type.len > 0 ? type : span_of(k->action), f);
	}
	return true;
}

static struct span
recipients(struct span object)
{
	const struct kind *k = kind_of(object);

	return k->recipients ? json_find(json_find(object, k->details), k->recipients)
			     : json_find(object, "mail.destination");
}

static void
add_recipient(struct arena *arena, struct span one, struct failure *f)
{
	const struct span address = json_is_object(one) ? json_find_text(arena, one, "emailAddress")
							: json_text(arena, one);
	const struct span action = json_find_text(arena, one, "action");
	struct span status = json_find_text(arena, one, "status"), code = json_find_text(arena, one, "diagnosticCode");

	if (!mailbox_find(address, &f->recipient))
		f->recipient = address;
	enhanced_status_take(&status, &f->status);
	if (f->told_by == FAILURE_COMPLAINT)
		return;
	if (action.len > 0)
		f->action = action;
	if (span_starts_folded(code, "smtp;"))
		code = span_trim(span_skip(code, 5));
	if (code.len > 0)
		f->reply = code;
}

const struct event_format event_ses = {
	.name = "ses", .recognise = recognise, .take = take, .recipients = recipients, .add_recipient = add_recipient
};
