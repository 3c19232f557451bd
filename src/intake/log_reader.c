#include "intake/log_reader.h"

#include "base/memory.h"
#include "failure/pasted.h"
#include "log/log_formats.h"
#include "log/log_journald.h"
#include "log/log_qmail.h"

enum { CHAINS = 1 << 14, PARTIAL_SIZE_MAX = 64 * 1024 };

/* An open attempt stands in two chains: with those of its message, and with those of the same recipient of it. */
enum { OF_MESSAGE, OF_RECIPIENT };

/* One that is tried again, or that came after such a one and waits for its turn. */
struct attempt {
	struct attempt *next; /* in the order of the lines */
	struct attempt *older[LOG_READER_CHAINS], *newer[LOG_READER_CHAINS], **chain[LOG_READER_CHAINS];
	size_t size;
	bool open; /* its outcome is not yet known */
	bool superseded; /* by a later word on the same recipient */
	struct work work;
	char bytes[];
};

void
log_reader_init(struct log_reader *r)
{
	for (size_t i = 0; i < LOG_READER_CHAINS; i++)
		r->chains[i] = memory_take_cleared(CHAINS * sizeof(struct attempt *));
	log_join_init(&r->join);
}

static uint64_t
mix(uint64_t h, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (uint8_t)ascii_lower(s.at[i])) * UINT64_C(0x100000001b3);
	return h;
}

static struct attempt **
chain_of_message(const struct log_reader *r, struct span id)
{
	return &r->chains[OF_MESSAGE][(mix(0, id) >> 20) % CHAINS];
}

static struct attempt **
chain_of_recipient(const struct log_reader *r, struct span id, struct span recipient)
{
	return &r->chains[OF_RECIPIENT][(mix(mix(0, id), recipient) >> 20) % CHAINS];
}

static void
open_attempt(struct log_reader *r, struct attempt *a)
{
	a->open = true;
	a->chain[OF_MESSAGE] = chain_of_message(r, a->work.log.queue_id);
	a->chain[OF_RECIPIENT] = chain_of_recipient(r, a->work.log.queue_id, a->work.log.recipient);
	for (size_t i = 0; i < LOG_READER_CHAINS; i++) {
		a->older[i] = *a->chain[i];
		if (a->older[i] != NULL)
			a->older[i]->newer[i] = a;
		*a->chain[i] = a;
	}
}

static void
close_attempt(struct attempt *a)
{
	for (size_t i = 0; a->open && i < LOG_READER_CHAINS; i++) {
		if (a->newer[i] != NULL)
			a->newer[i]->older[i] = a->older[i];
		else
			*a->chain[i] = a->older[i];
		if (a->older[i] != NULL)
			a->older[i]->newer[i] = a->newer[i];
	}
	a->open = false;
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
	size_t size = w->bytes.len + w->log.sender.len + w->log.message_id.len + w->log.recipient.len +
	    w->log.queue_id.len + w->log.heading.len + w->log.milter.len;
	struct attempt *a = memory_take(sizeof(*a) + size);
	char *to;

	*a = (struct attempt){ .size = sizeof(*a) + size, .work = *w };
	to = a->bytes;
	a->work.bytes = put(&to, w->bytes);
	a->work.log.sender = put(&to, w->log.sender);
	a->work.log.message_id = put(&to, w->log.message_id);
	a->work.log.recipient = put(&to, w->log.recipient);
	a->work.log.queue_id = put(&to, w->log.queue_id);
	a->work.log.heading = put(&to, w->log.heading);
	a->work.log.milter = put(&to, w->log.milter);
	return a;
}

static void
release_first(struct log_reader *r)
{
	struct attempt *a = r->first;

	close_attempt(a);
	r->first = a->next;
	if (r->first == NULL)
		r->last = NULL;
	r->n_held--;
	r->held_size -= a->size;
	if (!a->superseded)
		r->hand_on(r->context, a->work);
	memory_free(a);
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

	r->told = true;
	if (r->first == NULL && !open) {
		r->hand_on(r->context, *w);
		return;
	}
	a = copy(w);
	if (open)
		open_attempt(r, a);
	if (r->last != NULL)
		r->last->next = a;
	else
		r->first = a;
	r->last = a;
	r->n_held++;
	r->held_size += a->size;
}

