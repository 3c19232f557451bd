#include "cmd/explain.h"

#include "wire/bounce.h"
#include "wire/charset.h"
#include "wire/diagnostic_code.h"
#include "wire/dsn.h"
#include "wire/event.h"
#include "wire/mailbox.h"
#include "wire/message.h"

/* What one work is explained with. */
struct explaining {
	const struct explainer *e;
	struct arena *arena;
	struct batch *batch;
	const struct work *work;
	size_t n_told;
};

static void
judge(struct explaining *x, const struct failure *f)
{
	struct verdict v;

	verdict_reach(x->arena, x->e->catalog, f, x->e->want_marks, &v);
	x->n_told++;
	if (v.cause != NULL)
		x->batch->n_explained++;
	else
		x->batch->n_undetermined++;
	x->e->tell(x->e->context, x->batch, x->work, &v);
}

static void
judge_event(void *context, const struct failure *f)
{
	judge(context, f);
}

/* Amazon SNS sends its events by mail, too: JSON, and words about leaving the list behind it. */
static void
explain_mailed_events(struct explaining *x, const struct message *m)
{
	const struct mime_part *text = message_find_part(m, MIME_TEXT_PLAIN);
	struct span json = text ? span_trim(mime_text(x->arena, text)) : (struct span){ "", 0 };
	size_t unsound;

	if (event_looks_like(json))
		event_read(x->arena, json, judge_event, x, &unsound);
}

static void
explain_message(struct explaining *x)
{
	struct message m;
	struct bounce b;
	struct failure f;

	message_parse(x->arena, x->work->bytes, &m);
	bounce_open(x->arena, &m, &b);
	while (bounce_take_failure(&b, &f))
		judge(x, &f);
	if (b.kind == BOUNCE_NOT_A_BOUNCE)
		explain_mailed_events(x, &m);
	if (x->n_told > 0)
		return;
	x->batch->n_nothing++;
	x->e->tell_nothing(x->e->context, x->batch, x->work,
	    b.kind == BOUNCE_AUTO_REPLY         ? "automatic-reply"
		: b.n_delivered > 0             ? "delivered"
		: b.kind == BOUNCE_NOT_A_BOUNCE ? "not-a-bounce"
						: "no-failed-recipient");
}

/* The address a quoted reply is about: "RCPT TO:<a@b>", "to=<a@b>", "<a@b>: …". */
static struct span
recipient_of_reply(struct span reply)
{
	static const char *const before[] = { "RCPT TO:", "to=", "orig_to=" };
	struct span addr = { "", 0 }, start = span_trim(reply);

	if (start.len > 0 && start.at[0] == '<' && mailbox_find(span_first(start, 400), &addr))
		return addr;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *at = memmem(reply.at, reply.len, before[i], strlen(before[i]));

		if (at == NULL)
			continue;
		at += strlen(before[i]);
		if (mailbox_find(span_first((struct span){ at, (size_t)(reply.at + reply.len - at) }, 400), &addr))
			return addr;
	}
	return (struct span){ "", 0 };
}

static void
explain_reply(struct explaining *x, struct span reply)
{
	struct failure f = { .told_by = FAILURE_REPLY, .reply = reply };

	f.recipient = recipient_of_reply(reply);
	f.at = (size_t)(reply.at - x->work->bytes.at);
	judge(x, &f);
}

static void
explain_text(struct explaining *x)
{
	struct span text = charset_to_utf8(x->arena, x->work->bytes, (struct span){ "", 0 });
	struct span reply;

	while (diagnostic_code_take_reply(&text, &reply))
		explain_reply(x, reply);
}

/* Per-recipient fields pasted without their message. RFC 3464 section 2.3 */
static void
explain_report(struct explaining *x)
{
	struct span recipients;
	struct dsn dsn;
	struct dsn_recipient r;

	dsn_parse(x->work->bytes, &dsn, &recipients);
	while (dsn_take_recipient(&recipients, &r)) {
		struct failure f = { .told_by = FAILURE_REPORT };

		f.recipient = mailbox_from_dsn(
		    x->arena, r.final_recipient.len ? r.final_recipient : r.original_recipient);
		f.action = r.action;
		f.status = r.status;
		f.reply = charset_to_utf8(x->arena, r.diagnostic_code, (struct span){ "", 0 });
		f.remote_mta = r.remote_mta;
		f.reporting_mta = dsn.reporting_mta;
		judge(x, &f);
	}
}

static void
explain_log_line(struct explaining *x)
{
	const struct work *w = x->work;
	struct log_line l;
	struct failure f = { .told_by = FAILURE_LOG };

	if (!w->format->parse(x->arena, w->bytes, w->heading, &l))
		return;
	f.format = span_of(w->format->name);
	f.recipient = l.to.len > 0 ? l.to : w->recipient;
	f.original_recipient = l.orig_to;
	f.sender = w->sender_known ? w->sender : l.from;
	f.null_sender = f.sender.len == 0 && (w->sender_known || l.null_sender);
	f.message_id = w->message_id.len > 0 ? w->message_id : l.message_id;
	f.status = l.status;
	f.action = span_of(l.kind == LOG_DEFERRED ? "delayed" : "failed");
	f.reply = charset_to_utf8(x->arena, l.text, (struct span){ "", 0 });
	if (l.kind == LOG_COMPLAINT)
		event_make_complaint(x->arena, f.reply, &f);
	f.command = l.command;
	f.remote_mta = l.relay_host;
	f.remote_ip = l.relay_ip;
	f.source_ip = l.source_ip;
	f.reporting_mta = l.host;
	f.queue_id = w->queue_id.len > 0 && l.queue_id.len > 0 ? w->queue_id : l.queue_id;
	f.date = l.date;
	f.milter = w->milter;
	f.later = w->later;
	judge(x, &f);
}

static void
explain_events(struct explaining *x)
{
	size_t unsound, n = event_read(x->arena, x->work->bytes, judge_event, x, &unsound);

	if (x->n_told > 0)
		return;
	x->batch->n_nothing++;
	x->e->tell_nothing(x->e->context, x->batch, x->work, n > 0 ? "delivered" : "not-an-event");
}

void
explain_batch(const struct explainer *e, struct arena *arena, struct batch *batch)
{
	static void (*const ways[])(struct explaining *) = { [WORK_MESSAGE] = explain_message,
		[WORK_TEXT] = explain_text,
		[WORK_REPORT] = explain_report,
		[WORK_LOG_LINE] = explain_log_line,
		[WORK_EVENTS] = explain_events };

	for (size_t i = 0; i < batch->n; i++) {
		struct explaining x = { e, arena, batch, &batch->works[i], 0 };

		arena_reset(arena);
		ways[x.work->kind](&x);
	}
}
