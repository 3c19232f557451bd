#include "log/log_sendmail.h"

#include "log/log_field.h"
#include "log/syslog.h"

enum { QUEUE_ID_MIN = 7, QUEUE_ID_MAX = 24 };

static bool
is_sendmail(struct span ident)
{
	return span_starts_folded(ident, "sendmail") || span_starts_folded(ident, "sm-") ||
	    span_equal(ident, span_of("newaliases"));
}

static bool
take_queue_id(struct span *text, struct span *id)
{
	size_t n = 0;

	while (n < text->len && n < QUEUE_ID_MAX &&
	    ((text->at[n] >= '0' && text->at[n] <= '9') ||
		(ascii_lower(text->at[n]) >= 'a' && ascii_lower(text->at[n]) <= 'z')))
		n++;
	if (n < QUEUE_ID_MIN || text->len < n + 2 || text->at[n] != ':' || text->at[n + 1] != ' ')
		return false;
	*id = span_first(*text, n);
	*text = span_skip(*text, n + 2);
	return true;
}

/* "Milter (opendkim): error connecting to filter: Connection refused" */
static bool
is_milter_trouble(struct span text)
{
	static const char error[] = "to error state", connecting[] = "error connecting to filter";

	return span_starts(text, "Milter (") &&
	    (memmem(text.at, text.len, error, sizeof(error) - 1) != NULL ||
		memmem(text.at, text.len, connecting, sizeof(connecting) - 1) != NULL);
}

static enum log_kind
kind_of_delivery(struct span text)
{
	struct span stat;

	if (!log_field_find(text, "stat=", &stat))
		return LOG_OTHER;
	if (span_starts(stat, "Sent"))
		return LOG_DELIVERED;
	if (span_starts(stat, "queued") || span_starts(stat, "Queued"))
		return LOG_OTHER;
	text.len = (size_t)(stat.at - text.at);
	return span_starts(stat, "Deferred") || log_field_find(text, "dsn=4", &stat) ? LOG_DEFERRED : LOG_FAILURE;
}

/* "5AP1016f003190: sender notify: Message could not be delivered for 5 days" */
static const char give_up[] = "notify: Message could not be delivered for";

static enum log_kind
kind_of_text(struct span text)
{
	if (span_starts(text, "to="))
		return kind_of_delivery(text);
	if (span_starts(text, "from="))
		return LOG_SENDER;
	if (span_starts(text, "ruleset=") || span_starts(text, "Milter: "))
		return LOG_REJECT;
	if (is_milter_trouble(text))
		return LOG_MILTER;
	return memmem(text.at, text.len, give_up, sizeof(give_up) - 1) != NULL ? LOG_EXPIRED : LOG_OTHER;
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct syslog l;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (!syslog_parse(line, &l) || !is_sendmail(l.ident))
		return LOG_FOREIGN;
	s->text = l.text;
	return take_queue_id(&s->text, &s->queue_id) ? kind_of_text(s->text) : LOG_OTHER;
}

/* Up to the next field: addresses hold commas. */
static struct span
recipients_of(struct span text)
{
	static const char *const behind[] = { ", ctladdr=", ", delay=", ", xdelay=", ", mailer=", ", stat=" };
	struct span list = span_skip(text, 3);

	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		const char *at = memmem(list.at, list.len, behind[i], strlen(behind[i]));

		if (at != NULL)
			list.len = (size_t)(at - list.at);
	}
	return list;
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	struct span rest;

	switch (kind) {
	case LOG_SENDER:
		if (!log_field_find(text, "from=", &rest))
			return false;
		*found = log_field_value(text, "from=");
		return true;
	case LOG_MESSAGE_ID: return *found = log_field_value(text, "msgid="), found->len > 0;
	case LOG_DELIVERED:
	case LOG_FAILURE:
	case LOG_DEFERRED: return *found = recipients_of(text), true;
	default: return false;
	}
}

static void
read_delivery(struct log_line *l, struct span text)
{
	struct span stat = { "", 0 }, fields = text, dsn, reply;

	log_field_find(text, "stat=", &stat);
	fields.len = (size_t)(stat.at - text.at);
	l->delay = log_field_value(fields, "delay=");
	if (log_field_find(fields, "relay=", &l->relay)) {
		const char *end = memmem(l->relay.at, l->relay.len, ", ", 2);

		l->relay.len = end ? (size_t)(end - l->relay.at) : l->relay.len;
		log_field_split_host(l->relay, &l->relay_host, &l->relay_ip);
	}
	dsn = log_field_value(fields, "dsn=");
	enhanced_status_take(&dsn, &l->status);
	l->text = stat;
	l->outcome = span_first(stat, span_index(stat, ':'));
	if (log_field_find(fields, "reply=", &reply)) { /* what was really said, where it is logged */
		const char *end = memmem(reply.at, reply.len, ", stat", 6);

		reply.len = end ? (size_t)(end - reply.at) : reply.len;
		if (span_starts(reply, "4") || span_starts(reply, "5"))
			l->text = reply;
	}
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct log_scan s = { 0 };
	struct syslog before;

	(void)arena;
	(void)heading;
	if (!syslog_parse(line, &before) || !is_sendmail(before.ident))
		return false;
	r.kind = scan(line, &s);
	r.date = before.date;
	r.host = before.host;
	r.instance = before.ident;
	r.queue_id = s.queue_id;
	r.text = s.text;
	if (r.kind == LOG_DELIVERED || r.kind == LOG_FAILURE || r.kind == LOG_DEFERRED)
		read_delivery(&r, s.text);
	else if (r.kind == LOG_SENDER)
		r.null_sender = key_field(LOG_SENDER, s.text, &r.from) && r.from.len == 0;
	*l = r;
	return true;
}

const struct log_format log_sendmail = {
	.name = "sendmail", .scan = scan, .key_field = key_field, .parse = parse, .lists = true
};
