#include "bounce/bounce.h"

#include "bounce/arf.h"
#include "grammar/charset.h"
#include "failure/diagnostic_code.h"
#include "failure/pasted.h"
#include "bounce/dsn.h"
#include "message/header.h"
#include "message/mailbox.h"
#include "bounce/transcript.h"

enum { POOR_REPLY_SIZE = 40, CODED_WORDS_SIZE = 8, WORDS_SIZE_MAX = 1024, NESTED_MAX = 2, TEXT_PARTS_MAX = 8 };

/* Whether one of some words (lower case) begins a word of `s`, ASCII letters folded. */
static bool
holds_any(struct span s, const char *const *words)
{
	for (size_t i = 0; i < s.len; i++) {
		const struct span rest = span_skip(s, i);

		if (i > 0 && ascii_is_alpha(s.at[i]) && ascii_is_alpha(s.at[i - 1]))
			continue;
		for (const char *const *w = words; *w != NULL; w++)
			if (ascii_lower(s.at[i]) == **w && span_starts_folded(rest, *w))
				return true;
	}
	return false;
}

static bool
holds_folded(struct span s, const char *word)
{
	return holds_any(s, (const char *const[]){ word, NULL });
}

enum { RETURN_PATH, FROM, TO, SUBJECT, MESSAGE_ID, JMRP_RECIPIENT, N_SENT_FIELDS };

static const struct span sent_fields[N_SENT_FIELDS] = { [RETURN_PATH] = SPAN_INIT("Return-Path"),
	[FROM] = SPAN_INIT("From"),
	[TO] = SPAN_INIT("To"),
	[SUBJECT] = SPAN_INIT("Subject"),
	[MESSAGE_ID] = SPAN_INIT("Message-ID"),
	[JMRP_RECIPIENT] = SPAN_INIT("X-HmXmrOriginalRecipient") };

/* What the returned message says of itself. */
static void
read_original(struct bounce *b, struct span original)
{
	struct span id, sent[N_SENT_FIELDS];
	struct failure *f = &b->common;

	header_find_all(original, sent_fields, N_SENT_FIELDS, sent);
	for (size_t i = 0; i < N_SENT_FIELDS; i++)
		if (sent[i].at == NULL)
			sent[i] = (struct span){ "", 0 };
	if (sent[RETURN_PATH].len > 0) {
		mailbox_find(sent[RETURN_PATH], &f->sender);
		f->null_sender = span_equal(sent[RETURN_PATH], span_of("<>"));
	}
	f->author = mailbox_from_field(b->arena, sent[FROM]);
	f->subject = sent[SUBJECT];
	id = sent[MESSAGE_ID];
	if (id.len > 2 && id.at[0] == '<' && id.at[id.len - 1] == '>')
		id = span_first(span_skip(id, 1), id.len - 2);
	f->message_id = id;
	f->original_recipient = mailbox_from_field(b->arena, sent[TO]);
	b->jmrp_recipient = sent[JMRP_RECIPIENT];
}

static bool
is_auto_reply(const struct bounce *b)
{
	return (holds_folded(b->own_header[MESSAGE_AUTO_SUBMITTED], "auto-replied") &&
		   !holds_folded(b->own_header[MESSAGE_FROM], "mailer-daemon")) ||
	    b->own_header[MESSAGE_X_AUTOREPLY].len > 0 || holds_folded(b->own_header[MESSAGE_PRECEDENCE], "auto_reply");
}

