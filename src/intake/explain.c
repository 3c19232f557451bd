#include "intake/explain.h"

#include "bounce/bounce.h"
#include "bounce/original.h"
#include "grammar/charset.h"
#include "grammar/unquote.h"
#include "intake/document.h"
#include "failure/pasted.h"
#include "catalog/load.h"
#include "event/event.h"
#include "message/mailbox.h"
#include "message/message.h"

/* What one work is explained with. */
struct explaining {
	const struct explainer *e;
	struct arena *arena; /* of the work */
	struct arena *of_verdict; /* of one verdict: a work may have a hundred thousand */
	struct batch *batch;
	const struct work *work;
	size_t n_told;
};

static void
tell_verdict(struct explaining *x, const struct verdict *v)
{
	x->n_told++;
	if (v->cause != NULL)
		x->batch->n_explained++;
	else
		x->batch->n_undetermined++;
	x->e->tell(x->e->context, x->batch, x->work, v);
}

static void
judge(struct explaining *x, const struct failure *f)
{
	struct verdict v;

	arena_reset(x->of_verdict);
	verdict_reach(x->of_verdict, x->e->catalog, f, x->e->want_marks, &v);
	tell_verdict(x, &v);
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
judge_nothing(struct explaining *x, enum outcome outcome)
{
	if (x->n_told > 0)
		return;
	x->batch->n_nothing++;
	x->e->tell_nothing(x->e->context, x->batch, x->work, outcome);
}

static void
judge_bounce(struct explaining *x, struct bounce *b)
{
	struct failure f;

	while (bounce_take_failure(b, &f))
		judge(x, &f);
}

static enum outcome
outcome_of(const struct bounce *b)
{
	if (b->kind == BOUNCE_AUTO_REPLY)
		return OUTCOME_AUTOMATIC_REPLY;
	if (b->n_delivered > 0)
		return OUTCOME_DELIVERED;
	return b->kind == BOUNCE_NOT_A_BOUNCE ? OUTCOME_NOT_A_BOUNCE : OUTCOME_NO_FAILED_RECIPIENT;
}

static enum outcome
judge_message(struct explaining *x, struct span bytes)
{
	struct message m;
	struct bounce b;

	message_parse(x->arena, bytes, &m);
	bounce_open(x->arena, x->e->catalog->notices, &m, &b);
	judge_bounce(x, &b);
	if (b.kind == BOUNCE_NOT_A_BOUNCE)
		explain_mailed_events(x, &m);
	return outcome_of(&b);
}

static void
explain_message(struct explaining *x)
{
	judge_nothing(x, judge_message(x, x->work->bytes));
}

/* Words that no rule knows, and no code with them: no reply. */
static void
judge_pasted(void *context, const struct failure *f)
{
	struct explaining *x = context;
	struct verdict v;

	arena_reset(x->of_verdict);
	verdict_reach(x->of_verdict, x->e->catalog, f, x->e->want_marks, &v);
	if (v.cause != NULL || v.code != 0 || v.status.class != 0)
		tell_verdict(x, &v);
}

/* A message behind prose, quoted or escaped. */
static enum outcome
judge_pasted_message(struct explaining *x, struct span text)
{
	size_t indent, at = document_find_message(text, &indent);
	struct span message = span_skip(text, at);
	enum outcome outcome;

	if (message.len == 0)
		return OUTCOME_NOT_A_BOUNCE;
	if (indent > 0)
		message = unindent(x->arena, message, indent);
	outcome = judge_message(x, message);
	return pasted_holds_reply(span_first(text, at)) ? OUTCOME_NOT_A_BOUNCE : outcome;
}

/* A notice out of its message, as a mail reader shows it. */
static void
judge_pasted_notice(struct explaining *x, struct span text)
{
	struct bounce b;

	if (bounce_open_text(x->arena, x->e->catalog->notices, text, &b))
		judge_bounce(x, &b);
}

static void
explain_text(struct explaining *x)
{
	const struct span bytes = x->work->bytes;
	const bool wide = span_starts(bytes, "\xff\xfe") || span_starts(bytes, "\xfe\xff");
	const struct span text = unquote(x->arena, charset_to_utf8(x->arena, bytes, span_of(wide ? "utf-16" : "")));
	const enum outcome outcome = judge_pasted_message(x, text);

	if (outcome != OUTCOME_NOT_A_BOUNCE) {
		judge_nothing(x, outcome);
		return;
	}
	if (x->n_told == 0)
		judge_pasted_notice(x, text);
	if (x->n_told == 0)
		pasted_read(x->arena, original_without_verdicts(x->arena, text), judge_pasted, x);
	judge_nothing(x, OUTCOME_NOT_A_REPLY);
}

static void
explain_report(struct explaining *x)
{
	struct bounce b;

	bounce_open_report(x->arena, x->e->catalog->notices, x->work->bytes, &b);
	judge_bounce(x, &b);
	judge_nothing(x, outcome_of(&b));
}

static void
explain_log_line(struct explaining *x)
{
	struct failure f;

	if (log_failure_read(x->arena, &x->work->log, x->work->bytes, &f))
		judge(x, &f);
}

static void
explain_events(struct explaining *x)
{
	size_t unsound, n = event_read(x->arena, x->work->bytes, judge_event, x, &unsound);

	if (n == 0) /* of no service known here: what it quotes is read */
		pasted_read(x->arena, x->work->bytes, judge_pasted, x);
	judge_nothing(x, n > 0 ? OUTCOME_DELIVERED : OUTCOME_NOT_AN_EVENT);
}

static void
explain_foreign(struct explaining *x)
{
	judge_nothing(x, x->work->foreign);
}

void
explain_batch(const struct explainer *e, struct arena *arena, struct batch *batch)
{
	static void (*const ways[])(struct explaining *) = { [WORK_MESSAGE] = explain_message,
		[WORK_TEXT] = explain_text,
		[WORK_REPORT] = explain_report,
		[WORK_LOG_LINE] = explain_log_line,
		[WORK_EVENTS] = explain_events,
		[WORK_FOREIGN] = explain_foreign };

	struct arena of_verdict = { 0 };

	for (size_t i = 0; i < batch->n; i++) {
		struct explaining x = { e, arena, &of_verdict, batch, &batch->works[i], 0 };

		arena_reset(arena);
		ways[x.work->kind](&x);
	}
	arena_deinit(&of_verdict);
}
