#include "log/log_exim.h"

#include "log/log_field.h"
#include "log/syslog.h"

/* "1rXyZa-000123-AB", since 4.97 "1rXyZa-00000000123-ABCD" */
static bool
take_message_id(struct span *s, struct span *id)
{
	unsigned part = 0;
	size_t n = 0, len[3] = { 0 };

	for (; n < s->len && n < 24 && s->at[n] != ' '; n++)
		if (s->at[n] == '-' && part < 2)
			part++;
		else if (ascii_is_alnum(s->at[n]))
			len[part]++;
		else
			return false;
	if (part != 2 || len[0] != 6 || !((len[1] == 6 && len[2] == 2) || (len[1] == 11 && len[2] == 4)) ||
	    n == s->len || s->at[n] != ' ')
		return false;
	*id = span_first(*s, n);
	*s = span_skip(*s, n + 1);
	return true;
}

/* "[123] " */
static void
skip_pid(struct span *s)
{
	size_t end = span_index(*s, ']');

	if (s->len > 0 && s->at[0] == '[' && end < 12 && end + 1 < s->len && s->at[end + 1] == ' ')
		*s = span_skip(*s, end + 2);
}

/* "[1/2] ": a long line through syslog comes in pieces. */
static void
skip_piece(struct span *s)
{
	if (s->len > 6 && s->at[0] == '[' && s->at[2] == '/' && s->at[4] == ']' && s->at[5] == ' ')
		*s = span_skip(*s, 6);
}

struct parts {
	struct span date, host, id;
};

static bool
take_own_front(struct span *line, struct parts *p)
{
	struct span rest = *line;

	if (!syslog_take_date(&rest, &p->date))
		return false;
	skip_pid(&rest);
	if (!take_message_id(&rest, &p->id))
		return false;
	skip_pid(&rest);
	*line = rest;
	return true;
}

/* Its own date, syslog's before it, or syslog's alone. */
static bool
take_front(struct span *line, struct parts *p)
{
	struct syslog s;

	p->host = (struct span){ "", 0 };
	if (take_own_front(line, p))
		return true;
	if (!syslog_parse(*line, &s) || !span_starts_folded(s.ident, "exim"))
		return false;
	*line = s.text;
	p->host = s.host;
	skip_piece(line);
	if (take_own_front(line, p))
		return true;
	p->date = s.date;
	skip_pid(line);
	return take_message_id(line, &p->id);
}

static bool
starts(struct span s, const char *two)
{
	return s.len > 3 && s.at[0] == two[0] && s.at[1] == two[1] && s.at[2] == ' ';
}

static enum log_kind
kind_of(struct span text)
{
	if (starts(text, "<="))
		return LOG_SENDER;
	if (starts(text, "=>") || starts(text, "->") || starts(text, ">>"))
		return LOG_DELIVERED;
	if (starts(text, "**"))
		return LOG_FAILURE;
	if (starts(text, "=="))
		return span_holds(text, "retry time not reached") ? LOG_OTHER : LOG_DEFERRED; /* nothing was tried */
	return span_equal(text, span_of("Completed")) ? LOG_REMOVED : LOG_OTHER;
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct parts p = { .id = { "", 0 } };
	enum log_kind kind = LOG_FOREIGN;

	s->text = line;
	if (take_front(&line, &p)) {
		s->text = line;
		kind = kind_of(line);
	}
	s->queue_id = p.id;
	return kind;
}

/* "taro@example.jp <info@example.jp> F=…", "/var/mail/taro <taro@example.jp> R=…", "|prog <a@b>":
   the address, and the one it was redirected from. */
static void
split_address(struct span text, struct span *to, struct span *original)
{
	struct span rest = span_skip(text, 3), first;
	size_t n = 0;

	for (bool quoted = false; n < rest.len && (quoted || (rest.at[n] != ' ' && rest.at[n] != ':')); n++)
		if (rest.at[n] == '"')
			quoted = !quoted;
	first = span_first(rest, n);
	rest = span_skip(rest, n);
	*to = first;
	*original = (struct span){ "", 0 };
	while (rest.len > 1 && rest.at[0] == ' ' && rest.at[1] == '(') /* "(parent address)" */
		rest = span_skip(rest, span_index(rest, ')') < rest.len ? span_index(rest, ')') + 1 : rest.len);
	if (rest.len > 2 && rest.at[0] == ' ' && rest.at[1] == '<') {
		rest = span_skip(rest, 2);
		*original = span_first(rest, span_index(rest, '>'));
	}
	if (span_index(*to, '@') == to->len && original->len > 0) /* a file, a pipe, an unqualified name */
		*to = *original;
	if (to->len > 2 && to->at[0] == '<' && to->at[to->len - 1] == '>')
		*to = (struct span){ to->at + 1, to->len - 2 };
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	struct span original;

	switch (kind) {
	case LOG_SENDER:
		*found = span_skip(text, 3);
		*found = span_first(*found, span_index(*found, ' '));
		if (span_equal(*found, span_of("<>")))
			*found = (struct span){ "", 0 };
		return true;
	case LOG_MESSAGE_ID: return *found = log_field_value(text, "id="), found->len > 0;
	case LOG_DELIVERED:
	case LOG_FAILURE:
	case LOG_DEFERRED: return split_address(text, found, &original), true;
	default: return false;
	}
}