/* A reply or a forwarded mail quotes a bounce's subject. */
static bool
is_quoted_subject(struct span subject)
{
	static const char *const before[] = { "re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "tr:", "rv:", NULL };

	for (const char *const *w = before; *w != NULL; w++)
		if (span_starts_folded(subject, *w))
			return true;
	return false;
}

/* One sign alone does not make a bounce: people write "returned mail", too. */
static bool
settle_kind(struct bounce *b)
{
	const struct notice_index *ix = b->index;
	struct notice_found *found = &b->notice.found;
	struct span path = b->own_header[MESSAGE_RETURN_PATH],
		    subject = header_decode(b->arena, b->own_header[MESSAGE_SUBJECT]);
	unsigned signs = 0;

	notice_find_words(ix, span_first(b->own_header[MESSAGE_FROM], WORDS_SIZE_MAX), NOTICE_FROM, found);
	notice_find_words(ix, span_first(subject, WORDS_SIZE_MAX), NOTICE_SUBJECT, found);
	notice_find_words(
	    ix, span_first(b->notice.prose, WORDS_SIZE_MAX), NOTICE_WORDS | NOTICE_DELAYED | NOTICE_SUCCESS, found);
	b->common.format = notice_format_name(b->index, found);
	if (b->own_header[MESSAGE_X_FAILED_RECIPIENTS].len > 0 || b->notice.report.len > 0)
		return true;
	if (holds_folded(subject, "success"))
		return false; /* "Delivery Notification: Delivery has been successful" */
	signs += (found->kinds & NOTICE_FROM) != 0;
	signs += span_equal(path, span_of("<>")) || holds_folded(path, "mailer-daemon");
	signs += (found->kinds & NOTICE_SUBJECT) && !is_quoted_subject(subject);
	return signs >= 2 || (signs == 1 && (found->kinds & NOTICE_WORDS));
}

/* The line that begins with `name`, a field's. */
static struct span
line_with(struct span part, const char *name)
{
	while (part.len > 0) {
		size_t n = span_index(part, '\n');

		if (span_starts_folded(part, name))
			return span_trim(span_first(part, n));
		part = span_skip(part, n < part.len ? n + 1 : n);
	}
	return part;
}

static bool
speaks_of_bounce(const struct notice_index *index, struct span text)
{
	struct notice_found found = { 0 };

	notice_find_words(index, span_first(text, WORDS_SIZE_MAX), NOTICE_WORDS | NOTICE_OPENING, &found);
	return found.kinds != 0;
}

/* The part for people. Where there are several it is the one that speaks of a bounce: the message sent may
   stand before it. */
static const struct mime_part *
text_part(struct bounce *b, const struct message *m)
{
	const struct mime_part *first = NULL;
	unsigned looked_at = 0, n = 0;

	for (size_t i = 0; i < m->n_parts; i++)
		n += m->parts[i].kind == MIME_TEXT_PLAIN;
	for (size_t i = 0; i < m->n_parts && looked_at < TEXT_PARTS_MAX; i++) {
		const struct mime_part *p = &m->parts[i];

		if (p->kind != MIME_TEXT_PLAIN)
			continue;
		if (n == 1 || speaks_of_bounce(b->index, mime_text(b->arena, p)))
			return p;
		first = first ? first : p;
		looked_at++;
	}
	return first ? first : message_find_part(m, MIME_TEXT_HTML);
}

/* Base64 that ends at a full line is likely cut there, and a soft line break promises more.
   RFC 2045 sections 6.7 and 6.8 */
static bool
is_cut_in_encoding(const struct mime_part *p)
{
	const struct span body = span_trim(p->body);
	size_t last = 0;

	if (p->encoding == MIME_QUOTED_PRINTABLE)
		return body.len > 0 && body.at[body.len - 1] == '=';
	if (p->encoding != MIME_BASE64 || body.len == 0 || body.at[body.len - 1] == '=')
		return false;
	while (last < body.len && body.at[body.len - 1 - last] != '\n')
		last++;
	return last >= 60 && last < body.len;
}

/* The prose is read when it is first needed: most reports say all themselves. */
static void
read_text(struct bounce *b)
{
	if (b->text == NULL)
		return;
	b->cut = b->cut || is_cut_in_encoding(b->text);
	notice_read(b->arena, b->index, mime_text(b->arena, b->text),
	    mailbox_from_field(b->arena, b->own_header[MESSAGE_TO]), b->cut, &b->notice);
	b->text = NULL;
}

/* The part for people without reading it: for words that stand there as they are. */
static struct span
raw_text(const struct bounce *b)
{
	if (b->text == NULL)
		return (struct span){ "", 0 };
	if (b->text->encoding == MIME_IDENTITY)
		return span_first(b->text->body, NOTICE_SIZE_MAX);
	return span_first(mime_decode(b->arena, b->text), NOTICE_SIZE_MAX);
}

static void
open_report(struct bounce *b, struct span part)
{
	struct dsn dsn;

	b->kind = BOUNCE_REPORT;
	b->raw = raw_text(b);
	dsn_parse(part, &dsn, &b->rest);
	b->common.told_by = FAILURE_REPORT;
	b->common.format = span_of("rfc3464");
	b->common.reporting_mta = dsn.reporting_mta;
	if (dsn.arrival_date.len > 0)
		b->common.date = dsn.arrival_date;
}

static void
open_complaint(struct bounce *b, struct span part)
{
	struct arf arf;

	b->kind = BOUNCE_COMPLAINT;
	b->common.told_by = FAILURE_COMPLAINT;
	b->common.format = span_of("arf");
	b->rest = part;
	if (arf_parse(part, &arf)) {
		b->common.action = arf.feedback_type;
		b->common.reply = line_with(part, "feedback-type:");
		if (arf.arrival_date.len > 0)
			b->common.date = arf.arrival_date;
	}
}

/* Microsoft's Junk Mail Reporting Program sends the message alone, without RFC 5965's part. */
static bool
open_jmrp(struct bounce *b)
{
	if (b->jmrp_recipient.len == 0 || !holds_folded(b->own_header[MESSAGE_SUBJECT], "complaint about message from"))
		return false;
	open_complaint(b, (struct span){ "", 0 });
	b->common.original_recipient = mailbox_from_field(b->arena, b->jmrp_recipient);
	b->common.action = span_of("abuse");
	b->common.reply = span_of("Feedback-Type: abuse");
	return true;
}

/* A report that came as text, beside the part for people. RFC 3464 section 2.3 */
static void
find_report_as_text(struct bounce *b, const struct message *m)
{
	for (size_t i = 0, looked_at = 0; i < m->n_parts && looked_at < TEXT_PARTS_MAX; i++) {
		const struct mime_part *p = &m->parts[i];
		struct span text;

		if (p->kind != MIME_TEXT_PLAIN || p == b->first_text)
			continue;
		text = span_trim(mime_text(b->arena, p));
		looked_at++;
		if (span_starts_folded(text, "reporting-mta:") || span_starts_folded(text, "final-recipient:"))
			b->notice.report = text;
	}
}

/* A report was announced and is cut off: its prose may as well be of a success. RFC 6522 section 3 */
static bool
report_is_missing(const struct bounce *b, const struct message *m)
{
	const struct span type = header_find(m->header, "Content-Type");

	if (b->notice.found.kinds & NOTICE_SUCCESS)
		return true;
	return type.at != NULL && holds_folded(type, "delivery-status") && !(b->notice.found.kinds & NOTICE_WORDS);
}

static void
open_notice(struct bounce *b, const struct message *m)
{
	bool bounce;

	read_text(b);
	bounce = settle_kind(b);
	/* Exchange and Sieve mark what they refuse as automatic replies, too; they are known by their words. */
	if (is_auto_reply(b) &&
	    !(bounce && (b->notice.found.kinds & NOTICE_FROM) && !span_equal(b->common.format, span_of("general")))) {
		b->kind = BOUNCE_AUTO_REPLY;
		return;
	}
	if (!bounce)
		return;
	if (b->notice.report.len == 0)
		find_report_as_text(b, m);
	if (b->cut && b->notice.report.len == 0 && report_is_missing(b, m))
		return;
	if (b->common.message_id.len == 0 && b->notice.copy.len > 0)
		read_original(b, b->notice.copy);
	if (b->notice.report.len > 0) {
		open_report(b, b->notice.report);
		return;
	}
	b->kind = BOUNCE_NOTICE;
	b->common.told_by = FAILURE_NOTICE;
	b->common.action = span_of(
	    holds_folded(b->own_header[MESSAGE_SUBJECT], "delay") || (b->notice.found.kinds & NOTICE_DELAYED)
		? "delayed"
		: "failed");
}

/* Whether a notice only passes on another, and names nobody itself. */
static bool
passes_on(const struct bounce *b, struct span original, struct message *inner)
{
	if (b->kind != BOUNCE_NOTICE || b->notice.n_mentions > 0 || b->failed_header.len > 0 || original.len == 0)
		return false;
	return message_parse(b->arena, original, inner) && message_find_part(inner, MIME_DELIVERY_STATUS) != NULL;
}

static void
open_nested(
    struct arena *arena, const struct notice_index *index, const struct message *m, struct bounce *b, unsigned depth)
{
	const struct mime_part *report = message_find_part(m, MIME_DELIVERY_STATUS);
	const struct mime_part *complaint = message_find_part(m, MIME_FEEDBACK_REPORT);
	const struct mime_part *original = message_find_part(m, MIME_MESSAGE);
	struct span sent = { "", 0 };
	struct message inner;

	*b = (struct bounce){ .arena = arena, .index = index, .cut = m->unended };
	b->text = b->first_text = text_part(b, m);
	memcpy(b->own_header, m->fields, sizeof(b->own_header));
	b->failed_header = b->own_header[MESSAGE_X_FAILED_RECIPIENTS];
	b->common.date = b->own_header[MESSAGE_DATE];
	if (original == NULL)
		original = message_find_part(m, MIME_MESSAGE_HEADERS);
	if (original != NULL) {
		sent = mime_decode(arena, original);
		read_original(b, sent);
		b->common.returned = sent;
		b->common.returned_whole = original->kind == MIME_MESSAGE;
	}
	if (complaint != NULL)
		open_complaint(b, mime_decode(arena, complaint));
	else if (report != NULL)
		open_report(b, mime_decode(arena, report));
	else if (!open_jmrp(b))
		open_notice(b, m);
	if (depth < NESTED_MAX && passes_on(b, sent.len > 0 ? sent : b->notice.copy, &inner))
		open_nested(arena, index, &inner, b, depth + 1);
}

/* A bounce that somebody attached to a mail of their own: the next one. */
static bool
open_attached(struct bounce *b, const struct message *outer, size_t from)
{
	struct arena *arena = b->arena;
	struct message inner;

	for (size_t i = from; i < outer->n_parts; i++) {
		if (outer->parts[i].kind != MIME_MESSAGE ||
		    !message_parse(arena, mime_decode(arena, &outer->parts[i]), &inner))
			continue;
		open_nested(arena, b->index, &inner, b, 1);
		if (b->kind == BOUNCE_NOT_A_BOUNCE || b->kind == BOUNCE_AUTO_REPLY)
			continue;
		b->outer = outer;
		b->next_attached = i + 1;
		return true;
	}
	return false;
}

void
bounce_open(struct arena *arena, const struct notice_index *index, const struct message *m, struct bounce *b)
{
	struct bounce attached = { .arena = arena, .index = index };

	open_nested(arena, index, m, b, 0);
	if (b->kind == BOUNCE_NOT_A_BOUNCE && open_attached(&attached, m, 0))
		*b = attached;
}

static bool
is_failure(const struct dsn_recipient *r)
{
	static const char *const good[] = { "delivered", "relayed", "expanded", "deliverable" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (span_equal_folded(r->action, span_of(good[i])))
			return false;
	return r->status.class != 2;
}

/* The next address of X-Failed-Recipients: a field of Exim's and Google's. */
static bool
take_failed_header(struct bounce *b, struct span *recipient)
{
	size_t n = span_index(b->failed_header, ',');
	struct span one = span_trim(span_first(b->failed_header, n)), address;

	if (one.len == 0)
		return false;
	b->failed_header = span_skip(b->failed_header, n < b->failed_header.len ? n + 1 : n);
	*recipient = mailbox_find(one, &address) ? address : one;
	return true;
}

static void
open_without_header(struct arena *arena, const struct notice_index *index, struct bounce *b)
{
	*b = (struct bounce){ .arena = arena, .index = index };
	for (size_t i = 0; i < MESSAGE_N_FIELDS; i++)
		b->own_header[i] = (struct span){ "", 0 };
}

void
bounce_open_report(struct arena *arena, const struct notice_index *index, struct span fields, struct bounce *b)
{
	open_without_header(arena, index, b);
	open_report(b, fields);
}

bool
bounce_open_text(struct arena *arena, const struct notice_index *index, struct span text, struct bounce *b)
{
	const unsigned signs = NOTICE_WORDS | NOTICE_OPENING | NOTICE_DELAYED;
	struct notice_found *found = &b->notice.found;

	open_without_header(arena, index, b);
	notice_read(arena, index, text, (struct span){ "", 0 }, false, &b->notice);
	notice_find_words(b->index, span_first(b->notice.prose, WORDS_SIZE_MAX),
	    NOTICE_WORDS | NOTICE_DELAYED | NOTICE_SUCCESS, found);
	b->common.format = notice_format_name(b->index, found);
	if (b->notice.copy.len > 0)
		read_original(b, b->notice.copy);
	b->raw = b->notice.prose;
	if (b->notice.report.len > 0) {
		open_report(b, b->notice.report);
		b->raw = b->notice.prose;
		return true;
	}
	if (!(found->kinds & signs) && !(b->notice.copy.len > 0 && pasted_holds_reply(b->notice.prose)))
		return false;
	if (!notice_names_someone(&b->notice))
		return false;
	b->kind = BOUNCE_NOTICE;
	b->common.told_by = FAILURE_NOTICE;
	b->common.action = span_of(found->kinds & NOTICE_DELAYED ? "delayed" : "failed");
	return true;
}

/* What the prose says of a recipient, or else all of it. */
static struct span
prose_about(struct bounce *b, struct span recipient)
{
	struct span said;

	read_text(b);
	said = notice_about(&b->notice, recipient);
	return said.len > 0 ? said : span_trim(span_first(b->notice.prose, NOTICE_REPLY_SIZE_MAX));
}

static struct transcript *
transcript_of(struct bounce *b)
{
	if (b->transcript.slots == NULL || b->transcript.text.at != b->raw.at)
		transcript_read(b->arena, b->raw, &b->transcript);
	return &b->transcript;
}

/* The prose alone tells which command was refused. Whether it was the message itself or the
   recipient makes a difference. Where there were several, each recipient's words are read. */
static struct span
command_in_prose(struct bounce *b, struct span recipient)
{
	bool several = false;
	struct span command = transcript_find_command(transcript_of(b), recipient, &several);

	if (!several || b->n_searches++ >= BOUNCE_SEARCHES_MAX)
		return command;
	return transcript_command(prose_about(b, recipient), recipient, &several);
}

static struct span
recipient_of(struct bounce *b, const struct dsn_recipient *r)
{
	struct span to = mailbox_from_dsn(b->arena,
	    r->final_recipient.len          ? r->final_recipient
		: r->original_recipient.len ? r->original_recipient
					    : r->x_actual_recipient);

	if (span_index(to, '@') == to.len && span_index(r->original_recipient, '@') < r->original_recipient.len)
		to = mailbox_from_dsn(b->arena, r->original_recipient); /* an X.400 name, say */
	if (span_index(to, '@') == to.len) { /* a file's or a program's name, or a type that was cut */
		if (to.len <= 6 && span_equal_folded(to, span_first(span_of("rfc822"), to.len)))
			to.len = 0;
		take_failed_header(b, &to);
	}
	return to;
}

/* "4.0.0 (cat.example.net: host name lookup failure)", or nothing. RFC 3464 section 2.3.4 */
static struct span
comment_of_status(struct span block)
{
	struct span value = header_find(block, "Status");

	return value.at != NULL && span_index(value, '(') < value.len ? value : (struct span){ "", 0 };
}

/* Whether a diagnostic code is no more than a code or a few words without one. It is read here once for all. */
static bool
reply_says_little(struct bounce *b, struct failure *f)
{
	struct diagnostic_code *read = arena_take_items(b->arena, 1, sizeof(*read));
	size_t letters = 0;

	diagnostic_code_read(b->arena, f->reply, true, read);
	f->read = read;
	for (size_t i = 0; i < f->reply.len && letters < POOR_REPLY_SIZE; i++)
		letters += (unsigned char)f->reply.at[i] >= 0x80 || ascii_is_alpha(f->reply.at[i]);
	return letters < (read->code != 0 || read->status.class != 0 ? CODED_WORDS_SIZE : POOR_REPLY_SIZE);
}

/* As RFC 3464 section 2.3.3 spells it. */
static struct span
action_of(struct span action)
{
	static const char *const known[] = { "failed", "delayed", "delivered", "relayed", "expanded" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_equal_folded(action, span_of(known[i])))
			return span_of(known[i]);
	return action.len > 0 ? action : span_of(known[0]);
}

/* What the report says of the recipient or his mailbox outranks prose without a code, in which a virus scanner or a
   disclaimer may have the last word. RFC 3463 sections 3.2 and 3.3 */
static bool
status_says_more(const struct failure *f, struct span said)
{
	return (f->status.subject == 1 || f->status.subject == 2) && f->status.detail != 0 && f->reply.len == 0 &&
	    !pasted_holds_reply(said);
}

/* A diagnostic code may hold no more than the first line of what the transcript has whole. */
static struct span
whole_reply(struct bounce *b, struct span reply)
{
	struct span first = reply, whole;
	const size_t semicolon = span_index(first, ';');

	if (semicolon < first.len && semicolon < 8)
		first = span_trim(span_skip(first, semicolon + 1));
	if (span_index(first, '\n') < first.len)
		return reply;
	whole = transcript_find_reply(transcript_of(b), first);
	return whole.len > reply.len ? whole : reply;
}

static bool
take_from_report(struct bounce *b, struct failure *f)
{
	struct dsn_recipient r;

	while (dsn_take_recipient(&b->rest, &r)) {
		if (b->cut && r.action.len == 0 && r.status.class == 0)
			continue; /* what became of it stood further on */
		if (!is_failure(&r)) {
			b->n_delivered++;
			continue;
		}
		*f = b->common;
		f->recipient = recipient_of(b, &r);
		f->original_recipient = mailbox_from_dsn(b->arena, r.original_recipient);
		f->action = action_of(r.action);
		f->status = r.status;
		f->remote_mta = r.remote_mta;
		f->reply = charset_to_utf8(b->arena,
		    r.diagnostic_code.len ? r.diagnostic_code : comment_of_status(r.block), (struct span){ "", 0 });
		f->reply = whole_reply(b, f->reply);
		if (reply_says_little(b, f) && b->n_searches++ < BOUNCE_SEARCHES_MAX) {
			struct span said = prose_about(b, f->recipient);

			if (said.len > f->reply.len && !status_says_more(f, said)) {
				f->reply = said;
				f->read = NULL;
			}
		}
		f->command = command_in_prose(b, f->recipient);
		return true;
	}
	return false;
}

static bool
take_from_complaint(struct bounce *b, struct failure *f)
{
	*f = b->common;
	if (arf_take_original_rcpt_to(&b->rest, &f->recipient))
		return true;
	f->recipient = b->common.original_recipient;
	return b->n_taken == 0;
}

static bool
take_from_prose(struct bounce *b, struct failure *f)
{
	*f = b->common;
	if (take_failed_header(b, &f->recipient)) {
		b->by_header = true;
		f->named_by = FAILURE_NAMED_BY_HEADER;
		f->reply = prose_about(b, f->recipient);
		return true;
	}
	return !b->by_header && notice_take(&b->notice, &f->recipient, &f->reply);
}

/* "Rejected posting to STAFF@lists.example.jp" in the subject, or "From: staff-bounces@lists.example.jp". */
static struct span
recipient_in_header(struct bounce *b)
{
	static const char *const roles[] = { "-bounces@", "-owner@", "-admin@", "-request@" };
	const struct span own = mailbox_from_field(b->arena, b->own_header[MESSAGE_TO]),
			  from = mailbox_from_field(b->arena, b->own_header[MESSAGE_FROM]);
	struct span found;

	if (mailbox_find(header_decode(b->arena, b->own_header[MESSAGE_SUBJECT]), &found) &&
	    !span_equal_folded(found, own))
		return found;
	for (size_t i = 0; from.len > 0 && i < sizeof(roles) / sizeof(roles[0]); i++) {
		const size_t n = strlen(roles[i]);
		const char *at = memmem(from.at, from.len, roles[i], n);
		char *to;

		if (at == NULL || at == from.at)
			continue;
		to = arena_take(b->arena, from.len);
		memcpy(to, from.at, (size_t)(at - from.at));
		memcpy(to + (at - from.at), at + n - 1, from.len - (size_t)(at - from.at) - (n - 1));
		return (struct span){ to, from.len - (n - 1) };
	}
	return (struct span){ "", 0 };
}

/* "bounces+taro=example.jp@lists.example.com", "news-17-taro=example.jp@…": the recipient within
   the variable envelope return path. Empty where it is none. */
static struct span
recipient_of_verp(struct arena *arena, struct span own)
{
	struct span local = span_first(own, span_index(own, '@')), domain, name;
	size_t equals = span_index(local, '='), from = 0;
	char *to;

	if (equals == local.len || equals + 1 == local.len)
		return (struct span){ "", 0 };
	domain = span_skip(local, equals + 1);
	name = span_first(local, equals);
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '+' || (name.at[i] == '-' && memchr(name.at, '+', name.len) == NULL))
			from = i + 1;
	name = span_skip(name, from);
	if (from == 0 || name.len == 0 || span_index(domain, '.') == domain.len)
		return (struct span){ "", 0 };
	to = arena_take(arena, name.len + 1 + domain.len);
	memcpy(to, name.at, name.len);
	to[name.len] = '@';
	memcpy(to + name.len + 1, domain.at, domain.len);
	return (struct span){ to, name.len + 1 + domain.len };
}

/* "Delivery to <taro@example.jp> failed: 550 User unknown": all there is may stand in the subject. */
static struct span
with_subject(struct bounce *b, struct span said)
{
	const struct span subject = header_decode(b->arena, b->own_header[MESSAGE_SUBJECT]);
	char *to = arena_take(b->arena, subject.len + said.len + 1);

	if (subject.len > 0)
		memcpy(to, subject.at, subject.len);
	to[subject.len] = '\n';
	if (said.len > 0)
		memcpy(to + subject.len + 1, said.at, said.len);
	return (struct span){ to, subject.len + said.len + 1 };
}

/* Someone was not reached, and neither report nor prose says who. */
static bool
take_unnamed(struct bounce *b, struct failure *f)
{
	if (b->n_taken > 0)
		return false;
	*f = b->common;
	f->reply = prose_about(b, b->common.original_recipient);
	f->recipient = recipient_in_header(b);
	f->named_by = FAILURE_NAMED_BY_HEADER;
	if (f->recipient.len > 0 && !pasted_holds_reply(f->reply))
		f->reply = with_subject(b, f->reply);
	if (f->recipient.len == 0) {
		f->recipient = b->common.original_recipient;
		f->named_by = FAILURE_NAMED_BY_COPY;
	}
	if (f->recipient.len == 0) {
		f->recipient = recipient_of_verp(b->arena, mailbox_from_field(b->arena, b->own_header[MESSAGE_TO]));
		f->named_by = FAILURE_NAMED_BY_VERP;
	}
	return f->recipient.len > 0 || f->reply.len > 0;
}

/* The report names nobody. */
static void
fall_back_to_prose(struct bounce *b)
{
	read_text(b);
	notice_find_words(b->index, span_first(b->notice.prose, WORDS_SIZE_MAX), NOTICE_SUCCESS, &b->notice.found);
	if (b->cut && (b->notice.found.kinds & NOTICE_SUCCESS))
		return;
	b->kind = BOUNCE_NOTICE;
	b->common.action = span_of("failed");
}

static bool
take_failure(struct bounce *b, struct failure *f)
{
	bool taken = false;

	if (b->kind == BOUNCE_COMPLAINT)
		taken = take_from_complaint(b, f);
	if (b->kind == BOUNCE_REPORT) {
		taken = take_from_report(b, f);
		if (!taken && b->n_taken + b->n_delivered == 0)
			fall_back_to_prose(b);
	}
	if (!taken && b->kind == BOUNCE_NOTICE)
		taken = take_from_prose(b, f) || take_unnamed(b, f);
	b->n_taken += taken;
	if (taken && b->kind == BOUNCE_NOTICE) {
		bool several = false;

		f->command = transcript_command(f->reply, f->recipient, &several);
		if (f->command.len == 0)
			f->command = transcript_command_in_words(f->reply);
		if (f->command.len == 0)
			f->command = notice_command(&b->notice, f->recipient);
	}
	return taken;
}

bool
bounce_take_failure(struct bounce *b, struct failure *f)
{
	while (!take_failure(b, f))
		if (b->outer == NULL || !open_attached(b, b->outer, b->next_attached))
			return false;
	return true;
}
