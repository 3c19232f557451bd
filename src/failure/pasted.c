#include "failure/pasted.h"

#include <stdio.h>
#include <string.h>

#include "failure/address_key.h"
#include "failure/diagnostic_code.h"
#include "failure/literal.h"
#include "failure/pasted_json.h"
#include "failure/reply_bytes.h"
#include "failure/reply_mark.h"
#include "failure/reply_prefix.h"
#include "failure/session.h"
#include "message/mailbox.h"

enum {
	LEAD_LINES_MAX = 8,
	LEAD_SIZE_MAX = 600,
	BLOCK_LINES_MAX = 12,
	MENTION_SIZE_MAX = 32,
	HEADING_SIZE_MAX = 16,
	ADDRESS_ABOVE_MAX = 4,
	JSON_IN_LINE_MAX = 1024 * 1024
};

struct reading {
	struct arena *arena;
	struct span text;
	size_t at; /* read so far */
	void (*tell)(void *context, const struct failure *f);
	void *context;
	size_t n_told, n_held;
	struct failure held[PASTED_REPEATS_MAX]; /* the latest, not yet told: more may be said of them */
	const struct pasted_object *object; /* JSON that the text stands in, or NULL */
};

/* One reply while it is taken. */
struct taken {
	struct span reply;
	struct span before; /* on its line: what the program says of it */
	size_t end; /* where reading goes on */
	struct span address; /* what names the recipient (or sender) right behind it */
	const struct diagnostic_code *read;
};

static size_t
line_start(const struct reading *r, size_t at)
{
	while (at > r->at && r->text.at[at - 1] != '\n')
		at--;
	return at;
}

static size_t
line_start_anywhere(const struct reading *r, size_t at)
{
	while (at > 0 && r->text.at[at - 1] != '\n')
		at--;
	return at;
}

