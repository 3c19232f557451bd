/*
 * Postfix's log lines:
 *
 *	Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234: to=<taro@example.jp>,
 *	relay=mx.example.jp[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (...)
 *
 * What a line is, is told by the few bytes behind its tag, so that a busy log
 * is scanned at the speed of finding the tags.
 */
#include "log/log_postfix.h"

#include "log/syslog.h"

enum {
	TAG_AT_MAX = 256, /* the tag begins within so many bytes */
	TAG_MAX = 128, /* "postfix-out/submission/smtpd[123]: " */
	QUEUE_ID_MAX = 24,
};

enum { TAG_BYTE = 1, ID_BYTE = 2 };

static const unsigned char classes[256] = { ['0' ... '9'] = TAG_BYTE | ID_BYTE,
	['A' ... 'Z'] = TAG_BYTE | ID_BYTE,
	['a' ... 'z'] = TAG_BYTE | ID_BYTE,
	['-'] = TAG_BYTE,
	['_'] = TAG_BYTE,
	['/'] = TAG_BYTE,
	['.'] = TAG_BYTE };

static bool
is_of_class(char c, unsigned class)
{
	return (classes[(unsigned char)c] & class) != 0;
}

/* The daemon is the word behind the last "/". */
static void
split_tag(struct log_line *l, struct span name)
{
	const char *slash = memchr(name.at, '/', name.len);
	size_t last = name.len;

	while (last > 0 && name.at[last - 1] != '/')
		last--;
	l->instance = slash ? span_first(name, (size_t)(slash - name.at)) : name;
	l->daemon = slash ? span_skip(name, last) : span_first(name, 0);
}

/* What may stand between the tag's name and the text: "[123]: ",
   RFC 5424's " 123 - - " */
static bool
take_tag_end(struct span *s)
{
	struct span rest = *s;

	if (span_take_char(&rest, '[')) {
		while (rest.len > 0 && ascii_is_digit(rest.at[0]))
			rest = span_skip(rest, 1);
		if (!span_take_char(&rest, ']'))
			return false;
	}
	if (!span_take(&rest, ": ") && !(span_take_char(&rest, ' ') && syslog_take_5424(&rest)))
		return false;
	*s = rest;
	return true;
}

/* Takes "postfix.../...[123]: " where it stands at `at`. */
static bool
take_tag_at(struct span *line, size_t at, struct span *name)
{
	struct span rest = span_skip(*line, at);
	size_t n = 7;
	bool slash = false;

	if (rest.len < 8 || memcmp(rest.at, "postfix", 7) != 0 || (at > 0 && rest.at[-1] != ' '))
		return false;
	for (; n < rest.len && n < TAG_MAX && is_of_class(rest.at[n], TAG_BYTE); n++)
		slash |= rest.at[n] == '/';
	*name = span_first(rest, n);
	rest = span_skip(rest, n);
	if (!slash || !take_tag_end(&rest))
		return false;
	*line = rest;
	return true;
}

/* Whether a tag may stand behind `before`: not within another program's text. */
static bool
is_tag_place(struct span before)
{
	unsigned blanks = 0;

	if (memmem(before.at, before.len, ": ", 2) != NULL)
		return false;
	before = span_trim(before);
	if (before.len < 4 || before.at[0] != '<')
		return true;
	for (size_t i = 0; i < before.len; i++)
		blanks += before.at[i] == ' ';
	return blanks <= 3; /* RFC 5424: version, time, host; older ones with a priority: month, day, time, host */
}

/* Takes all up to the text: the first such word and its end. `at` is where to look first. */
static bool
take_tag(struct span *line, size_t *at, struct span *name)
{
	struct span window = span_first(*line, TAG_AT_MAX);
	const char *found = window.at, *end = window.at + window.len;

	if (*at < window.len && take_tag_at(line, *at, name))
		return true;
	while (end - found > 7 && (found = memmem(found, (size_t)(end - found), "postfix", 7)) != NULL) {
		size_t place = (size_t)(found - line->at);

		if (is_tag_place(span_first(window, place)) && take_tag_at(line, place, name)) {
			*at = place;
			return true;
		}
		found += 7;
	}
	return false;
}

