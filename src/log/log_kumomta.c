#include "log/log_kumomta.h"

#include "grammar/json.h"
#include "log/log_field.h"
#include "message/mailbox.h"

static enum log_kind
kind_of(struct span type)
{
	static const struct {
		const char *type;
		enum log_kind kind;
	} kinds[] = { { "Delivery", LOG_DELIVERED }, { "TransientFailure", LOG_DEFERRED }, { "Bounce", LOG_FAILURE },
		{ "AdminBounce", LOG_FAILURE }, { "Expiration", LOG_FAILURE }, { "OOB", LOG_FAILURE },
		{ "Reception", LOG_SENDER }, { "Feedback", LOG_COMPLAINT }, { "Rejection", LOG_REJECT } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal(type, span_of(kinds[i].type)))
			return kinds[i].kind;
	return LOG_FOREIGN;
}

/* The type stands first as it is written, and may stand anywhere once another program had it. */
static struct span
type_of(struct span line)
{
	static const char first[] = "{\"type\":\"";
	struct span type;

	if (line.len > sizeof(first) && memcmp(line.at, first, sizeof(first) - 1) == 0) {
		type = span_skip(line, sizeof(first) - 1);
		return span_first(type, span_index(type, '"'));
	}
	type = json_find(line, "type");
	return type.len > 2 && type.at[0] == '"' ? (struct span){ type.at + 1, type.len - 2 } : (struct span){ "", 0 };
}

static enum log_kind
scan(struct span line, struct log_scan *s)
{
	enum log_kind kind;

	s->queue_id = (struct span){ "", 0 };
	s->text = line;
	if (line.len < 20 || line.at[0] != '{')
		return LOG_FOREIGN;
	kind = kind_of(type_of(line));
	if (kind != LOG_FOREIGN &&
	    (!json_is_object(json_find(line, "response")) || !span_holds(line, "\"recipient\":")))
		kind = LOG_FOREIGN;
	if (kind == LOG_FAILURE || kind == LOG_DEFERRED || kind == LOG_DELIVERED) {
		struct span id = json_find(line, "id");

		s->queue_id = id.len > 2 && id.at[0] == '"' ? (struct span){ id.at + 1, id.len - 2 } : s->queue_id;
	}
	return kind;
}

/* Names as they stand: those that were escaped are read by the parser. Newer records have an array. */
static bool
key_field(enum log_kind kind, struct span text, struct span *found)
{
	struct span to;

	if (kind != LOG_DELIVERED && kind != LOG_FAILURE && kind != LOG_DEFERRED)
		return false;
	to = json_find(text, "recipient");
	if (json_is_array(to))
		to = (struct span){ to.at + 1, to.len - 2 };
	*found = to.len > 2 && memchr(to.at + 1, '"', to.len - 2) == NULL ? (struct span){ to.at + 1, to.len - 2 } : to;
	return found->len > 0;
}

static uint16_t
small_number(struct span s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.len && i < 3; i++)
		n = n * 10 + (unsigned)(s.at[i] - '0') % 10;
	return (uint16_t)n;
}

/* "550 5.1.1 no such user", as it came over the wire. */
static struct span
reply_of(struct arena *arena, struct span response, struct enhanced_status *status)
{
	struct span code = json_find_text(arena, response, "code"), enhanced = json_find(response, "enhanced_code"),
		    content = json_find_text(arena, response, "content"), number[3];
	char *to;
	size_t n = 0;

	number[0] = json_find_text(arena, enhanced, "class");
	number[1] = json_find_text(arena, enhanced, "subject");
	number[2] = json_find_text(arena, enhanced, "detail");
	to = arena_take(arena, code.len + number[0].len + number[1].len + number[2].len + content.len + 8);
	if (code.len == 3) {
		memcpy(to, code.at, 3);
		to[3] = ' ';
		n = 4;
	}
	if (number[0].len == 1 && number[1].len > 0 && number[2].len > 0) {
		status->class = small_number(number[0]);
		status->subject = small_number(number[1]);
		status->detail = small_number(number[2]);
		for (size_t i = 0; i < 3; i++) {
			memcpy(to + n, number[i].at, number[i].len);
			n += number[i].len;
			to[n++] = i < 2 ? '.' : ' ';
		}
	}
	memcpy(to + n, content.at, content.len);
	return (struct span){ to, n + content.len };
}

/* "original_rcpto_to" is how it is spelt. */
static struct span
complainer(struct arena *arena, struct span report)
{
	struct span list = json_find(report, "original_rcpto_to"), one, address;

	if (!json_is_array(list) || !json_take_element(&list, &one))
		one = json_find(report, "supplemental_trace.recipient");
	one = json_text(arena, one);
	return mailbox_find(one, &address) ? address : one;
}

static bool
parse(struct arena *arena, struct span line, struct span heading, struct log_line *l)
{
	struct log_line r = { 0 };
	struct log_scan s = { 0 };
	struct span type, command, host;

	(void)heading;
	r.kind = scan(line, &s);
	if (r.kind == LOG_FOREIGN)
		return false;
	type = type_of(line);
	r.instance = span_of("kumomta");
	r.date = json_find_text(arena, line, "timestamp");
	r.host = json_find_text(arena, line, "nodeid");
	r.queue_id = json_find_text(arena, line, "id");
	r.from = json_find_text(arena, line, "sender");
	r.null_sender = r.from.len == 0 && json_find(line, "sender").len > 0;
	r.to = json_find_text(arena, line, "recipient"); /* nothing of an array */
	if (r.kind == LOG_COMPLAINT)
		r.to = complainer(arena, json_find(line, "feedback_report"));
	host = json_find_text(arena, line, "peer_address.name");
	if (r.kind != LOG_COMPLAINT)
		log_field_split_host(host, &r.relay_host, &r.relay_ip);
	r.relay_ip = json_find_text(arena, line, "peer_address.addr");
	r.source_ip = json_find_text(arena, line, "source_address.address");
	if (span_index(r.source_ip, ':') < r.source_ip.len && memchr(r.source_ip.at, '.', r.source_ip.len) != NULL)
		r.source_ip = span_first(r.source_ip, span_index(r.source_ip, ':')); /* its port */
	r.outcome = type;
	if (r.kind == LOG_COMPLAINT)
		r.text = json_find_text(arena, line, "feedback_report.feedback_type");
	else
		r.text = reply_of(arena, json_find(line, "response"), &r.status);
	command = json_find_text(arena, line, "response.command");
	r.command = span_first(command, span_index(command, ':'));
	*l = r;
	return true;
}

const struct log_format log_kumomta = {
	.name = "kumomta", .scan = scan, .key_field = key_field, .parse = parse, .lists = true
};