static struct span
line_at(struct span text, size_t at)
{
	struct span line = span_skip(text, at);

	line = span_first(line, span_index(line, '\n'));
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/*
 * Repeats. One that says more takes the place of one that says less.
 */

static struct span
words_of(struct reading *r, const struct failure *f, struct diagnostic_code *d)
{
	if (f->read != NULL)
		*d = *f->read;
	else
		diagnostic_code_read(r->arena, f->reply, false, d);
	return d->text;
}

static bool
same_recipient(const struct failure *a, const struct failure *b)
{
	return a->recipient.len == 0 || b->recipient.len == 0 || span_equal_folded(a->recipient, b->recipient);
}

static bool
holds(struct span all, struct span part)
{
	return part.len == 0 || (part.len <= all.len && memmem(all.at, all.len, part.at, part.len) != NULL);
}

/* "550 エラー" above replies of that code. */
static bool
is_heading(const struct failure *f, const struct diagnostic_code *a, const struct diagnostic_code *b)
{
	return f->read != NULL && a->status.class == 0 && a->text.len < HEADING_SIZE_MAX && a->code == b->code &&
	    b->text.len > a->text.len;
}

static bool
is_repeat(struct reading *r, struct failure *old, struct failure *new)
{
	struct diagnostic_code a, b;

	if (!same_recipient(old, new))
		return false;
	words_of(r, old, &a);
	words_of(r, new, &b);
	if (a.code != 0 && b.code != 0 && a.code != b.code)
		return false;
	if (a.status.class != 0 && b.status.class != 0 && !enhanced_status_equal(a.status, b.status))
		return false;
	if (a.code == 0 && a.status.class == 0)
		return false;
	if (!holds(a.text, b.text) && !holds(b.text, a.text) && !is_heading(old, &a, &b))
		return false;
	if (b.text.len > a.text.len || (b.text.len == a.text.len && a.code == 0)) {
		old->reply = new->reply;
		old->read = new->read;
	}
	if (old->recipient.len == 0)
		old->recipient = new->recipient;
	if (old->command.len == 0)
		old->command = new->command;
	return true;
}

static void
release(struct reading *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->tell(r->context, &r->held[i]);
	r->n_told += n;
	r->n_held -= n;
	memmove(r->held, r->held + n, r->n_held * sizeof(r->held[0]));
}

static void
hold(struct reading *r, struct failure *f)
{
	for (size_t i = r->n_held; i-- > 0;)
		if (is_repeat(r, &r->held[i], f))
			return;
	if (r->n_held == PASTED_REPEATS_MAX)
		release(r, 1);
	r->held[r->n_held++] = *f;
}

/*
 * How far a reply goes.
 */

/* The line begins with a code of its own, or a status alone. */
static bool
line_has_code(struct span line, struct reply_mark *m)
{
	struct span rest = line;

	reply_mark_skip_before(&rest);
	return reply_mark_find(line, 0, m) && m->at <= (size_t)(rest.at - line.at);
}

static bool
goes_on_with(const struct reply_mark *now, const struct reply_mark *next)
{
	const bool status_fits = now->status.class == 0 || next->status.class == 0 ||
	    enhanced_status_equal(now->status, next->status);

	if (!status_fits)
		return false;
	return next->code == 0 ? next->status.class != 0 && now->status.class != 0
			       : next->code == now->code && now->more;
}

/* 2xx or 3xx: the server's next answer. */
static bool
is_other_answer(struct span line)
{
	uint16_t code;

	reply_mark_skip_before(&line);
	return span_take_digits(&line, 3, 3, &code) && code >= 200 && code < 400 &&
	    (line.len == 0 || line.at[0] == ' ' || line.at[0] == '-');
}

/* A code, a command, a log line, a list's next item, a bracket: no words of the reply before it. */
static bool
begins_something_else(struct span reply, struct span line)
{
	struct span rest = line, command, argument;

	reply_skip_blanks(&rest);
	if (rest.len == 0 || memchr("{}[]|#@", rest.at[0], 7) != NULL || reply_mark_is_item(line) ||
	    is_other_answer(line) || reply_leads(rest) || session_is_command(line, &command, &argument))
		return true;
	if ((unsigned char)rest.at[0] >= 0x80 && span_is_ascii(reply))
		return true; /* prose in another script */
	if (reply_take_phrase(&rest, "at ") || reply_take_phrase(&rest, "file \"") ||
	    reply_take_phrase(&rest, "curl:") || reply_take_phrase(&rest, "from /"))
		return true; /* a traceback */
	return rest.len > 9 && ascii_is_digit(rest.at[0]) && ascii_is_digit(rest.at[1]) &&
	    (rest.at[2] == ':' || (rest.at[4] == '-' && rest.at[7] == '-') || (rest.at[4] == '/' && rest.at[7] == '/'));
}

/* Replies pasted from a mail reader have blank lines within. */
static bool
goes_on_behind_blank(struct span text, size_t at, const struct reply_mark *now)
{
	for (unsigned i = 0; i < 2 && at < text.len; i++) {
		struct span line = line_at(text, at);
		struct reply_mark next;

		if (span_trim(line).len > 0)
			return line_has_code(line, &next) && now->more && goes_on_with(now, &next) &&
			    next.code == now->code;
		at += span_index(span_skip(text, at), '\n') + 1;
	}
	return false;
}

static size_t
running_end(const struct reading *r, const struct reply_mark *first, size_t start)
{
	struct reply_mark now = *first;
	size_t at = first->at, lf;

	while ((lf = at + span_index(span_skip(r->text, at), '\n')) < r->text.len) {
		struct span line = line_at(r->text, lf + 1), reply = { r->text.at + start, lf - start };
		struct reply_mark next;

		if (reply.len > DIAGNOSTIC_CODE_SIZE_MAX)
			return lf;
		if (span_trim(line).len == 0) {
			if (!goes_on_behind_blank(r->text, lf + 1, &now))
				return lf;
		} else if (line_has_code(line, &next)) {
			if (!goes_on_with(&now, &next))
				return lf;
			now.more = next.code != 0 ? next.more : now.more;
			now.status = next.status.class != 0 ? next.status : now.status;
		} else if (begins_something_else(reply, line)) {
			return lf;
		} else if (reply_mark_find(line, 0, &next) && next.status.class != 0 &&
		    reply_mark_is_credible(line, 0, &next)) {
			if (!goes_on_with(&now, &next) && !(next.code == now.code && now.status.class == 0))
				return lf;
			now.status = next.status;
		}
		at = lf + 1;
	}
	return r->text.len;
}

/* "… policy, while Outlook says 550 5.7.515 …" */
static bool
is_said(struct span before)
{
	static const char *const words[] = { " says", " said", " gives", " returns", " returned", " with", " and",
		" or", " then", " got", " get" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const size_t n = strlen(words[i]);

		if (before.len > n && span_equal_folded(span_skip(before, before.len - n), span_of(words[i])))
			return true;
	}
	return false;
}

/* "…」/「552 5.2.2 …", "a@b: 550 no; c@d: 552 full": where within the line another reply begins, or `end`. */
static size_t
parted_end(const struct reading *r, const struct reply_mark *first, size_t end)
{
	size_t lf = first->at + span_index(span_skip(r->text, first->at), '\n');
	struct reply_mark m;

	for (size_t at = first->words; reply_mark_find(span_first(r->text, lf < end ? lf : end), at, &m);
	     at = m.at + 3) {
		size_t k = m.at;

		if (m.code == 0 || m.status.class == 0 ||
		    (m.code == first->code && enhanced_status_equal(m.status, first->status)))
			continue;
		while (k > first->words &&
		    (r->text.at[k - 1] == ' ' || r->text.at[k - 1] == '"' || r->text.at[k - 1] == '\''))
			k--;
		if (k > first->words &&
		    (memchr("/|;,", r->text.at[k - 1], 4) != NULL || (unsigned char)r->text.at[k - 1] >= 0x80 ||
			is_said((struct span){ r->text.at + first->words, k - first->words })))
			return k;
	}
	return end;
}

/* Where on the line what an MTA writes before a reply begins: "host mx said: ", "SMTP error from …". */
static size_t
lead_in_line(const struct reading *r, size_t line, const struct reply_mark *m)
{
	for (size_t i = line; i < m->at && m->at - i < LEAD_SIZE_MAX; i++) {
		struct span rest = { r->text.at + i, r->text.len - i };

		if ((i == line || memchr(" (\t:", r->text.at[i - 1], 4) != NULL) &&
		    (memchr("hHsSrRlL.", rest.at[0], 9) != NULL || (i == line && rest.at[0] == '<')) &&
		    reply_leads(rest))
			return i;
	}
	return m->at;
}

/* Lines above that lead to it. */
static size_t
lead_above(const struct reading *r, size_t line, size_t start)
{
	size_t at = line;

	for (unsigned i = 0; i < LEAD_LINES_MAX && at > r->at; i++) {
		size_t above = line_start(r, at - 1);
		struct span text = line_at(r->text, above), rest = text;

		if (span_trim(text).len == 0)
			break;
		reply_skip_blanks(&rest);
		if (reply_leads(rest))
			start = (size_t)(rest.at - r->text.at);
		at = above;
	}
	return start;
}

/*
 * The forms of a reply.
 */

static struct span
with_codes(struct arena *arena, uint16_t code, struct enhanced_status s, struct span words)
{
	char head[24];
	size_t n = 0;
	char *to;

	if (code != 0)
		n += (size_t)snprintf(head, sizeof(head), "%u ", code);
	if (s.class != 0)
		n += (size_t)snprintf(head + n, sizeof(head) - n, "%u.%u.%u ", s.class, s.subject, s.detail);
	to = arena_take(arena, n + words.len + 1);
	memcpy(to, head, n);
	if (words.len > 0)
		memcpy(to + n, words.at, words.len);
	return span_trim((struct span){ to, n + words.len });
}

/* smtplib, aiosmtplib: "(550, b'5.1.1 no such\nuser', 'a@b')" */
static bool
take_tuple(struct reading *r, const struct reply_mark *m, struct taken *t)
{
	struct span rest = span_skip(r->text, m->at + 3), behind;
	size_t open, end;

	if (m->code == 0 || m->at == 0 || r->text.at[m->at - 1] != '(' || !span_take_char(&rest, ','))
		return false;
	reply_skip_blanks(&rest);
	span_take_char(&rest, 'b');
	if (!span_take_char(&rest, '\'') && !span_take_char(&rest, '"'))
		return false;
	open = (size_t)(rest.at - r->text.at);
	end = literal_end(r->text, open);
	if (end == 0)
		return false;
	t->reply = with_codes(r->arena, m->code, (struct enhanced_status){ 0 },
	    literal_unescape(r->arena, (struct span){ rest.at, end - open }));
	behind = span_first(span_skip(r->text, end + 1), 300);
	if (span_take_char(&behind, ','))
		mailbox_find(span_first(behind, span_index(behind, ')')), &t->address);
	t->end = end + 1;
	return true;
}

static bool
take_quoted(struct reading *r, const struct reply_mark *m, struct taken *t)
{
	size_t end = literal_end(r->text, m->at);

	if (end == 0 || end <= m->at)
		return false;
	t->reply = span_trim(literal_unescape(r->arena, (struct span){ r->text.at + m->at, end - m->at }));
	t->end = end + 1;
	return true;
}

/* "code = 552, details = \"5.2.2 Mailbox full\"": what the line says of it further on. */
static bool
take_joined(struct reading *r, const struct reply_mark *m, struct taken *t)
{
	struct span line = span_first(r->text, m->at + span_index(span_skip(r->text, m->at), '\n'));
	struct reply_mark next;
	size_t end;

	if (!reply_mark_find(line, m->at + 3, &next) || (next.code != 0 && next.code != m->code) ||
	    (next.code == 0 && next.status.class != m->code / 100) || (end = literal_end(line, next.at)) == 0)
		return false;
	t->reply = literal_unescape(r->arena, (struct span){ line.at + next.at, end - next.at });
	if (next.code == 0)
		t->reply = with_codes(r->arena, m->code, (struct enhanced_status){ 0 }, t->reply);
	t->end = end + 1;
	return true;
}

/* "5.7.1 not owned by user SMTP code: 553", "4.7.1 Ratelimit exceeded (451)": the code stands behind. */
static uint16_t
code_behind(struct span reply, const struct reply_mark *m, size_t from)
{
	struct reply_mark next;

	for (size_t at = from; reply_mark_find(reply, at, &next); at = next.at + 3)
		if (next.code / 100 == m->status.class && reply_mark_is_bare(reply, &next) &&
		    (reply_mark_is_credible(reply, 0, &next) || next.at + 5 >= reply.len))
			return next.code;
	return 0;
}

/* "this message is4.7.0 suspicious": line ends were lost, and the status of the next line stands on. */
static struct span
unglued(struct arena *arena, struct enhanced_status s, struct span words)
{
	char status[24], *to;
	const char *at;
	size_t n = (size_t)snprintf(status, sizeof(status), "%u.%u.%u ", s.class, s.subject, s.detail), len = 0;

	if (s.class == 0 || words.len == 0 || !span_holds(words, status))
		return words;
	to = arena_take(arena, words.len);
	while (words.len > 0 && (at = memmem(words.at, words.len, status, n)) != NULL) {
		memcpy(to + len, words.at, (size_t)(at - words.at));
		len += (size_t)(at - words.at);
		to[len++] = ' ';
		words = span_skip(words, (size_t)(at - words.at) + n);
	}
	if (words.len > 0)
		memcpy(to + len, words.at, words.len);
	return (struct span){ to, len + words.len };
}

static const struct diagnostic_code *
read_as(struct reading *r, uint16_t code, struct enhanced_status status, struct span words)
{
	struct diagnostic_code *d = arena_take_items(r->arena, 1, sizeof(*d));

	diagnostic_code_read(r->arena, with_codes(r->arena, code, status, unglued(r->arena, status, words)), false, d);
	return d;
}

/* A code that is only mentioned: "gmail 421", 「エラーコード550 Gmail」. All of the line is kept, and read as that code's. */
static void
take_mention(struct reading *r, size_t line, const struct reply_mark *m, struct taken *t)
{
	struct span all = line_at(r->text, line), before = { r->text.at + line, m->at - line };
	size_t code_end = m->code != 0 && m->status.class == 0 ? m->at + 3 : m->words;
	struct span behind = { r->text.at + code_end, (size_t)(all.at + all.len - (r->text.at + code_end)) };
	char *to = arena_take(r->arena, all.len + 2);

	if (code_end > (size_t)(all.at + all.len - r->text.at))
		behind = (struct span){ "", 0 };
	memcpy(to, before.at, before.len);
	to[before.len] = ' ';
	memcpy(to + before.len + 1, behind.at, behind.len);
	t->read = read_as(r, m->code, m->status, span_trim((struct span){ to, before.len + 1 + behind.len }));
	t->reply = span_trim(all);
	t->end = (size_t)(all.at + all.len - r->text.at);
}

static bool
is_mention(const struct reading *r, size_t line, const struct reply_mark *m)
{
	struct span before = { r->text.at + line, m->at - line }, rest = before, behind = line_at(r->text, m->words);
	size_t letters = 0;

	if (m->words > m->at + span_index(span_skip(r->text, m->at), '\n'))
		behind = (struct span){ "", 0 };
	reply_mark_skip_before(&rest);
	if (m->more || (rest.len == 0 && m->code == 0))
		return false;
	for (size_t i = 0; i < behind.len; i++)
		letters += ascii_is_alpha(behind.at[i]);
	if (rest.len == 0)
		return letters < 8 && behind.len > 0 && behind.len < 24 && span_holds(behind, "mail") == false &&
		    m->status.class == 0;
	while (before.len > 0 && ascii_is_blank(before.at[before.len - 1]))
		before.len--;
	if (before.len > 1 && before.at[before.len - 1] == '(' && behind.len > 0 && behind.at[0] == ')')
		return letters < 8; /* "… not accepted (550-5.7.26)" */
	return letters < 8 && before.len > 0 && memchr(":='\"(>", before.at[before.len - 1], 6) == NULL;
}

static void
take_running(struct reading *r, size_t line, const struct reply_mark *m, struct taken *t)
{
	size_t start = lead_in_line(r, line, m), end;
	uint16_t code = m->code;

	if (start == m->at || start == line)
		start = lead_above(r, line, start);
	end = running_end(r, m, m->at);
	t->end = end = parted_end(r, m, end);
	if (start == m->at && m->at > 0 && r->text.at[m->at - 1] == '#')
		start--;
	t->reply = span_trim((struct span){ r->text.at + start, end - start });
	if (code == 0)
		code = code_behind(t->reply, m, m->words - start);
	if (m->odd || code != m->code)
		t->read = read_as(
		    r, code, m->status, (struct span){ r->text.at + m->words, end > m->words ? end - m->words : 0 });
}

static void
take_bare(struct reading *r, const struct reply_mark *m, struct taken *t)
{
	t->end = m->code != 0 && m->status.class == 0 ? m->at + 3 : m->words;
	t->reply = span_trim((struct span){ r->text.at + m->at, t->end - m->at });
}

static bool
ends_line(struct span text, const struct reply_mark *m)
{
	struct span rest = line_at(text, m->at + 3);

	return span_trim(rest).len == 0;
}

static void
take_reply(struct reading *r, size_t line, const struct reply_mark *m, struct taken *t)
{
	*t = (struct taken){ .before = { r->text.at + line, m->at - line } };
	if (take_tuple(r, m, t) || take_quoted(r, m, t))
		return;
	if (m->code != 0 && m->status.class == 0 && reply_mark_is_bare(r->text, m) && !ends_line(r->text, m)) {
		if (!take_joined(r, m, t))
			take_bare(r, m, t);
	} else if (is_mention(r, line, m)) {
		take_mention(r, line, m, t);
	} else {
		take_running(r, line, m, t);
	}
}

/*
 * Whose it is, and which command it answers.
 */

/* What programs call the step that failed. */
static struct span
command_said(struct span before)
{
	static const struct {
		const char *words, *command;
	} steps[] = { { "recipientsrefused", "RCPT TO" }, { "recipientrefused", "RCPT TO" }, { "rcpt to", "RCPT TO" },
		{ "addressfailed", "RCPT TO" }, { "failedrecipient", "RCPT TO" }, { "rcpt failed", "RCPT TO" },
		{ "recipients were rejected", "RCPT TO" }, { "recipient command failed", "RCPT TO" },
		{ "senderrefused", "MAIL FROM" }, { "senderfailed", "MAIL FROM" }, { "mail from", "MAIL FROM" },
		{ "mail command failed", "MAIL FROM" }, { "mail failed", "MAIL FROM" }, { "data end", "end of DATA" },
		{ "message failed", "end of DATA" }, { "dataerror", "DATA" }, { "data command", "DATA" },
		{ "authenticationerror", "AUTH" }, { "authenticationfailed", "AUTH" }, { "invalid login", "AUTH" },
		{ "password command", "AUTH" }, { "invalid greeting", "connect" }, { "heloerror", "EHLO" },
		{ "connecterror", "connect" } };
	char folded[240];

	if (before.len > sizeof(folded))
		before = span_skip(before, before.len - sizeof(folded));
	for (size_t i = 0; i < before.len; i++)
		folded[i] = ascii_lower(before.at[i]);
	before.at = folded;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span_holds(before, steps[i].words))
			return span_of(steps[i].command);
	return (struct span){ "", 0 };
}