/* Short ids are hexadecimal, long ones (enable_long_queue_ids) any letters and
   digits; both end in ": ". */
static bool
take_queue_id(struct span *text, struct span *queue_id)
{
	size_t n = 0;

	while (n < text->len && n < QUEUE_ID_MAX && is_of_class(text->at[n], ID_BYTE))
		n++;
	if (n < 5 || text->len < n + 2 || text->at[n] != ':' || text->at[n + 1] != ' ')
		return false;
	*queue_id = span_first(*text, n);
	*text = span_skip(*text, n + 2);
	return true;
}

/* The value behind `key` ("status=") where it begins a field. */
static bool
find_value(struct span text, const char *key, struct span *value)
{
	const size_t n = strlen(key);
	const char *at = text.at, *end = text.at + text.len;

	if (span_starts(text, key)) {
		*value = span_skip(text, n);
		return true;
	}
	while ((size_t)(end - at) >= n && (at = memmem(at, (size_t)(end - at), key, n)) != NULL) {
		if (at == text.at || at[-1] == ' ') {
			*value = (struct span){ at + n, (size_t)(end - at) - n };
			return true;
		}
		at += n;
	}
	return false;
}

/* "status=sent (250 ok)": nearly always the first parenthesis stands behind it. */
static bool
find_status(struct span text, struct span *status)
{
	size_t at = span_index(text, '('), n = at > 0 ? at - 1 : 0;

	while (n > 0 && at - n < 32 && text.at[n - 1] != ' ')
		n--;
	*status = span_skip(text, n);
	return span_take(status, "status=") || find_value(text, "status=", status);
}

static enum log_kind
kind_of_delivery(struct span text)
{
	struct span status;

	if (!find_status(text, &status))
		return LOG_OTHER;
	if (span_starts(status, "sent") || span_starts(status, "deliverable"))
		return LOG_DELIVERED;
	return span_starts(status, "deferred") ? LOG_DEFERRED : LOG_FAILURE;
}

static enum log_kind
kind_of_sender(struct span text)
{
	struct span rest = text;
	size_t end = span_index(rest, '>');

	if (end < rest.len && span_starts(span_skip(rest, end), ">, status="))
		return LOG_EXPIRED;
	return LOG_SENDER;
}

static bool
is_reject(struct span text)
{
	return span_take(&text, "reject: ") || span_take(&text, "milter-reject: ");
}

/* A filter that does not answer leaves mail unsigned:
   "warning: connect to Milter service inet:localhost:8891: Connection refused" */
static bool
is_milter_trouble(struct span text)
{
	return span_take(&text, "warning: ") &&
	    (span_starts(text, "connect to Milter service") || span_starts(text, "milter "));
}

static enum log_kind
kind_of_text(struct span text)
{
	if (text.len == 0)
		return LOG_OTHER;
	switch (text.at[0]) {
	case 't': return span_starts(text, "to=<") ? kind_of_delivery(text) : LOG_OTHER;
	case 'f': return span_starts(text, "from=<") ? kind_of_sender(text) : LOG_OTHER;
	case 'm':
		if (span_starts(text, "message-id="))
			return LOG_MESSAGE_ID;
		return is_reject(text) ? LOG_REJECT : LOG_OTHER;
	case 'r':
		if (span_starts(text, "removed"))
			return LOG_REMOVED;
		return is_reject(text) ? LOG_REJECT : LOG_OTHER;
	default: return LOG_OTHER;
	}
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	enum log_kind kind = LOG_FOREIGN;
	struct span name;

	line = span_trim(line);
	s->queue_id = (struct span){ "", 0 };
	if (take_tag(&line, &s->at, &name)) {
		kind = LOG_OTHER;
		if (is_milter_trouble(line))
			kind = LOG_MILTER;
		else if (take_queue_id(&line, &s->queue_id))
			kind = kind_of_text(line);
	}
	s->text = line;
	return kind;
}

