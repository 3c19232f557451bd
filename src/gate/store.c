#include "gate/store.h"

#include "base/memory.h"
#include "message/header.h"
#include "message/mailbox.h"
#include "message/message.h"
#include "render/json_writer.h"

enum { SNIPPET_MAX = 250 };

void
store_init(struct store *s)
{
	*s = (struct store){ .n = 0 };
	pthread_mutex_init(&s->lock, NULL);
}

static void
drop(struct store *s, struct stored *item)
{
	s->bytes -= item->size;
	memory_free(item->bytes);
	memory_free(item);
}

static void
drop_first(struct store *s)
{
	drop(s, s->ring[s->first]);
	s->first = (s->first + 1) % STORE_MAX;
	s->n--;
}

void
store_deinit(struct store *s)
{
	while (s->n > 0)
		drop_first(s);
	pthread_mutex_destroy(&s->lock);
}

/* Where a piece stands in the bytes being gathered. */
struct piece {
	size_t at, len;
};

static struct piece
put(struct out *out, struct span s)
{
	const struct piece p = { out->len, s.len };

	out_span(out, s);
	return p;
}

static struct span
span_in(const struct out *out, struct piece p)
{
	return (struct span){ out->at + p.at, p.len };
}

static void
put_address(struct out *out, struct arena *arena, struct span field)
{
	const struct span address = mailbox_from_field(arena, field);
	struct span name = span_trim(span_first(field, span_index(field, '<')));

	if (name.len == field.len)
		name.len = 0;
	if (name.len > 1 && name.at[0] == '"' && name.at[name.len - 1] == '"')
		name = (struct span){ name.at + 1, name.len - 2 };
	out_str(out, "{\"Name\":");
	json_write_string(out, name);
	out_str(out, ",\"Address\":");
	json_write_string(out, address.at != NULL ? address : (struct span){ "", 0 });
	out_char(out, '}');
}

static void
put_recipients(struct out *out, const struct transaction *r)
{
	out_char(out, '[');
	for (size_t i = 0; i < r->n_recipients; i++) {
		out_str(out, i > 0 ? ",{\"Name\":\"\",\"Address\":" : "{\"Name\":\"\",\"Address\":");
		json_write_string(out, r->recipients[i].address);
		out_char(out, '}');
	}
	out_char(out, ']');
}

static void
put_snippet(struct out *out, struct arena *arena, const struct message *m)
{
	struct out words = { 0 };
	const struct span text = span_trim(mime_text(arena, &m->parts[0]));
	bool blank = false;

	for (size_t i = 0; i < text.len && words.len < SNIPPET_MAX; i++) {
		if (!ascii_is_space(text.at[i]))
			out_char(&words, text.at[i]);
		else if (!blank)
			out_char(&words, ' ');
		blank = ascii_is_space(text.at[i]);
	}
	json_write_string(out, out_view(&words));
	out_deinit(&words);
}

/* A message in a list, as Mailpit's API has it. */
static void
put_summary(struct out *out, struct arena *arena, const struct transaction *r, const struct message *m)
{
	out_str(out, "{\"ID\":");
	json_write_string(out, r->id);
	out_str(out, ",\"MessageID\":");
	json_write_string(out, span_trim(header_find(m->header, "Message-ID")));
	out_str(out, ",\"Read\":false,\"From\":");
	put_address(out, arena, header_decode(arena, m->fields[MESSAGE_FROM]));
	out_str(out, ",\"To\":");
	put_recipients(out, r);
	out_str(out, ",\"Cc\":[],\"Bcc\":[],\"ReplyTo\":[],\"Subject\":");
	json_write_string(out, header_decode(arena, m->fields[MESSAGE_SUBJECT]));
	out_str(out, ",\"Created\":\"");
	transaction_write_time(out, r->at);
	out_str(out, "\",\"Username\":\"\",\"Tags\":[],\"Size\":");
	out_number(out, r->found->query.message.len);
	out_str(out, ",\"Attachments\":");
	out_number(out, m->n_parts > 1 ? m->n_parts - 1 : 0);
	out_str(out, ",\"Snippet\":");
	put_snippet(out, arena, m);
	out_str(out, "}");
}

static struct stored *
make(const struct transaction *r, struct span head)
{
	struct stored *item = memory_take_cleared(sizeof(*item));
	struct arena arena = { 0 };
	struct out out = { 0 };
	struct piece record, summary = { 0, 0 }, raw = { 0, 0 }, id, from, to, subject = { 0, 0 },
			     message_id = { 0, 0 };

	transaction_write_json(&out, r);
	record = (struct piece){ 0, out.len - 1 };
	id = put(&out, r->id);
	from = put(&out, r->sender);
	to.at = out.len;
	for (size_t i = 0; i < r->n_recipients; i++) {
		put(&out, r->recipients[i].address);
		out_char(&out, ' ');
	}
	to.len = out.len - to.at;
	if (r->found != NULL) {
		struct message m;

		message_parse(&arena, r->found->query.message, &m);
		summary.at = out.len;
		put_summary(&out, &arena, r, &m);
		summary.len = out.len - summary.at;
		subject = put(&out, header_decode(&arena, m.fields[MESSAGE_SUBJECT]));
		message_id = put(&out, span_trim(header_find(m.header, "Message-ID")));
		raw = put(&out, head);
		raw.len += put(&out, r->found->query.message).len;
	}
	item->taken = transaction_end(r) == TRANSACTION_TAKEN;
	item->bytes = out.at;
	item->size = out.size + sizeof(*item);
	item->record = span_in(&out, record);
	item->summary = span_in(&out, summary);
	item->raw = span_in(&out, raw);
	item->id = span_in(&out, id);
	item->from = span_in(&out, from);
	item->to = span_in(&out, to);
	item->subject = span_in(&out, subject);
	item->message_id = span_in(&out, message_id);
	arena_deinit(&arena);
	return item;
}

void
store_add(struct store *s, const struct transaction *r, struct span head)
{
	struct stored *item = make(r, head);

	pthread_mutex_lock(&s->lock);
	item->number = ++s->numbers;
	s->bytes += item->size;
	while (s->n > 0 && (s->n == STORE_MAX || s->bytes > STORE_BYTES_MAX))
		drop_first(s);
	s->ring[(s->first + s->n++) % STORE_MAX] = item;
	pthread_mutex_unlock(&s->lock);
}

void
store_visit(struct store *s, bool (*visit)(void *context, const struct stored *item), void *context)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = s->n; i-- > 0;)
		if (!visit(context, s->ring[(s->first + i) % STORE_MAX]))
			break;
	pthread_mutex_unlock(&s->lock);
}

void
store_forget(struct store *s, bool (*which)(void *context, const struct stored *item), void *context)
{
	size_t kept = 0;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++) {
		struct stored *item = s->ring[(s->first + i) % STORE_MAX];

		if (which != NULL && !which(context, item))
			s->ring[(s->first + kept++) % STORE_MAX] = item;
		else
			drop(s, item);
	}
	s->n = kept;
	pthread_mutex_unlock(&s->lock);
}