/* "550 5.1.1 <taro@example.jp>: Recipient address rejected"; a sender's address may stand there too. */
static struct span
recipient_in_words(struct span reply)
{
	struct reply_mark m;
	struct span words, address;

	if (!reply_mark_find(reply, 0, &m))
		return (struct span){ "", 0 };
	words = span_skip(reply, m.words);
	if (!mailbox_take(&words, &address) && (!span_take_char(&words, '<') || !mailbox_take(&words, &address)))
		return (struct span){ "", 0 };
	words = span_first(words, 40);
	if (!span_starts(words, ">") && !span_starts(words, ":") && !span_starts(words, " ") &&
	    !span_starts(words, "..."))
		return (struct span){ "", 0 };
	while (words.len > 0 && !ascii_is_alpha(words.at[0]))
		words = span_skip(words, 1);
	if (span_starts_folded(words, "sender") || span_starts_folded(words, "helo") ||
	    span_starts_folded(words, "client"))
		return (struct span){ "", 0 };
	return address;
}

/* Lines around that belong to it, up to a blank one: an error object's. */
static struct span
block_around(const struct reading *r, size_t line, size_t end)
{
	size_t from = line, to = end;

	for (unsigned i = 0; i < BLOCK_LINES_MAX && from > r->at; i++) {
		size_t above = line_start(r, from - 1);

		if (span_trim(line_at(r->text, above)).len == 0)
			break;
		from = above;
	}
	for (unsigned i = 0; i < BLOCK_LINES_MAX && to < r->text.len; i++) {
		size_t next = to + span_index(span_skip(r->text, to), '\n') + 1;
		struct reply_mark m;
		struct span below = next < r->text.len ? line_at(r->text, next) : (struct span){ "", 0 };

		if (span_trim(below).len == 0 || (reply_mark_find(below, 0, &m) && m.status.class != 0))
			break;
		to = next + below.len;
	}
	return (struct span){ r->text.at + from, to - from };
}

