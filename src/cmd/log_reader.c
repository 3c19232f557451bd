#include "cmd/log_reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "wire/log_journald.h"
#include "wire/log_qmail.h"

enum { CHAINS = 1 << 14, PARTIAL_SIZE_MAX = 64 * 1024 };

/* One that is tried again, or that came after such a one and waits for its turn. */
struct attempt {
	struct attempt *next; /* in the order of the lines */
	struct attempt *older, *newer; /* of the same chain */
	size_t chain, size;
	bool open; /* its outcome is not yet known */
	bool superseded; /* by a later word on the same recipient */
	struct work work;
	char bytes[];
};

bool
log_reader_init(struct log_reader *r)
{
	r->chains = calloc(CHAINS, sizeof(struct attempt *));
	if (r->chains != NULL && log_join_init(&r->join))
		return true;
	free(r->chains);
	return false;
}

static size_t
chain_of(struct span id)
{
	uint64_t h = 0;

	for (size_t i = 0; i < id.len; i++)
		h = (h ^ (uint8_t)id.at[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h >> 20) % CHAINS;
}

static struct span
put(char **to, struct span s)
{
	if (s.len == 0)
		return (struct span){ "", 0 };
	s.at = memcpy(*to, s.at, s.len);
	*to += s.len;
	return s;
}

/* A copy of the work with all it borrows. */
static struct attempt *
copy(const struct work *w)
{
	size_t size = w->bytes.len + w->sender.len + w->message_id.len + w->recipient.len + w->queue_id.len +
	    w->heading.len + w->milter.len;
	struct attempt *a = malloc(sizeof(*a) + size);
	char *to;

	if (a == NULL) {
		fputs("todoku: out of memory\n", stderr);
		abort();
	}
	*a = (struct attempt){ .size = sizeof(*a) + size, .work = *w };
	to = a->bytes;
	a->work.bytes = put(&to, w->bytes);
	a->work.sender = put(&to, w->sender);
	a->work.message_id = put(&to, w->message_id);
	a->work.recipient = put(&to, w->recipient);
	a->work.queue_id = put(&to, w->queue_id);
	a->work.heading = put(&to, w->heading);
	a->work.milter = put(&to, w->milter);
	return a;
}

static void
release_first(struct log_reader *r)
{
	struct attempt *a = r->first;

	if (r->chains[a->chain] == a)
		r->chains[a->chain] = a->older;
	if (a->newer != NULL)
		a->newer->older = a->older;
	if (a->older != NULL)
		a->older->newer = a->newer;
	r->first = a->next;
	if (r->first == NULL)
		r->last = NULL;
	r->n_held--;
	r->held_size -= a->size;
	if (!a->superseded)
		r->hand_on(r->context, a->work);
	free(a);
}

static void
release_ready(struct log_reader *r)
{
	while (r->first != NULL &&
	    (!r->first->open || r->n_held > ATTEMPTS_HELD_MAX || r->held_size > ATTEMPTS_HELD_SIZE_MAX))
		release_first(r);
}

static void
hold(struct log_reader *r, const struct work *w, bool open)
{
	struct attempt *a;

	if (r->first == NULL && !open) {
		r->hand_on(r->context, *w);
		return;
	}
	a = copy(w);
	a->open = open;
	a->chain = chain_of(w->queue_id);
	a->older = r->chains[a->chain];
	if (a->older != NULL)
		a->older->newer = a;
	r->chains[a->chain] = a;
	if (r->last != NULL)
		r->last->next = a;
	else
		r->first = a;
	r->last = a;
	r->n_held++;
	r->held_size += a->size;
}

/* What became of the attempts that wait, for one recipient or (empty) all of a message. */
static void
settle(struct log_reader *r, struct span id, struct span recipient, enum failure_later later, bool superseded)
{
	if (r->first == NULL)
		return;
	for (struct attempt *a = r->chains[chain_of(id)]; a != NULL; a = a->older) {
		if (!a->open || !span_equal(a->work.queue_id, id) ||
		    (recipient.len > 0 && !span_equal_folded(a->work.recipient, recipient)))
			continue;
		if (later != FAILURE_LATER_UNKNOWN)
			a->work.later = later;
		a->superseded = superseded && r->final;
		a->open = a->open && later == FAILURE_LATER_UNKNOWN && !a->superseded && recipient.len > 0;
	}
}

/* qmail tells by a number what it delivered: to whom was said when it began. */
static bool
join_assigned(struct log_reader *r, struct span *id, struct span *recipient)
{
	struct span assigned;

	return log_join_find(&r->join, LOG_JOIN_ASSIGNED, *id, &assigned) &&
	    log_qmail_split_assigned(assigned, id, recipient);
}

static void
note_sender(struct log_reader *r)
{
	struct span value;

	if (r->format->value(LOG_SENDER, r->scan.text, &value))
		log_join_note(&r->join, LOG_JOIN_SENDER, r->scan.queue_id, value);
	if (r->format->value(LOG_MESSAGE_ID, r->scan.text, &value))
		log_join_note(&r->join, LOG_JOIN_MESSAGE_ID, r->scan.queue_id, value);
}

static bool
take_recipient(const struct log_reader *r, struct span *list, struct span *recipient)
{
	if (r->format->lists)
		return log_take_recipient(list, recipient);
	*recipient = *list;
	list->len = 0;
	return recipient->len > 0;
}

/* Haraka numbers what goes out of a message: "4C1A….1.2" belongs to "4C1A….1". */
static bool
find_sender(const struct log_reader *r, struct span id, struct span *sender)
{
	if (log_join_find(&r->join, LOG_JOIN_SENDER, id, sender))
		return true;
	while (id.len > 0 && id.at[id.len - 1] != '.')
		id.len--;
	return id.len > 1 && log_join_find(&r->join, LOG_JOIN_SENDER, span_first(id, id.len - 1), sender);
}

static void
take_failure(struct log_reader *r, struct work *w, struct span list, bool deferred)
{
	const bool named = take_recipient(r, &list, &w->recipient);

	w->sender_known = find_sender(r, w->queue_id, &w->sender);
	if (!log_join_find(&r->join, LOG_JOIN_MESSAGE_ID, w->queue_id, &w->message_id))
		w->message_id.len = 0;
	if (r->milter_line > 0 && w->line - r->milter_line <= MILTER_LINES_MAX)
		w->milter = out_view(&r->milter);
	do {
		if (named)
			settle(r, w->queue_id, w->recipient, deferred ? FAILURE_LATER_UNKNOWN : FAILURE_LATER_GIVEN_UP,
			    true);
		hold(r, w, deferred && w->queue_id.len > 0);
	} while (named && take_recipient(r, &list, &w->recipient));
}

static struct work
work_of(const struct log_reader *r, struct span id, struct span text, uint64_t line, uint64_t byte)
{
	return (struct work){ .kind = WORK_LOG_LINE,
		.file = r->file,
		.line = line,
		.byte = byte,
		.bytes = text,
		.format = r->format,
		.queue_id = id,
		.heading = out_view(&r->heading) };
}

static void
take_delivery(struct log_reader *r, enum log_kind kind, struct span text, uint64_t line, uint64_t byte)
{
	struct span id = r->scan.queue_id, list = { "", 0 }, recipient;

	if (kind == LOG_DELIVERED && r->first == NULL)
		return; /* nothing waits for it */
	if (!r->format->value(kind, r->scan.text, &list) && r->format == &log_qmail)
		join_assigned(r, &id, &list);
	if (kind != LOG_DELIVERED) {
		struct work w = work_of(r, id, text, line, byte);

		take_failure(r, &w, list, kind == LOG_DEFERRED);
		return;
	}
	while (take_recipient(r, &list, &recipient))
		settle(r, id, recipient, FAILURE_LATER_DELIVERED, true);
}

/* Given up: told of all who were still waited for, or of nobody. A complaint names its own. */
static void
take_whole_message(struct log_reader *r, struct span text, uint64_t line, uint64_t byte)
{
	const struct span id = r->scan.queue_id;
	struct work w = work_of(r, id, text, line, byte);
	bool told = false;

	w.sender_known = find_sender(r, id, &w.sender);
	for (struct attempt *a = id.len > 0 && r->first != NULL ? r->chains[chain_of(id)] : NULL; a != NULL;
	     a = a->older)
		if (a->open && span_equal(a->work.queue_id, id)) {
			w.recipient = a->work.recipient;
			settle(r, id, w.recipient, FAILURE_LATER_GIVEN_UP, true);
			hold(r, &w, false);
			told = true;
		}
	if (!told)
		hold(r, &w, false);
}

static void
note_milter(struct log_reader *r, uint64_t line)
{
	out_clear(&r->milter);
	out_span(&r->milter, span_first(r->scan.text, LOG_JOIN_TEXT_MAX));
	r->milter_line = line;
}

/* The format of the last line first: a log has mostly one. */
static enum log_kind
scan(struct log_reader *r, struct span text)
{
	enum log_kind kind = r->format != NULL ? r->format->scan(text, &r->scan) : LOG_FOREIGN;

	for (size_t i = 0; kind == LOG_FOREIGN && log_formats[i] != NULL; i++) {
		struct log_scan s = { 0 };

		kind = log_formats[i]->scan(text, &s);
		if (kind == LOG_FOREIGN)
			continue;
		r->format = log_formats[i];
		r->scan = s;
	}
	return kind;
}

/* Columns may be named anew where files were joined. */
static bool
take_heading(struct log_reader *r, struct span text)
{
	for (size_t i = 0; log_formats[i] != NULL; i++)
		if (log_formats[i]->is_heading != NULL && log_formats[i]->is_heading(text)) {
			out_clear(&r->heading);
			out_span(&r->heading, text);
			return true;
		}
	return false;
}

void
log_reader_take(struct log_reader *r, struct span text, uint64_t line, uint64_t byte)
{
	enum log_kind kind;

	if (r->partial.len > 0 || (r->format != NULL && r->format->is_whole != NULL && !r->format->is_whole(text))) {
		if (r->partial.len == 0) {
			r->partial_line = line;
			r->partial_byte = byte;
		} else {
			out_char(&r->partial, '\n');
		}
		out_span(&r->partial, text);
		if (r->partial.len < PARTIAL_SIZE_MAX && !r->format->is_whole(out_view(&r->partial)))
			return;
		arena_reset(&r->line_arena);
		text = arena_copy(&r->line_arena, out_view(&r->partial));
		out_clear(&r->partial);
		line = r->partial_line;
		byte = r->partial_byte;
	}
	if (text.len > 0 && text.at[0] == '{' && log_journald_is(text)) {
		arena_reset(&r->line_arena);
		text = log_journald_unwrap(&r->line_arena, text);
	}
	kind = scan(r, text);
	if (kind == LOG_FOREIGN && take_heading(r, text))
		return;
	switch (kind) {
	case LOG_SENDER:
	case LOG_MESSAGE_ID: note_sender(r); break;
	case LOG_ASSIGNED: log_join_note(&r->join, LOG_JOIN_ASSIGNED, r->scan.queue_id, r->scan.text); break;
	case LOG_DELIVERED:
	case LOG_FAILURE:
	case LOG_DEFERRED: take_delivery(r, kind, text, line, byte); break;
	case LOG_COMPLAINT:
	case LOG_EXPIRED: take_whole_message(r, text, line, byte); break;
	case LOG_REMOVED: settle(r, r->scan.queue_id, (struct span){ "", 0 }, FAILURE_LATER_UNKNOWN, false); break;
	case LOG_MILTER: note_milter(r, line); break;
	default: break;
	}
	release_ready(r);
}

void
log_reader_end(struct log_reader *r)
{
	while (r->first != NULL)
		release_first(r);
	free(r->chains);
	log_join_deinit(&r->join);
	arena_deinit(&r->line_arena);
	out_deinit(&r->heading);
	out_deinit(&r->partial);
	out_deinit(&r->milter);
}