/* Where what was said begins: behind ": " once the fields are over. */
static struct span
said_in(struct span text)
{
	static const char *const fields[] = { "R=", "T=", "H=", "F=", "P=", "X=", "I=", "DT=", "QT=", "RT=", "PRX=",
		"DS=", "CV=", "DN=", "C=", "S=", "K", "TFO", "L", "PIPE", NULL };
	struct span rest = text;

	while (rest.len > 0) {
		size_t n = span_index(rest, ' ');
		struct span word = span_first(rest, n), next = span_skip(rest, n < rest.len ? n + 1 : n);
		bool field = false;

		for (size_t i = 0; fields[i] != NULL && !field; i++)
			field = word.len >= 1 && span_starts_folded(word, fields[i]) &&
			    (fields[i][strlen(fields[i]) - 1] == '=' || word.len == strlen(fields[i]));
		if (word.len > 1 && word.at[word.len - 1] == ':' && (field || word.at[0] == '['))
			return next;
		if (!field && word.len > 0 && word.at[0] != '[')
			return rest;
		rest = next;
	}
	return text;
}

/* "defer (-44) H=…: SMTP error", "defer (110): Connection timed out" */
static void
skip_defer(struct span *text)
{
	size_t end = span_index(*text, ')');

	if (!span_starts_folded(*text, "defer (") || end == text->len)
		return;
	*text = span_skip(*text, end + 1);
	span_take_char(text, ':');
	span_take_char(text, ' ');
}

/* A line end in a reply is written as the two characters "\\n". */
static struct span
with_line_ends(struct arena *arena, struct span text)
{
	char *to;
	size_t n = 0;

	if (memmem(text.at, text.len, "\\n", 2) == NULL)
		return text;
	to = arena_take(arena, text.len);
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] == 'n') {
			to[n++] = '\n';
			i++;
		} else {
			to[n++] = text.at[i];
		}
	return (struct span){ to, n };
}

/* "Connection timed out H=mx.example.jp [192.0.2.1]": behind the words where nothing was said by the host. */
static struct span
without_relay(struct log_line *l, struct span said)
{
	const char *at = memmem(said.at, said.len, " H=", 3);

	if (at == NULL || said.at[said.len - 1] != ']')
		return said;
	l->relay = span_skip(said, (size_t)(at - said.at) + 3);
	log_field_split_host(l->relay, &l->relay_host, &l->relay_ip);
	return span_first(said, (size_t)(at - said.at));
}

static struct span
behind(struct span text, struct span part)
{
	const char *end = part.at + part.len;

	return (struct span){ end, (size_t)(text.at + text.len - end) };
}

static void
read_delivery(struct arena *arena, struct log_line *l, struct span text)
{
	struct span rest, said, sender;
	size_t skipped;

	split_address(text, &l->to, &l->orig_to);
	l->outcome = span_first(text, 2);
	rest = behind(text, l->to);
	if (l->orig_to.len > 0)
		rest = behind(text, l->orig_to);
	if (!span_take_char(&rest, ':'))
		rest = span_skip(rest, rest.len > 0 && rest.at[0] == '>');
	rest = span_trim(rest);
	said = said_in(rest);
	skip_defer(&said);
	said = said_in(said); /* "defer (-44) H=mx [192.0.2.1]: …" */
	skipped = (size_t)(said.at - rest.at);
	rest = span_first(rest, skipped);
	if (log_field_find(rest, "F=", &sender)) {
		l->from = log_field_value(rest, "F=");
		l->null_sender = l->from.len == 0;
	}
	if (log_field_find(rest, "H=", &l->relay)) {
		struct span relay = l->relay;
		size_t end = span_index(relay, ']');

		l->relay = span_first(relay, end < relay.len ? end + 1 : span_index(relay, ':'));
		log_field_split_host(l->relay, &l->relay_host, &l->relay_ip);
	}
	if (log_field_find(rest, "I=[", &l->source_ip))
		l->source_ip = span_first(l->source_ip, span_index(l->source_ip, ']'));
	if (l->relay.len == 0)
		said = without_relay(l, said);
	l->text = with_line_ends(arena, said);
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct parts p;

	(void)heading;
	if (!take_front(&line, &p))
		return false;
	r.kind = kind_of(line);
	r.date = p.date;
	r.host = p.host;
	r.instance = span_of("exim");
	r.queue_id = p.id;
	r.text = line;
	if (r.kind == LOG_DELIVERED || r.kind == LOG_FAILURE || r.kind == LOG_DEFERRED)
		read_delivery(arena, &r, line);
	else if (r.kind == LOG_SENDER)
		r.null_sender = key_field(LOG_SENDER, line, &r.from) && r.from.len == 0;
	*l = r;
	return true;
}

const struct log_format log_exim = { .name = "exim", .scan = scan, .key_field = key_field, .parse = parse };