/* The value up to "," or a blank. */
static struct span
word_value(struct span text, const char *key)
{
	struct span value = { "", 0 };
	size_t n = 0;

	if (!find_value(text, key, &value))
		return (struct span){ "", 0 };
	while (n < value.len && value.at[n] != ',' && value.at[n] != ' ')
		n++;
	return span_first(value, n);
}

/* The value within "<" and ">"; an address may hold blanks and commas. A
   quoted local-part may even hold ">": the one that ends a field counts. */
static bool
find_path(struct span text, const char *key, struct span *path)
{
	struct span value;

	if (!find_value(text, key, &value) || !span_take_char(&value, '<'))
		return false;
	for (size_t n = 0; n < value.len; n++)
		if (value.at[n] == '>' &&
		    (n + 1 == value.len || value.at[n + 1] == ',' || value.at[n + 1] == ' ' ||
			value.at[n + 1] == ':')) {
			*path = span_first(value, n);
			return true;
		}
	return false;
}

/* "mx.example.jp[192.0.2.1]:25", "none", "local", "dovecot" */
static void
split_relay(struct log_line *l)
{
	struct span rest = l->relay;
	size_t bracket = span_index(rest, '['), end;

	if (span_equal(rest, span_of("none")))
		return;
	l->relay_host = span_first(rest, bracket);
	if (bracket == rest.len)
		return;
	rest = span_skip(rest, bracket + 1);
	end = span_index(rest, ']');
	l->relay_ip = span_first(rest, end);
	rest = span_skip(rest, end);
	if (span_take(&rest, "]:"))
		l->relay_port = rest;
}

/* "status=bounced (host said: 550 no (in reply to RCPT TO command))": the text
   is what the first and the last parenthesis hold. */
static void
read_outcome(struct log_line *l, struct span text)
{
	struct span rest;
	size_t n = 0;

	if (!find_value(text, "status=", &rest))
		return;
	while (n < rest.len && (ascii_is_alpha(rest.at[n]) || rest.at[n] == '-'))
		n++;
	l->outcome = span_first(rest, n);
	rest = span_trim(span_skip(rest, n));
	if (span_take_char(&rest, '(')) {
		if (rest.len > 0 && rest.at[rest.len - 1] == ')')
			rest.len--;
		l->text = rest;
	}
}

/* The fields stand before status=; what stands behind may hold anything. */
static struct span
fields_of(struct span text)
{
	struct span behind;

	if (find_value(text, "status=", &behind))
		text.len = (size_t)(behind.at - text.at);
	return text;
}

static void
read_delivery(struct log_line *l, struct span text)
{
	struct span fields = fields_of(text), dsn;

	find_path(fields, "to=", &l->to);
	find_path(fields, "orig_to=", &l->orig_to);
	l->relay = word_value(fields, "relay=");
	l->delay = word_value(fields, "delay=");
	dsn = word_value(fields, "dsn=");
	enhanced_status_take(&dsn, &l->status);
	split_relay(l);
	read_outcome(l, text);
}

static void
read_sender(struct log_line *l, struct span text)
{
	struct span status;

	if (!find_path(text, "from=", &l->from))
		return;
	l->null_sender = l->from.len == 0;
	if (l->kind == LOG_EXPIRED && find_value(text, "status=", &status)) {
		l->outcome = span_first(status, span_index(status, ','));
		l->text = status;
	}
}

static struct span
message_id_of(struct span text)
{
	span_take(&text, "message-id=");
	text = span_trim(text);
	if (text.len >= 2 && text.at[0] == '<' && text.at[text.len - 1] == '>')
		text = (struct span){ text.at + 1, text.len - 2 };
	return text;
}

