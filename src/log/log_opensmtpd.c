#include "log/log_opensmtpd.h"

#include "log/log_field.h"
#include "log/syslog.h"

/* A line of a delivery names the result and the recipient. */
static bool
take_result(struct span text, struct span *result)
{
	static const char *const old[] = { "Ok for ", "TempFail for ", "PermFail for " };

	*result = log_field_value(text, "result=");
	if (result->len > 0)
		return span_holds(text, " to=<");
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		const char *at = memmem(text.at, text.len, old[i], strlen(old[i]));

		if (at != NULL && span_holds(text, " to=<")) {
			*result = (struct span){ at, strlen(old[i]) - 5 };
			return true;
		}
	}
	return false;
}

static enum log_kind
kind_of(struct span text)
{
	struct span result;

	if (!take_result(text, &result))
		return LOG_OTHER;
	if (span_equal(result, span_of("Ok")))
		return LOG_DELIVERED;
	if (span_equal(result, span_of("TempFail")))
		return LOG_DEFERRED;
	return span_equal(result, span_of("PermFail")) ? LOG_FAILURE : LOG_OTHER;
}

/* The envelope's id; older lines have it behind "for". */
static struct span
id_of(struct span text)
{
	struct span id = log_field_value(text, "evpid="), rest;
	size_t n = 0;

	if (id.len > 0)
		return id;
	rest = text;
	for (const char *at = memmem(rest.at, rest.len, " for ", 5); at != NULL; at = NULL)
		rest = span_skip(rest, (size_t)(at - rest.at) + 5);
	if (span_starts_folded(rest, "session "))
		rest = span_skip(rest, 8);
	while (n < rest.len && n < 20 && rest.at[n] != ':' && rest.at[n] != ' ')
		n++;
	return span_first(rest, n);
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct syslog l;
	enum log_kind kind;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (!syslog_parse(line, &l) ||
	    !(span_equal(l.ident, span_of("smtpd")) || span_equal(l.ident, span_of("opensmtpd"))))
		return LOG_FOREIGN;
	s->text = l.text;
	kind = kind_of(l.text);
	if (kind != LOG_OTHER)
		s->queue_id = id_of(l.text);
	return kind;
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	if (kind != LOG_DELIVERED && kind != LOG_FAILURE && kind != LOG_DEFERRED)
		return false;
	*found = log_field_value(text, "to=");
	return true;
}

/* stat= stands last and may hold anything; it is quoted in newer versions. */
static struct span
stat_of(struct span text)
{
	struct span stat;

	if (!log_field_find(text, "stat=", &stat))
		return (struct span){ "", 0 };
	if (stat.len > 1 && stat.at[0] == '"' && stat.at[stat.len - 1] == '"')
		stat = (struct span){ stat.at + 1, stat.len - 2 };
	if (span_starts_folded(stat, "error (") && stat.at[stat.len - 1] == ')')
		stat = (struct span){ stat.at + 7, stat.len - 8 };
	return stat;
}

/* "192.0.2.1 (mx.example.jp)", in newer versions within quotes. */
static struct span
relay_of(struct span fields)
{
	struct span relay;
	const char *end;

	if (!log_field_find(fields, "relay=", &relay) || (relay.len > 0 && relay.at[0] == '"'))
		return log_field_value(fields, "relay=");
	end = memmem(relay.at, relay.len, ", ", 2);
	return end != NULL ? span_first(relay, (size_t)(end - relay.at)) : relay;
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct log_scan s = { 0 };
	struct syslog before;
	struct span result, fields, stat, address;

	(void)arena;
	(void)heading;
	if (!syslog_parse(line, &before))
		return false;
	r.kind = scan(line, &s);
	if (r.kind <= LOG_OTHER || !take_result(s.text, &result))
		return false;
	stat = stat_of(s.text);
	fields = stat.len > 0 ? span_first(s.text, (size_t)(stat.at - s.text.at)) : s.text;
	r.date = before.date;
	r.host = before.host;
	r.instance = before.ident;
	r.queue_id = s.queue_id;
	r.from = log_field_value(fields, "from=");
	r.null_sender = r.from.len == 0 && span_holds(fields, "from=<>");
	r.to = log_field_value(fields, "to=");
	address = log_field_value(fields, "rcpt=");
	if (address.len > 1) /* "-": the same */
		r.orig_to = address;
	r.relay = relay_of(fields);
	log_field_split_host(r.relay, &r.relay_host, &r.relay_ip);
	log_field_split_host(log_field_value(fields, "source="), &address, &r.source_ip);
	r.delay = log_field_value(fields, "delay=");
	r.outcome = result;
	r.text = stat;
	*l = r;
	return true;
}

const struct log_format log_opensmtpd = { .name = "opensmtpd", .scan = scan, .key_field = key_field, .parse = parse };
