#include "log/log_haraka.h"

#include "grammar/json.h"
#include "log/log_field.h"

enum { FRONT_MAX = 160 };

/* What a line is made of, however it is written; strings are not yet unescaped. */
struct parts {
	struct span uuid, origin, message; /* without quotes */
	bool escaped;
};

static const char *
find(struct span s, const char *words)
{
	return s.len > 0 ? memmem(s.at, s.len, words, strlen(words)) : NULL;
}

/* "[NOTICE] [4C1A….1.1] [outbound] message"; a date, a tag or a terminal's colour may stand before. */
static bool
split_plain(struct span line, struct parts *p)
{
	static const char *const levels[] = { "[NOTICE] [", "[INFO] [", "[ERROR] [", "[WARN] [", "[CRIT] [",
		"[DEBUG] [", "[ALERT] [", "[EMERG] [" };
	struct span rest = span_first(line, FRONT_MAX);
	const char *at = NULL;
	size_t n;

	if (memchr(rest.at, '[', rest.len) == NULL)
		return false;
	for (size_t i = 0; at == NULL && i < sizeof(levels) / sizeof(levels[0]); i++)
		if ((at = find(rest, levels[i])) != NULL)
			at += strlen(levels[i]);
	if (at == NULL)
		return false;
	rest = span_skip(line, (size_t)(at - line.at));
	n = span_index(rest, ']');
	p->uuid = span_first(rest, n);
	rest = span_skip(rest, n);
	if (!span_starts(rest, "] ["))
		return false;
	rest = span_skip(rest, 3);
	n = span_index(rest, ']');
	p->origin = span_first(rest, n);
	p->message = span_trim(span_skip(rest, n < rest.len ? n + 1 : n));
	n = span_index(p->message, '\033');
	p->message = span_trim(span_first(p->message, n));
	return true;
}

static struct span
unquoted(struct span s)
{
	return s.len > 1 && s.at[0] == '"' && s.at[s.len - 1] == '"' ? (struct span){ s.at + 1, s.len - 2 } : s;
}

static bool
split_logfmt(struct span line, struct parts *p)
{
	struct span rest;

	if (find(span_first(line, FRONT_MAX), " uuid=") == NULL || !log_field_find(line, "message=", &rest))
		return false;
	p->uuid = log_field_value(line, "uuid=");
	p->origin = log_field_value(line, "origin=");
	p->escaped = rest.len > 0 && rest.at[0] == '"';
	p->message = log_field_value(line, "message=");
	return true;
}

static bool
split_json(struct span line, struct parts *p)
{
	if (line.len < 2 || line.at[0] != '{' || find(line, "\"uuid\"") == NULL)
		return false;
	p->uuid = unquoted(json_find(line, "uuid"));
	p->origin = unquoted(json_find(line, "origin"));
	p->message = json_find(line, "message");
	p->escaped = p->message.len > 1 && p->message.at[0] == '"';
	p->message = unquoted(p->message);
	return p->uuid.len > 0;
}

static bool
split(struct span line, struct parts *p)
{
	*p = (struct parts){ { "", 0 }, { "", 0 }, { "", 0 }, false };
	if (line.len > 0 && line.at[0] == '{')
		return split_json(line, p);
	return split_plain(line, p) || split_logfmt(line, p);
}

static enum log_kind
kind_of(const struct parts *p)
{
	const struct span m = p->message;

	if (span_equal(p->origin, span_of("core")))
		return span_starts(m, "sender <") ? LOG_SENDER : LOG_OTHER;
	if (!span_equal(p->origin, span_of("outbound")))
		return LOG_OTHER;
	if (span_starts(m, "recipient <"))
		return find(m, "> rejected: ") ? LOG_FAILURE : find(m, "> deferred: ") ? LOG_DEFERRED : LOG_OTHER;
	if (span_starts(m, "bouncing mail: "))
		return span_starts(m, "bouncing mail: Some recipients failed") ? LOG_OTHER : LOG_FAILURE;
	if (span_starts(m, "Temp failing "))
		return find(m, "Some recipients temp failed") ? LOG_OTHER : LOG_DEFERRED;
	return LOG_OTHER;
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	struct parts p;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (!split(line, &p))
		return LOG_FOREIGN;
	s->queue_id = p.uuid;
	s->text = p.message;
	return kind_of(&p);
}

static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	const char *end;

	switch (kind) {
	case LOG_SENDER:
		*found = span_skip(text, strlen("sender <"));
		*found = span_first(*found, span_index(*found, '>'));
		return true;
	case LOG_FAILURE:
	case LOG_DEFERRED:
		if (!span_starts(text, "recipient <"))
			return false;
		*found = span_skip(text, strlen("recipient <"));
		end = find(*found, kind == LOG_FAILURE ? "> rejected: " : "> deferred: ");
		if (end != NULL)
			found->len = (size_t)(end - found->at);
		return end != NULL;
	default: return false;
	}
}

/* "Temp failing FILE for 64 seconds: why", "bouncing mail: why", "recipient <a@b> rejected: why" */
static struct span
said_in(struct span message)
{
	static const char *const leads[] = { "> rejected: ", "> deferred: ", " seconds: ", "bouncing mail: " };

	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const char *at = find(message, leads[i]);

		if (at != NULL)
			return span_skip(message, (size_t)(at - message.at) + strlen(leads[i]));
	}
	return message;
}

/* "Upstream error: 421 …", "Too many failures (Upstream error: 421 … )": the reply within. */
static struct span
without_wrapper(struct span said)
{
	static const char lead[] = "Upstream error: ";
	const char *at = memmem(said.at, said.len, lead, sizeof(lead) - 1);

	if (at != said.at)
		return said;
	return span_skip(said, sizeof(lead) - 1);
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct parts p;
	size_t n;

	(void)heading;
	if (!split(line, &p))
		return false;
	r.kind = kind_of(&p);
	r.instance = span_of("haraka");
	r.queue_id = p.uuid;
	n = span_index(line, ' ');
	if (line.len > 0 && line.at[0] == '{')
		r.date = json_find_text(arena, line, "timestamp");
	else if (n > 18 && n < line.len && line.at[4] == '-')
		r.date = span_first(line, n);
	if (p.escaped) /* the same escapes in both */
		p.message = json_unescape(arena, p.message);
	if (r.kind == LOG_SENDER)
		r.null_sender = key_field(LOG_SENDER, p.message, &r.from) && r.from.len == 0;
	else if (r.kind == LOG_FAILURE || r.kind == LOG_DEFERRED)
		key_field(r.kind, p.message, &r.to);
	r.text = without_wrapper(said_in(p.message));
	*l = r;
	return true;
}

const struct log_format log_haraka = { .name = "haraka", .scan = scan, .key_field = key_field, .parse = parse };