/* "taro@example.jp", and below it what is said of it. */
static bool
address_above(const struct reading *r, size_t line, struct span *address)
{
	for (unsigned i = 0; i < ADDRESS_ABOVE_MAX && line > r->at; i++) {
		line = line_start(r, line - 1);
		if (span_trim(line_at(r->text, line)).len == 0)
			return false;
		if (address_key_is_line(line_at(r->text, line), address))
			return true;
	}
	return false;
}

static bool
is_sender_stage(struct span command)
{
	return span_equal(command, span_of("MAIL FROM")) || span_equal(command, span_of("EHLO")) ||
	    span_equal(command, span_of("HELO")) || span_equal(command, span_of("connect")) ||
	    span_equal(command, span_of("AUTH"));
}

static void
find_recipient(struct reading *r, size_t line, const struct taken *t, const struct session *s, struct failure *f)
{
	struct span whole = line_at(r->text, line), rest = { r->text.at + t->end, 0 };

	if (t->end < (size_t)(whole.at + whole.len - r->text.at))
		rest.len = (size_t)(whole.at + whole.len - rest.at);
	if (t->address.len > 0 && !span_equal(f->command, span_of("MAIL FROM")))
		f->recipient = t->address;
	if (f->recipient.len == 0 && !address_key_before_reply(t->before, &f->recipient))
		f->recipient = recipient_in_words(t->reply);
	if (f->recipient.len == 0 && !address_key_find(span_first(t->reply, 1200), &f->recipient) &&
	    !address_key_find(span_first(rest, 1200), &f->recipient) && t->reply.at >= r->text.at &&
	    t->reply.at < t->before.at)
		address_key_before_reply(
		    (struct span){ t->reply.at, (size_t)(t->before.at - t->reply.at) }, &f->recipient);
	if (f->recipient.len == 0)
		f->recipient = s->recipient;
	if (f->recipient.len == 0 && r->object == NULL && !address_above(r, line, &f->recipient))
		address_key_find(block_around(r, line, t->end), &f->recipient);
}