/* What became of the attempts that wait for one recipient. */
static void
settle(struct log_reader *r, struct span id, struct span recipient, enum failure_outcome outcome)
{
	struct attempt *a, *older;

	if (r->first == NULL || (outcome == FAILURE_OUTCOME_UNKNOWN && !r->final))
		return;
	for (a = *chain_of_recipient(r, id, recipient); a != NULL; a = older) {
		older = a->older[OF_RECIPIENT];
		if (!span_equal(a->work.log.queue_id, id) || !span_equal_folded(a->work.log.recipient, recipient))
			continue;
		if (outcome != FAILURE_OUTCOME_UNKNOWN)
			a->work.log.outcome = outcome;
		a->superseded = r->final;
		close_attempt(a);
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

	if (r->format->key_field(LOG_SENDER, r->scan.text, &value))
		log_join_note(&r->join, LOG_JOIN_SENDER, r->scan.queue_id, value);
	if (r->format->key_field(LOG_MESSAGE_ID, r->scan.text, &value))
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
	const bool named = take_recipient(r, &list, &w->log.recipient);

	w->log.sender_known = find_sender(r, w->log.queue_id, &w->log.sender);
	if (!log_join_find(&r->join, LOG_JOIN_MESSAGE_ID, w->log.queue_id, &w->log.message_id))
		w->log.message_id.len = 0;
	if (r->milter_line > 0 && w->line - r->milter_line <= MILTER_LINES_MAX)
		w->log.milter = out_view(&r->milter);
	do {
		if (named)
			settle(r, w->log.queue_id, w->log.recipient,
			    deferred ? FAILURE_OUTCOME_UNKNOWN : FAILURE_OUTCOME_GIVEN_UP);
		hold(r, w, deferred && w->log.queue_id.len > 0);
	} while (named && take_recipient(r, &list, &w->log.recipient));
}

static struct work
work_of(const struct log_reader *r, struct span id, struct span text, uint64_t line, uint64_t byte)
{
	return (struct work){ .kind = WORK_LOG_LINE,
		.file = r->file,
		.line = line,
		.byte = byte,
		.bytes = text,
		.log = { .format = r->format, .queue_id = id, .heading = out_view(&r->heading) } };
}

static void
take_delivery(struct log_reader *r, enum log_kind kind, struct span text, uint64_t line, uint64_t byte)
{
	struct span id = r->scan.queue_id, list = { "", 0 }, recipient;

	if (kind == LOG_DELIVERED && r->first == NULL)
		return; /* nothing waits for it */
	if (!r->format->key_field(kind, r->scan.text, &list) && r->format == &log_qmail)
		join_assigned(r, &id, &list);
	if (kind != LOG_DELIVERED) {
		struct work w = work_of(r, id, text, line, byte);

		take_failure(r, &w, list, kind == LOG_DEFERRED);
		return;
	}
	while (take_recipient(r, &list, &recipient))
		settle(r, id, recipient, FAILURE_OUTCOME_DELIVERED);
}

/* The last attempt for this message that still waits. */
static struct attempt *
last_open(const struct log_reader *r, struct span id)
{
	struct attempt *a = *chain_of_message(r, id);

	while (a != NULL && !span_equal(a->work.log.queue_id, id))
		a = a->older[OF_MESSAGE];
	return a;
}

/* It left the queue: nothing more will be said of who still waits. */
static void
forget(struct log_reader *r, struct span id)
{
	struct attempt *a;

	while ((a = last_open(r, id)) != NULL)
		close_attempt(a);
}

/* Given up: told of all who were still waited for, or of nobody. A complaint names its own. */
static void
take_whole_message(struct log_reader *r, struct span text, uint64_t line, uint64_t byte)
{
	const struct span id = r->scan.queue_id;
	struct work w = work_of(r, id, text, line, byte);
	struct attempt *a;
	bool told = false;

	w.log.sender_known = find_sender(r, id, &w.log.sender);
	while ((a = last_open(r, id)) != NULL) {
		w.log.recipient = a->work.log.recipient;
		settle(r, id, w.log.recipient, FAILURE_OUTCOME_GIVEN_UP);
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

/* Another program's reply, or a message that this server itself refused. */
static void
keep_leftover(struct log_reader *r, bool refused_here, struct span text, uint64_t line, uint64_t byte)
{
	struct work w;

	if (r->told || r->leftovers.n == LEFTOVERS_MAX || (!refused_here && !pasted_holds_reply(text)))
		return;
	w = work_of(r, r->scan.queue_id, text, line, byte);
	w.log.queue_id = (struct span){ "", 0 };
	w.log.heading = (struct span){ "", 0 };
	if (!refused_here)
		w.kind = WORK_TEXT;
	else if (r->milter_line > 0 && line - r->milter_line <= MILTER_LINES_MAX)
		w.log.milter = out_view(&r->milter);
	log_leftovers_keep(&r->leftovers, &w);
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
	case LOG_REMOVED: forget(r, r->scan.queue_id); break;
	case LOG_MILTER: note_milter(r, line); break;
	case LOG_REJECT: keep_leftover(r, true, text, line, byte); break;
	case LOG_FOREIGN: keep_leftover(r, false, text, line, byte); break;
	default: break;
	}
	release_ready(r);
}

void
log_reader_end(struct log_reader *r)
{
	while (r->first != NULL)
		release_first(r);
	if (!r->told)
		log_leftovers_hand_on(&r->leftovers, r->hand_on, r->context);
	log_leftovers_deinit(&r->leftovers);
	for (size_t i = 0; i < LOG_READER_CHAINS; i++)
		memory_free(r->chains[i]);
	log_join_deinit(&r->join);
	arena_deinit(&r->line_arena);
	out_deinit(&r->heading);
	out_deinit(&r->partial);
	out_deinit(&r->milter);
}