/* smtpd says "[192.0.2.9]: 450 4.7.1 no", a milter "[192.0.2.9]: 4.7.1 no". */
static void
read_reject_status(struct log_line *l)
{
	struct span rest = span_skip(l->text, span_index(l->text, ']'));

	if (!span_take(&rest, "]: "))
		return;
	if (!enhanced_status_take(&rest, &l->status) && rest.len > 4) {
		rest = span_skip(rest, 4);
		enhanced_status_take(&rest, &l->status);
	}
}

static struct span
rejected_command(struct span text)
{
	static const struct {
		const char *said, *command;
	} commands[] = { { "RCPT", "RCPT TO" }, { "MAIL", "MAIL FROM" }, { "CONNECT", "connect" },
		{ "END-OF-MESSAGE", "end of DATA" }, { "EHLO", "EHLO" }, { "HELO", "HELO" }, { "DATA", "DATA" } };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (span_starts(text, commands[i].said))
			return span_of(commands[i].command);
	return (struct span){ "", 0 };
}

/* "reject: RCPT from unknown[192.0.2.9]: 450 4.7.1 ...; from=<a@b> to=<c@d>
   proto=ESMTP helo=<h>": from= counts from the last "; " on. */
static void
read_reject(struct log_line *l, struct span text)
{
	size_t at = text.len;
	struct span fields;

	l->text = span_skip(text, span_index(text, ' ') + 1);
	l->outcome = span_of("reject");
	l->command = rejected_command(l->text);
	while (at > 0 && !span_starts(span_skip(text, at), "; from=<"))
		at--;
	if (at == 0)
		return;
	fields = span_skip(text, at + 2);
	l->text.len = (size_t)(text.at + at - l->text.at);
	if (find_path(fields, "from=", &l->from))
		l->null_sender = l->from.len == 0;
	find_path(fields, "to=", &l->to);
	find_path(fields, "helo=", &l->helo);
	read_reject_status(l);
}

/* "Nov 23 10:00:00 mx1 ", "2026-11-23T10:00:00.1+09:00 mx1 ",
   "<22>1 2026-11-23T10:00:00Z mx1 " */
static void
read_before(struct log_line *l, struct span before)
{
	size_t n;

	if (before.len > 0 && before.at[0] == '<') {
		n = span_index(before, '>');
		before = span_skip(before, n < before.len ? n + 1 : 0);
		if (span_starts(before, "1 "))
			before = span_skip(before, 2);
	}
	before = span_trim(before);
	n = before.len;
	while (n > 0 && before.at[n - 1] != ' ')
		n--;
	l->host = span_skip(before, n);
	l->date = span_trim(span_first(before, n));
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	switch (kind) {
	case LOG_SENDER: return find_path(text, "from=", found);
	case LOG_MESSAGE_ID:
		if (!span_starts(text, "message-id="))
			return false;
		*found = message_id_of(text);
		return true;
	case LOG_DELIVERED:
	case LOG_FAILURE:
	case LOG_DEFERRED: return find_path(text, "to=", found);
	default: return false;
	}
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct span name, before;
	size_t at = 0;

	(void)arena;
	(void)heading;
	line = span_trim(line);
	before = line;
	if (!take_tag(&line, &at, &name))
		return false;
	r.kind = LOG_OTHER;
	read_before(&r, span_first(before, (size_t)(name.at - before.at)));
	split_tag(&r, name);
	if (is_milter_trouble(line))
		r.kind = LOG_MILTER;
	else if (take_queue_id(&line, &r.queue_id))
		r.kind = kind_of_text(line);
	switch (r.kind) {
	case LOG_DELIVERED:
	case LOG_FAILURE:
	case LOG_DEFERRED: read_delivery(&r, line); break;
	case LOG_SENDER:
	case LOG_EXPIRED: read_sender(&r, line); break;
	case LOG_MESSAGE_ID: r.message_id = message_id_of(line); break;
	case LOG_REJECT: read_reject(&r, line); break;
	case LOG_REMOVED: break;
	default: r.text = line; break;
	}
	*l = r;
	return true;
}

const struct log_format log_postfix = { .name = "postfix", .scan = scan, .key_field = key_field, .parse = parse };
