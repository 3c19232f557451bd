#include "log/log_qmail.h"

#include "log/syslog.h"

static bool
take_number(struct span *s, struct span *number)
{
	size_t n = 0;

	while (n < s->len && n < 20 && ascii_is_digit(s->at[n]))
		n++;
	*number = span_first(*s, n);
	*s = span_skip(*s, n);
	return n > 0;
}

/* "@400000006741a2b01234abcd ", splogger's "1732330800.123456 ", tai64nlocal's date, syslog's. */
static bool
take_front(struct span *line, struct span *date, struct span *host)
{
	struct syslog s;
	struct span rest = *line;
	size_t n = span_index(rest, ' ');

	*host = *date = (struct span){ "", 0 };
	if (syslog_parse(rest, &s) &&
	    (span_equal(s.ident, span_of("qmail")) || span_equal(s.ident, span_of("qmail-send")))) {
		*date = s.date;
		*host = s.host;
		rest = s.text;
		n = span_index(rest, ' ');
		if (n > 10 && n < rest.len && ascii_is_digit(rest.at[0]) && rest.at[10] == '.')
			rest = span_skip(rest, n + 1);
	} else if (n == 25 && n < rest.len && rest.at[0] == '@' && rest.at[1] == '4') {
		*date = span_first(rest, n);
		rest = span_skip(rest, n + 1);
	} else if (syslog_take_date(&rest, date)) {
		;
	} else if (n > 10 && n < rest.len && ascii_is_digit(rest.at[0]) && rest.at[10] == '.') {
		*date = span_first(rest, n);
		rest = span_skip(rest, n + 1);
	}
	*line = rest;
	return true;
}

/* What a line is: `id` is the message's or the delivery's, `rest` what stands behind. */
static enum log_kind
kind_of(struct span text, struct span *id, struct span *rest)
{
	*rest = text;
	if (span_take(rest, "starting delivery "))
		return take_number(rest, id) && span_take(rest, ": msg ") ? LOG_ASSIGNED : LOG_FOREIGN;
	if (span_take(rest, "info msg "))
		return take_number(rest, id) && span_take(rest, ": ") ? LOG_SENDER : LOG_FOREIGN;
	if (span_take(rest, "end msg "))
		return take_number(rest, id) ? LOG_REMOVED : LOG_FOREIGN;
	if (!span_take(rest, "delivery ") || !take_number(rest, id) || !span_take(rest, ": "))
		return LOG_FOREIGN;
	if (span_take(rest, "success: "))
		return LOG_DELIVERED;
	if (span_take(rest, "deferral: "))
		return LOG_DEFERRED;
	return span_take(rest, "failure: ") ? LOG_FAILURE : LOG_FOREIGN;
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct span date, host;
	enum log_kind kind = LOG_FOREIGN;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (take_front(&line, &date, &host))
		kind = kind_of(line, &s->queue_id, &s->text);
	if (kind <= LOG_OTHER)
		s->queue_id = (struct span){ "", 0 };
	return kind;
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	static const char from[] = " from <";
	const char *at;

	if (kind == LOG_ASSIGNED)
		return *found = text, true;
	if (kind != LOG_SENDER || (at = memmem(text.at, text.len, from, sizeof(from) - 1)) == NULL)
		return false;
	at += sizeof(from) - 1;
	*found = (struct span){ at, (size_t)(text.at + text.len - at) };
	*found = span_first(*found, span_index(*found, '>'));
	return true;
}

bool
log_qmail_split_assigned(struct span s, struct span *queue_id, struct span *recipient)
{
	if (!take_number(&s, queue_id) || !(span_take(&s, " to remote ") || span_take(&s, " to local ")))
		return false;
	*recipient = span_trim(s);
	return recipient->len > 0;
}

/* A line end is written as "/", which may as well be a URL's: behind a line end a sentence or a code begins. */
static bool
is_line_end(struct span s, size_t i)
{
	const char before = i > 0 ? s.at[i - 1] : '_', behind = i + 1 < s.len ? s.at[i + 1] : '\0';
	const bool code = i + 4 < s.len && (behind == '4' || behind == '5') && ascii_is_digit(s.at[i + 2]) &&
	    ascii_is_digit(s.at[i + 3]) && (s.at[i + 4] == '_' || s.at[i + 4] == '-');

	if (before == ':' || before == '/' || behind == '/')
		return false;
	return code || behind == '\0' || (ascii_is_upper(behind) && !ascii_is_upper(before)) ||
	    strchr(".,;)!_", before) != NULL;
}

/* A blank is written as "_", and what cannot be shown as "?". */
static struct span
as_said(struct arena *arena, struct span text)
{
	char *to = arena_take(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		to[i] = text.at[i] == '_' ? ' ' : text.at[i] == '/' && is_line_end(text, i) ? '\n' : text.at[i];
	return (struct span){ to, text.len };
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct span text, address;
	size_t n;

	(void)heading;
	if (!take_front(&line, &r.date, &r.host))
		return false;
	r.kind = kind_of(line, &r.queue_id, &text);
	if (r.kind == LOG_FOREIGN)
		return false;
	r.instance = span_of("qmail-send");
	r.text = text;
	if (r.kind == LOG_SENDER) {
		r.null_sender = key_field(LOG_SENDER, text, &r.from) && r.from.len == 0;
	} else if (r.kind == LOG_FAILURE || r.kind == LOG_DEFERRED) {
		r.outcome = span_of(r.kind == LOG_DEFERRED ? "deferral" : "failure");
		span_take(&text, "Connected_to_");
		n = span_index(text, '_');
		address = span_first(text, n);
		if (n > 6 && n < 46 && (ascii_is_digit(address.at[0]) || span_index(address, ':') < n) &&
		    (span_index(address, '.') < n || span_index(address, ':') < n))
			r.relay_ip = address;
		r.text = as_said(arena, r.text);
	}
	*l = r;
	return true;
}

const struct log_format log_qmail = { .name = "qmail", .scan = scan, .key_field = key_field, .parse = parse };