/* What the same line says before a reply that was taken off it. */
static struct span
line_so_far(const struct reading *r, size_t at)
{
	size_t start = at;

	while (start > 0 && at - start < LEAD_SIZE_MAX && r->text.at[start - 1] != '\n')
		start--;
	return (struct span){ r->text.at + start, at - start };
}

static void
note_reply(struct reading *r, size_t line, const struct taken *t, bool in_document)
{
	struct failure f = { .told_by = FAILURE_REPLY, .reply = t->reply, .read = t->read };
	struct session s;

	session_before(r->text, r->at, line, &s);
	f.command = command_said(t->before);
	if (f.command.len == 0 && line == r->at)
		f.command = command_said(line_so_far(r, line));
	if (f.command.len == 0 && r->object != NULL)
		f.command = r->object->command;
	if (f.command.len == 0)
		f.command = s.command;
	f.sender = s.sender;
	if (t->address.len > 0 && span_equal(f.command, span_of("MAIL FROM")))
		f.sender = t->address;
	if (!is_sender_stage(f.command) || r->object != NULL)
		find_recipient(r, line, t, &s, &f);
	if (f.recipient.len == 0 && r->object != NULL)
		f.recipient = r->object->recipient;
	if (in_document)
		f.at = (size_t)(t->before.at - r->text.at) + t->before.len;
	hold(r, &f);
}

