#include "log/log_failure.h"

#include "failure/complaint.h"
#include "grammar/charset.h"

static void
take_from_line(struct arena *arena, const struct log_line *l, struct failure *f)
{
	*f = (struct failure){ .told_by = FAILURE_LOG };
	f->recipient = l->to;
	f->original_recipient = l->orig_to;
	f->sender = l->from;
	f->message_id = l->message_id;
	f->status = l->status;
	f->action = span_of(l->kind == LOG_DEFERRED ? "delayed" : l->kind == LOG_REJECT ? "" : "failed");
	f->reply = charset_to_utf8(arena, l->text, (struct span){ "", 0 });
	if (l->kind == LOG_COMPLAINT)
		failure_make_complaint(arena, f->reply, f);
	f->command = l->command;
	f->refused_here = l->kind == LOG_REJECT;
	f->remote_mta = l->relay_host;
	f->remote_ip = l->relay_ip;
	f->source_ip = l->source_ip;
	f->reporting_mta = l->host;
	f->queue_id = l->queue_id;
	f->date = l->date;
}

bool
log_failure_read(struct arena *arena, const struct log_told *told, struct span line, struct failure *f)
{
	struct log_line l;

	if (!told->format->parse(arena, line, told->heading, &l))
		return false;
	take_from_line(arena, &l, f);
	f->format = span_of(told->format->name);
	if (f->recipient.len == 0)
		f->recipient = told->recipient;
	if (told->sender_known)
		f->sender = told->sender;
	f->null_sender = f->sender.len == 0 && (told->sender_known || l.null_sender);
	if (told->message_id.len > 0)
		f->message_id = told->message_id;
	if (told->queue_id.len > 0 && f->queue_id.len > 0)
		f->queue_id = told->queue_id;
	f->milter = told->milter;
	f->outcome = told->outcome;
	return true;
}
