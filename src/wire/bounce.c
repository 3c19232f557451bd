#include "wire/bounce.h"

#include "wire/arf.h"
#include "wire/charset.h"
#include "wire/diagnostic_code.h"
#include "wire/dsn.h"
#include "wire/header.h"
#include "wire/mailbox.h"

enum { POOR_REPLY_SIZE = 48, PARAGRAPH_SIZE_MAX = 4096, LINES_AROUND = 12, PROSE_SIZE_MAX = 64 * 1024,
	PROSE_SEARCHES_MAX = 1000 };

/* Whether `needle` (lower case) stands in `s`, ASCII letters folded. */
static bool
holds(struct span s, const char *needle)
{
	const size_t n = strlen(needle);

	for (size_t i = 0; i + n <= s.len; i++) {
		size_t k = 0;

		while (k < n && ascii_lower(s.at[i + k]) == needle[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

static bool
holds_any(struct span s, const char *const *needles)
{
	for (; *needles != NULL; needles++)
		if (holds(s, *needles))
			return true;
	return false;
}

static struct span
field(struct span section, const char *name)
{
	struct span v = header_find(section, name);

	return v.at ? span_trim(v) : (struct span){ "", 0 };
}

/* What the returned message says of itself. */
static void
read_original(struct bounce *b, struct span original)
{
	struct span section = original, body, id, path = { "", 0 };
	struct failure *f = &b->common;

	header_split(original, &section, &body);
	path = field(section, "Return-Path");
	if (path.len > 0) {
		mailbox_find(path, &f->sender);
		f->null_sender = span_equal(path, span_of("<>"));
	}
	f->author = mailbox_from_field(b->arena, field(section, "From"));
	f->subject = field(section, "Subject");
	id = field(section, "Message-ID");
	if (id.len > 2 && id.at[0] == '<' && id.at[id.len - 1] == '>')
		id = span_first(span_skip(id, 1), id.len - 2);
	f->message_id = id;
	f->original_recipient = mailbox_from_field(b->arena, field(section, "To"));
}

static bool
is_auto_reply(struct span header)
{
	struct span submitted = field(header, "Auto-Submitted");

	return (holds(submitted, "auto-replied") && !holds(field(header, "From"), "mailer-daemon")) ||
	    field(header, "X-Autoreply").len > 0 || holds(field(header, "Precedence"), "auto_reply");
}

static bool
looks_like_bounce(struct span header, struct span text)
{
	static const char *const senders[] = { "mailer-daemon", "postmaster", "mail delivery", "mailerdaemon",
		"mail-daemon", "double-bounce", "system administrator", "no-reply-aws", "mdaemon", NULL };
	static const char *const subjects[] = { "undeliver", "returned mail", "delivery status", "delivery fail",
		"failure notice", "mail delivery", "delivery notif", "nondeliverable", "non-delivery", "not delivered",
		"delivery report", "bounce", "could not be delivered", "mail error", "error sending", "rejected", NULL };
	static const char *const words[] = { "could not be delivered", "couldn't be delivered", "wasn't delivered",
		"was not delivered", "undeliverable", "permanent fatal errors", "delivery failed", "unable to deliver",
		"not been delivered", "returned to you", "delivery to the following", "message from yahoo", NULL };
	bool sender = field(header, "X-Failed-Recipients").len > 0 ||
	    holds_any(field(header, "From"), senders) || span_equal(field(header, "Return-Path"), span_of("<>"));

	return sender && (holds_any(field(header, "Subject"), subjects) ||
	    holds_any(span_first(text, 4096), words) || field(header, "X-Failed-Recipients").len > 0);
}

/* Where the copy of the refused message begins in the prose. */
static struct span
before_copy(struct span text, struct span *copy)
{
	static const char *const marks[] = { "--- below this line is a copy of the message", "this is a copy of the message",
		"----- original message -----", "----- unsent message follows", "----- returned message", "-----original message",
		"original message headers", "original message follows", "--- the message ", "----- message header follows",
		"------ forwarded message", "your original message", "--- undelivered message", "----- message headers", NULL };

	*copy = (struct span){ "", 0 };
	for (struct span rest = text; rest.len > 0;) {
		size_t n = span_index(rest, '\n');
		struct span line = span_first(rest, n);

		if (line.len > 8 && (holds_any(line, marks) || span_starts_folded(line, "Received: ") ||
		    span_starts_folded(line, "Return-Path: <"))) {
			*copy = line.at[0] == 'R' ? rest : span_skip(rest, n < rest.len ? n + 1 : n);
			return (struct span){ text.at, (size_t)(line.at - text.at) };
		}
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	return text;
}

static void
open_prose(struct bounce *b, const struct message *m)
{
	struct span copy;

	if (is_auto_reply(m->header)) {
		b->kind = BOUNCE_AUTO_REPLY;
		return;
	}
	if (!looks_like_bounce(m->header, b->text))
		return;
	b->kind = BOUNCE_NOTICE;
	b->common.told_by = FAILURE_NOTICE;
	b->common.action = span_of("failed");
	b->rest = before_copy(b->text, &copy);
	b->text = b->rest;
	b->failed_header = field(m->header, "X-Failed-Recipients");
	b->by_header = b->failed_header.len > 0;
	while (copy.len > 0 && (copy.at[0] == '\n' || copy.at[0] == '\r' || copy.at[0] == ' '))
		copy = span_skip(copy, 1);
	if (copy.len > 0 && b->common.message_id.len == 0)
		read_original(b, copy);
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

static const struct mime_part *
text_part(const struct message *m)
{
	const struct mime_part *p = message_find_part(m, MIME_TEXT_PLAIN);

	return p ? p : message_find_part(m, MIME_TEXT_HTML);
}

void
bounce_open(struct arena *arena, const struct message *m, struct bounce *b)
{
	const struct mime_part *report = message_find_part(m, MIME_DELIVERY_STATUS);
	const struct mime_part *complaint = message_find_part(m, MIME_FEEDBACK_REPORT);
	const struct mime_part *original = message_find_part(m, MIME_MESSAGE);
	const struct mime_part *text = text_part(m);
	struct dsn dsn;
	struct arf arf;

	*b = (struct bounce){ .arena = arena };
	if (original == NULL)
		original = message_find_part(m, MIME_MESSAGE_HEADERS);
	if (original != NULL)
		read_original(b, mime_decode(arena, original));
	if (text != NULL)
		b->text = span_first(mime_text(arena, text), PROSE_SIZE_MAX);
	if (complaint != NULL) {
		struct span part = mime_decode(arena, complaint);

		b->kind = BOUNCE_COMPLAINT;
		b->common.told_by = FAILURE_COMPLAINT;
		b->rest = part;
		if (arf_parse(part, &arf)) {
			b->common.action = arf.feedback_type;
			b->common.reply = line_with(part, "feedback-type:");
			b->common.date = arf.arrival_date;
		}
	} else if (report != NULL) {
		b->kind = BOUNCE_REPORT;
		b->common.told_by = FAILURE_REPORT;
		dsn_parse(mime_decode(arena, report), &dsn, &b->rest);
		b->common.reporting_mta = dsn.reporting_mta;
		b->common.date = dsn.arrival_date;
	} else {
		open_prose(b, m);
	}
}

/* The prose about one recipient: from the line that names it to the next that names another. */
static struct span
prose_about(struct span text, struct span recipient)
{
	const char *at = recipient.len > 0 && text.len > 0 ? memmem(text.at, text.len, recipient.at, recipient.len) : NULL;
	const char *start = at, *end;
	struct span addr;

	if (at == NULL)
		return (struct span){ "", 0 };
	while (start > text.at && start[-1] != '\n')
		start--;
	end = at + recipient.len;
	for (size_t lines = 0; end < text.at + text.len && (size_t)(end - start) < PARAGRAPH_SIZE_MAX; lines++) {
		struct span line = { end, (size_t)(text.at + text.len - end) };

		line = span_first(line, span_index(line, '\n'));
		if (lines > 0 && line.len > 0 && line.at[0] == '<' && mailbox_find(line, &addr) &&
		    !span_equal(addr, recipient))
			break;
		if (lines > LINES_AROUND * 2)
			break;
		end += line.len + (end + line.len < text.at + text.len);
	}
	return span_trim((struct span){ start, (size_t)(end - start) });
}

static bool
is_poor(struct span reply)
{
	return reply.len < POOR_REPLY_SIZE;
}

static bool
take_from_report(struct bounce *b, struct failure *f)
{
	struct dsn_recipient r;
	struct span prose;

	while (dsn_take_recipient(&b->rest, &r)) {
		struct span to = r.final_recipient.len ? r.final_recipient
		    : r.original_recipient.len ? r.original_recipient : r.x_actual_recipient;

		if (span_equal_folded(r.action, span_of("delivered")) || span_equal_folded(r.action, span_of("relayed")) ||
		    span_equal_folded(r.action, span_of("expanded")) || r.status.class == 2) {
			b->n_delivered++;
			continue;
		}
		*f = b->common;
		f->recipient = mailbox_from_dsn(b->arena, to);
		f->original_recipient = r.original_recipient.len ? mailbox_from_dsn(b->arena, r.original_recipient)
		    : (struct span){ "", 0 };
		f->action = r.action.len ? r.action : span_of("failed");
		f->status = r.status;
		f->remote_mta = r.remote_mta;
		f->reply = charset_to_utf8(b->arena, r.diagnostic_code, (struct span){ "", 0 });
		if (is_poor(f->reply) && b->n_taken < PROSE_SEARCHES_MAX) {
			prose = prose_about(b->text, f->recipient);
			if (prose.len == 0 && b->n_taken == 0)
				prose = span_first(b->text, PARAGRAPH_SIZE_MAX);
			if (prose.len > f->reply.len)
				f->reply = prose;
		}
		return true;
	}
	return false;
}

static bool
take_from_complaint(struct bounce *b, struct failure *f)
{
	struct span to;

	*f = b->common;
	if (arf_take_original_rcpt_to(&b->rest, &to)) {
		f->recipient = to;
		return true;
	}
	if (b->n_taken > 0)
		return false;
	f->recipient = b->common.original_recipient;
	return true;
}

static bool
take_from_header(struct bounce *b, struct failure *f)
{
	struct span addr;
	size_t n = span_index(b->failed_header, ',');
	struct span one = span_first(b->failed_header, n);

	if (one.len == 0)
		return false;
	b->failed_header = span_skip(b->failed_header, n < b->failed_header.len ? n + 1 : n);
	*f = b->common;
	f->recipient = mailbox_find(one, &addr) ? addr : span_trim(one);
	f->reply = prose_about(b->text, f->recipient);
	if (f->reply.len == 0)
		f->reply = span_first(b->text, PARAGRAPH_SIZE_MAX);
	return true;
}

/* The first address in the prose that stands at a line's front or in angle brackets. */
static bool
take_from_prose(struct bounce *b, struct failure *f)
{
	while (b->rest.len > 0) {
		size_t n = span_index(b->rest, '\n');
		struct span line = span_trim(span_first(b->rest, n)), addr;
		bool named = line.len > 0 && (line.at[0] == '<' || span_starts_folded(line, "to:") ||
		    span_starts_folded(line, "recipient")) && mailbox_find(line, &addr);

		if (!named && line.len > 0 && mailbox_find(line, &addr))
			named = addr.at == line.at && (addr.len == line.len || line.at[addr.len] == ':' ||
			    line.at[addr.len] == ' ' || line.at[addr.len] == ',');
		b->rest = span_skip(b->rest, n < b->rest.len ? n + 1 : n);
		if (!named)
			continue;
		*f = b->common;
		f->recipient = addr;
		f->reply = prose_about((struct span){ line.at, (size_t)(b->text.at + b->text.len - line.at) }, addr);
		if (is_poor(f->reply))
			f->reply = span_first(b->text, PARAGRAPH_SIZE_MAX);
		return true;
	}
	if (b->n_taken > 0)
		return false;
	*f = b->common;	/* someone was not reached, and the prose does not say who */
	f->recipient = b->common.original_recipient;
	f->reply = span_first(b->text, PARAGRAPH_SIZE_MAX);
	return true;
}

bool
bounce_take_failure(struct bounce *b, struct failure *f)
{
	bool taken = false;

	if (b->kind == BOUNCE_REPORT)
		taken = take_from_report(b, f);
	else if (b->kind == BOUNCE_COMPLAINT)
		taken = take_from_complaint(b, f);
	else if (b->kind == BOUNCE_NOTICE && b->n_taken < BOUNCE_RECIPIENTS_MAX)
		taken = b->by_header ? take_from_header(b, f) : take_from_prose(b, f);
	b->n_taken += taken;
	return taken;
}