/*
 * The whole text.
 */

static void read_text(struct reading *r);

static void
read_object(void *context, const struct pasted_object *object, struct span text)
{
	struct reading *outer = context, *r = arena_take_items(outer->arena, 1, sizeof(*r));

	*r = (struct reading){ .arena = outer->arena, .text = text, .tell = NULL, .object = object };
	if (object->composed) {
		struct failure f = { .told_by = FAILURE_REPLY,
			.reply = text,
			.recipient = object->recipient,
			.command = object->command };

		if (f.recipient.len == 0)
			address_key_find(text, &f.recipient);
		hold(outer, &f);
		return;
	}
	read_text(r);
	for (size_t i = 0; i < r->n_held; i++)
		hold(outer, &r->held[i]);
}

/* A line that is JSON or ends in it: "smtp: RCPT error\t{\"to\":…}" */
static bool
take_json(struct reading *r, size_t line, const struct reply_mark *m)
{
	struct span all = line_at(r->text, line), rest = all, value;
	const char *brace;

	if (r->object != NULL || all.len > JSON_IN_LINE_MAX)
		return false;
	brace = memmem(all.at, all.len, "{\"", 2);
	if (brace == NULL || brace >= r->text.at + m->at)
		return false;
	rest = span_skip(all, (size_t)(brace - all.at));
	if (!pasted_json_take(&rest, &value))
		return false;
	pasted_json_read(r->arena, value, read_object, r);
	r->at = (size_t)(value.at + value.len - r->text.at);
	return true;
}

