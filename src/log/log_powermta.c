#include "log/log_powermta.h"

#include "log/log_field.h"

static const struct span usual_heading = SPAN_INIT(
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"
    "dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId");

/* One field with its quotes, if it has any; false behind the last. RFC 4180 section 2 */
static bool
take_field(struct span *rest, struct span *field)
{
	size_t n = 0;

	if (rest->at == NULL)
		return false;
	for (bool quoted = false; n < rest->len && (quoted || rest->at[n] != ','); n++)
		if (rest->at[n] == '"')
			quoted = !quoted;
	*field = span_first(*rest, n);
	*rest = n < rest->len ? span_skip(*rest, n + 1) : (struct span){ NULL, 0 };
	return true;
}

/* Without its quotes; "" within becomes ". */
static struct span
unquoted(struct arena *arena, struct span field)
{
	char *to;
	size_t n = 0;

	field = span_trim(field);
	if (field.len < 2 || field.at[0] != '"' || field.at[field.len - 1] != '"')
		return field;
	field = (struct span){ field.at + 1, field.len - 2 };
	if (memchr(field.at, '"', field.len) == NULL)
		return field;
	to = arena_take(arena, field.len);
	for (size_t i = 0; i < field.len; i++) {
		to[n++] = field.at[i];
		i += field.at[i] == '"' && i + 1 < field.len && field.at[i + 1] == '"';
	}
	return (struct span){ to, n };
}

/* The field that stands below `name`. */
static struct span
column(struct arena *arena, struct span line, struct span heading, const char *name)
{
	struct span title, field;

	while (take_field(&heading, &title) && take_field(&line, &field))
		if (span_equal_folded(unquoted(arena, title), span_of(name)))
			return unquoted(arena, field);
	return (struct span){ "", 0 };
}

static bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return true;
}

static bool
is_date(struct span s)
{
	span_take_char(&s, '"');
	if (s.len < 10 || s.at[0] < '0' || s.at[0] > '9')
		return false;
	return (s.at[4] == '-' && s.at[7] == '-') || all_digits(span_first(s, 10)); /* or seconds since 1970 */
}

static enum log_kind
kind_of(struct span type)
{
	static const struct {
		const char *type;
		enum log_kind kind;
	} kinds[] = { { "b", LOG_FAILURE }, { "rb", LOG_FAILURE }, { "t", LOG_DEFERRED }, { "tq", LOG_DEFERRED },
		{ "f", LOG_COMPLAINT }, { "d", LOG_DELIVERED } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal(type, span_of(kinds[i].type)))
			return kinds[i].kind;
	return LOG_FOREIGN;
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct span rest = line, type, date, queued, from, to;
	enum log_kind kind;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (line.len < 14 || (line.at[1] != ',' && line.at[2] != ',' && line.at[0] != '"'))
		return LOG_FOREIGN;
	take_field(&rest, &type);
	if (type.len > 2 && type.at[0] == '"')
		type = (struct span){ type.at + 1, type.len - 2 };
	kind = kind_of(type);
	if (kind == LOG_FOREIGN || !take_field(&rest, &date) || !is_date(date))
		return LOG_FOREIGN;
	if (!take_field(&rest, &queued) || !take_field(&rest, &from) || !take_field(&rest, &to))
		return LOG_FOREIGN; /* cut */
	if (kind != LOG_COMPLAINT)
		s->queue_id = (struct span){ queued.at, (size_t)(to.at + to.len - queued.at) };
	return kind;
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	struct span field;

	if (kind != LOG_DELIVERED && kind != LOG_FAILURE && kind != LOG_DEFERRED)
		return false;
	for (unsigned i = 0; i < 5; i++)
		if (!take_field(&text, &field))
			return false;
	*found = span_index(field, '@') < field.len ? field : (struct span){ "", 0 };
	if (found->len > 2 && found->at[0] == '"')
		*found = (struct span){ found->at + 1, found->len - 2 };
	return true;
}

static bool
is_whole(struct span line)
{
	size_t quotes = 0;

	for (size_t i = 0; i < line.len; i++)
		quotes += line.at[i] == '"';
	return quotes % 2 == 0;
}

static bool
is_heading(struct span line)
{
	return span_starts_folded(line, "type,time") || span_starts_folded(line, "\"type\",\"time");
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct log_scan s = { 0 };
	struct span status;
	size_t n;

	r.kind = scan(line, &s);
	if (r.kind <= LOG_OTHER)
		return false;
	if (heading.len == 0)
		heading = usual_heading;
	r.instance = span_of("powermta");
	r.date = column(arena, line, heading, "timeLogged");
	r.host = column(arena, line, heading, "srcMta");
	r.from = column(arena, line, heading, "orig");
	r.null_sender = r.from.len == 0 || span_equal(r.from, span_of("<>"));
	if (r.null_sender)
		r.from.len = 0;
	r.to = column(arena, line, heading, "rcpt");
	if (span_index(r.to, '@') == r.to.len)
		r.to.len = 0; /* tq: a queue's name */
	r.orig_to = column(arena, line, heading, "orcpt");
	n = span_index(r.orig_to, ';');
	r.orig_to = span_skip(r.orig_to, n < r.orig_to.len ? n + 1 : 0);
	r.outcome = column(arena, line, heading, "dsnAction");
	status = column(arena, line, heading, "dsnStatus");
	r.text = column(arena, line, heading, "dsnDiag");
	if (r.kind == LOG_COMPLAINT)
		r.text = column(arena, line, heading, "feedbackType");
	else if (r.text.len == 0)
		r.text = status;
	enhanced_status_take(&status, &r.status);
	if (span_starts_folded(r.text, "smtp;"))
		r.text = span_skip(r.text, 5);
	r.relay = column(arena, line, heading, "dsnMta");
	log_field_split_host(r.relay, &r.relay_host, &r.relay_ip);
	if (r.relay_ip.len == 0)
		r.relay_ip = column(arena, line, heading, "dlvDestinationIp");
	r.source_ip = column(arena, line, heading, "dlvSourceIp");
	*l = r;
	return true;
}

const struct log_format log_powermta = { .name = "powermta",
	.scan = scan,
	.key_field = key_field,
	.parse = parse,
	.is_whole = is_whole,
	.is_heading = is_heading };