/* "<taro@example.jp>: connect to mx.example.jp[192.0.2.1]:25: Connection timed out": no code, and yet what became of one. */
static void
note_words(struct reading *r, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += span_index(span_skip(r->text, at), '\n') + 1) {
		struct span line = line_at(r->text, at), rest = line, address, all = { r->text.at + at, 0 };
		struct failure f = { .told_by = FAILURE_REPLY, .at = at };

		if (!span_take_char(&rest, '<') || !mailbox_take(&rest, &address) || !span_take(&rest, ">: "))
			continue;
		do {
			all.len += span_index(span_skip(r->text, at + all.len), '\n') + 1;
		} while (at + all.len < to && ascii_is_blank(r->text.at[at + all.len]));
		if (at + all.len > to + 1)
			return;
		f.recipient = address;
		f.reply = span_trim(span_first(all, r->text.len - at));
		hold(r, &f);
		at += all.len > 1 ? all.len - 2 : 0;
	}
}

/* By what stands behind the last reply of the line, or else by all of the line. */
static bool
is_credible(const struct reading *r, size_t line, const struct reply_mark *m)
{
	const struct span all = span_trim(r->text);
	size_t start = (size_t)(line_so_far(r, line).at - r->text.at);

	if (r->object == NULL && all.len < MENTION_SIZE_MAX && !ascii_is_digit(all.at[0]) && m->code != 0 &&
	    reply_mark_is_bare(r->text, m))
		return true; /* "docomo 550": what a person types first */
	return reply_mark_is_credible(r->text, line, m) || (start < line && reply_mark_is_credible(r->text, start, m));
}

/* swaks shows the message sent, line by line behind its arrow. */
static bool
is_message_line(const struct reading *r, size_t line)
{
	struct span s = line_at(r->text, line);

	reply_skip_blanks(&s);
	return span_starts(s, "-> ") || span_starts(s, "~> ") || span_starts(s, "CLIENT -> SERVER:");
}

/* "<<< 550 5.7.1 no" and below it "550 5.1.1 <taro@example.jp>... User unknown": sendmail's own last word,
   which the reply belies. */
static bool
is_summed_up(const struct reading *r, size_t line)
{
	struct span rest = line_at(r->text, line), above;
	uint16_t code;

	if (line == 0 || !span_take_digits(&rest, 3, 3, &code) || code < 400)
		return false;
	above = line_at(r->text, line_start_anywhere(r, line - 1));
	return span_take(&above, "<<< ") && span_take_digits(&above, 3, 3, &code) && code >= 400;
}

static void
read_text(struct reading *r)
{
	size_t at = 0;
	struct reply_mark m;

	while (reply_mark_find(r->text, at, &m)) {
		const size_t line = line_start(r, m.at);
		struct taken t;

		if (take_json(r, line, &m)) {
			at = r->at;
			continue;
		}
		if (!is_credible(r, line, &m) || is_message_line(r, line) || is_summed_up(r, line)) {
			at = m.at + 3;
			continue;
		}
		take_reply(r, line, &m, &t);
		note_words(r, r->at,
		    t.reply.at >= r->text.at + r->at && t.reply.at < r->text.at + line
			? (size_t)(t.reply.at - r->text.at)
			: line);
		note_reply(r, line, &t, r->object == NULL);
		at = t.end > m.at + 3 ? t.end : m.at + 3;
		r->at = at;
	}
	if (r->n_held + r->n_told > 0)
		note_words(r, r->at + span_index(span_skip(r->text, r->at), '\n') + 1, r->text.len);
}

/* Full-width digits are read as their ASCII. */
static struct span
narrow(struct arena *arena, struct span s)
{
	char *to;
	size_t n = 0;

	if (s.len == 0 || memmem(s.at, s.len, "\xef\xbc", 2) == NULL)
		return s;
	to = arena_take(arena, s.len);
	for (size_t i = 0; i < s.len;) {
		unsigned char last = i + 2 < s.len ? (unsigned char)s.at[i + 2] : 0;

		if (last >= 0x8d && last <= 0x99 && memcmp(s.at + i, "\xef\xbc", 2) == 0) {
			to[n++] = (char)(last - 0x8d + '-');
			i += 3;
		} else {
			to[n++] = s.at[i++];
		}
	}
	return (struct span){ to, n };
}

/* A session with good answers alone. */
static bool
all_went_well(struct span text)
{
	static const char *const trouble[] = { "rror", "RROR", "ailed", "imed out", "imeout", "efused", "losed" };
	bool answered = false;
	struct span head = span_first(text, PASTED_WORDS_MAX);

	for (size_t i = 0; i < sizeof(trouble) / sizeof(trouble[0]); i++)
		if (span_holds(head, trouble[i]))
			return false;
	for (size_t at = 0; at < head.len && !answered; at += span_index(span_skip(head, at), '\n') + 1)
		answered = is_other_answer(line_at(head, at));
	return answered;
}

static bool
address_on_line_alone(struct span text, struct span *address)
{
	for (size_t at = 0; at < text.len; at += span_index(span_skip(text, at), '\n') + 1)
		if (address_key_is_line(line_at(text, at), address))
			return true;
	return false;
}

/* A TXT record, as a zone or a panel shows it. */
static bool
is_record(struct span text)
{
	return span_holds(text, "v=DMARC1") || span_holds(text, "v=DKIM1") || span_holds(text, "v=spf1 ");
}

/* No code at all: the words of a reply, perhaps. */
static void
tell_words(struct reading *r)
{
	struct failure f = { .told_by = FAILURE_REPLY, .reply = span_trim(r->text) };

	if (f.reply.len == 0 || f.reply.len > PASTED_WORDS_MAX || is_record(f.reply))
		return;
	if (!address_on_line_alone(f.reply, &f.recipient))
		address_key_find(f.reply, &f.recipient);
	hold(r, &f);
}

size_t
pasted_read(struct arena *arena, struct span text, void (*tell)(void *context, const struct failure *f), void *context)
{
	struct reading *r = arena_take_items(arena, 1, sizeof(*r));
	struct span rest = span_trim(text), value;

	*r = (struct reading){ .arena = arena, .text = narrow(arena, text), .tell = tell, .context = context };
	if (rest.len > 0 && (rest.at[0] == '{' || rest.at[0] == '[') && pasted_json_take(&rest, &value) &&
	    span_trim(rest).len == 0) {
		pasted_json_read(arena, value, read_object, r);
		if (r->n_held + r->n_told == 0)
			pasted_json_read_words(arena, value, read_object, r);
	} else {
		read_text(r);
		if (r->n_held + r->n_told == 0 && !all_went_well(r->text))
			tell_words(r);
	}
	release(r, r->n_held);
	return r->n_told;
}

bool
pasted_holds_reply(struct span text)
{
	struct reply_mark m;

	for (size_t at = 0; reply_mark_find(text, at, &m); at = m.at + 3) {
		size_t line = m.at;

		while (line > at && text.at[line - 1] != '\n')
			line--;
		if (reply_mark_is_credible(text, line, &m))
			return true;
	}
	return false;
}
