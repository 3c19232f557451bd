#include "render/json.h"

#include "render/confirm.h"

#include "catalog/load.h"
#include "render/fill.h"
#include "render/sisimai.h"
#include "render/words.h"

/* 0: stands as it is; 1: a control, a quote or a backslash; 2: not ASCII, to be looked at */
static const uint8_t class_of[256] = { [0 ... 31] = 1, ['"'] = 1, ['\\'] = 1, [127] = 1, [0x80 ... 0xff] = 2 };

/* A character that would steer a terminal: C1 controls, and those that turn the direction of text.
   Unicode Standard Annex 9, section 2 */
static bool
is_steering(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;

	if (b[0] == 0xc2)
		return b[1] < 0xa0;
	return b[0] == 0xe2 &&
	    ((b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) || (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9));
}

/* Of a sound sequence of two or three bytes. */
static unsigned
code_of(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;

	return b[0] < 0xe0 ? (b[0] & 31U) << 6 | (b[1] & 63U) : (b[0] & 15U) << 12 | (b[1] & 63U) << 6 | (b[2] & 63U);
}

static void
write_code(struct out *out, unsigned code)
{
	static const char hex[] = "0123456789abcdef";

	out_span(out,
	    (struct span){
		(char[]){ '\\', 'u', hex[code >> 12], hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15] }, 6 });
}

static void
write_escape(struct out *out, char c)
{
	if (c == '"' || c == '\\')
		out_span(out, (struct span){ (char[]){ '\\', c }, 2 });
	else if (c == '\n' || c == '\r' || c == '\t')
		out_span(out, (struct span){ (char[]){ '\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't' }, 2 });
	else
		write_code(out, (uint8_t)c);
}

/* The length of the sound UTF-8 sequence at the front, or 0. RFC 3629 section 4 */
static size_t
sequence_len(struct span s)
{
	const uint8_t *b = (const uint8_t *)s.at;
	size_t n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;

	if (b[0] < 0xc2 || b[0] > 0xf4 || s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) || (b[0] == 0xf0 && b[1] < 0x90) ||
	    (b[0] == 0xf4 && b[1] > 0x8f))
		return 0;
	return n;
}

/* How many bytes at the front stand as they are: eight at a time, then one by one. */
static size_t
plain_len(const char *at, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t n = 0;
	uint64_t w, quote, slash;

	for (; len - n >= 8; n += 8) {
		memcpy(&w, at + n, 8);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		/* borrows may only find too much, and the slow loop looks again */
		if (((w | (w - ones * 0x20) | (quote - ones) | (slash - ones) | (w + ones)) & high) != 0)
			break;
	}
	while (n < len && class_of[(uint8_t)at[n]] == 0)
		n++;
	return n;
}

/* The same of characters of three bytes whose lead says that they are sound: kana and most ideographs. */
static size_t
japanese_len(const char *at, size_t len)
{
	size_t n = 0;

	while (len - n >= 3 && (uint8_t)at[n] >= 0xe3 && (uint8_t)at[n] <= 0xec &&
	    ((uint8_t)at[n + 1] & 0xc0) == 0x80 && ((uint8_t)at[n + 2] & 0xc0) == 0x80)
		n += 3;
	return n;
}

void
json_put_text(struct out *out, struct span s)
{
	size_t run = 0, n;

	for (size_t i = 0; i < s.len; i += n) {
		const struct span rest = span_skip(s, i);
		bool steering = false;

		n = plain_len(rest.at, rest.len);
		n += japanese_len(rest.at + n, rest.len - n);
		if (n == 0 && class_of[(uint8_t)rest.at[0]] == 2) {
			n = sequence_len(rest);
			steering = n > 0 && is_steering(rest);
		}
		if (n > 0 && !steering)
			continue;
		out_span(out, (struct span){ s.at + run, i - run });
		if (steering)
			write_code(out, code_of(rest));
		else if (class_of[(uint8_t)rest.at[0]] == 1)
			write_escape(out, rest.at[0]);
		else
			out_str(out, "\xef\xbf\xbd");
		n += n == 0;
		run = i + n;
	}
	out_span(out, (struct span){ s.at + run, s.len - run });
}

void
json_write_string(struct out *out, struct span s)
{
	out_char(out, '"');
	json_put_text(out, s);
	out_char(out, '"');
}

enum { CHUNK = 16 };
typedef signed char chunk __attribute__((vector_size(CHUNK)));

/* How many bytes at the front are no quote, no backslash and no control: by chunks, then one by one. */
static size_t
unescaped_len(struct span s)
{
	size_t n = 0;

	for (; s.len - n >= CHUNK; n += CHUNK) {
		uint64_t halves[2];
		chunk c, found;

		memcpy(&c, s.at + n, sizeof(c));
		found = (c == '"') | (c == '\\') | ((c >= 0) & (c < ' '));
		memcpy(halves, &found, sizeof(halves));
		if ((halves[0] | halves[1]) != 0)
			break;
	}
	while (n < s.len && class_of[(uint8_t)s.at[n]] != 1)
		n++;
	return n;
}

void
json_put_trusted(struct out *out, struct span s)
{
	while (s.len > 0) {
		size_t n = unescaped_len(s);

		out_span(out, span_first(s, n));
		s = span_skip(s, n);
		if (s.len > 0) {
			write_escape(out, s.at[0]);
			s = span_skip(s, 1);
		}
	}
}

/* Keys are literals: where these stand inline their lengths are known when compiled. */
#define INLINE static inline __attribute__((always_inline)) void

INLINE
write_key(struct out *out, const char *key)
{
	const size_t n = strlen(key);
	char *to = out_room(out, n + 4);

	memcpy(to, ",\"", 2);
	memcpy(to + 2, key, n);
	memcpy(to + 2 + n, "\":", 2);
	out->len += n + 4;
}

/* A member whose value is null where it is empty. */
INLINE
write_member(struct out *out, const char *key, struct span value)
{
	write_key(out, key);
	if (value.len == 0)
		out_str(out, "null");
	else
		json_write_string(out, value);
}

INLINE
write_number(struct out *out, const char *key, uint64_t n, bool known)
{
	write_key(out, key);
	if (known)
		out_number(out, n);
	else
		out_str(out, "null");
}

void
json_write_member(struct out *out, const char *key, struct span value)
{
	write_member(out, key, value);
}

void
json_write_number(struct out *out, const char *key, uint64_t n)
{
	write_number(out, key, n, true);
}

static void
write_source(struct out *out, const struct verdict *v, const struct json_source *s)
{
	static const char *const kinds[] = { [FAILURE_REPLY] = "reply",
		[FAILURE_REPORT] = "report",
		[FAILURE_NOTICE] = "notice",
		[FAILURE_COMPLAINT] = "complaint",
		[FAILURE_LOG] = "log",
		[FAILURE_EVENT] = "event" };

	out_str(out, "{\"schema\":");
	out_number(out, JSON_SCHEMA);
	out_str(out, ",\"source\":{\"file\":");
	json_write_string(out, s->file);
	write_member(out, "kind", span_of(kinds[v->failure->told_by]));
	write_member(out, "format", v->failure->format);
	write_number(out, "message", s->message, s->message > 0);
	write_number(out, "line", s->line, s->line > 0);
	write_number(out, "byte", s->byte, s->has_byte);
	out_char(out, '}');
}

static void
write_receiver(struct out *out, const struct verdict *v)
{
	const struct provider *p = v->receiver;

	write_member(out, "receiver", p ? p->name : (struct span){ "", 0 });
	write_key(out, "receiver_name");
	if (p != NULL) {
		out_str(out, "{\"ja\":");
		json_write_string(out, p->title[LANG_JA]);
		write_member(out, "en", p->title[LANG_EN]);
		out_char(out, '}');
	} else {
		out_str(out, "null");
	}
	write_member(out, "receiver_seen", span_of(p ? words_seen_token(v->receiver_seen) : ""));
	write_member(out, "receiver_mark", v->receiver_mark);
	write_member(out, "remote_mta", v->failure->remote_mta);
	write_member(out, "reporting_mta", v->failure->reporting_mta);
}

static void
write_status(struct out *out, const char *key, struct enhanced_status s)
{
	write_key(out, key);
	if (s.class == 0) {
		out_str(out, "null");
		return;
	}
	out_char(out, '"');
	out_number(out, s.class);
	out_char(out, '.');
	out_number(out, s.subject);
	out_char(out, '.');
	out_number(out, s.detail);
	out_char(out, '"');
}

static void
write_acts(struct out *out, const uint8_t *acts)
{
	write_key(out, "acts");
	out_char(out, '[');
	for (size_t i = 0; acts[i] != 0; i++) {
		if (i > 0)
			out_char(out, ',');
		json_write_string(out, span_of(actor_name((enum actor)acts[i])));
	}
	out_char(out, ']');
}

static void
write_facts(struct out *out, const struct verdict *v)
{
	write_key(out, "facts");
	out_char(out, '{');
	for (size_t i = 0; i < v->n_facts; i++) {
		if (i > 0)
			out_char(out, ',');
		json_write_string(out, v->facts[i].name);
		out_char(out, ':');
		json_write_string(out, v->facts[i].value);
	}
	out_str(out, "},\"facts_seen\":{");
	for (size_t i = 0; i < v->n_facts; i++) {
		if (i > 0)
			out_char(out, ',');
		json_write_string(out, v->facts[i].name);
		out_char(out, ':');
		json_write_string(out, span_of(words_seen_token(v->facts[i].seen)));
	}
	out_char(out, '}');
}

/* {"ja": …, "en": …}, holes filled. */
static void
write_texts(struct out *out, const char *key, const struct verdict *v,
    void (*fill)(struct out *, const struct verdict *, enum lang, enum fill_as))
{
	write_key(out, key);
	out_str(out, "{\"ja\":\"");
	fill(out, v, LANG_JA, FILL_JSON);
	out_str(out, "\",\"en\":\"");
	fill(out, v, LANG_EN, FILL_JSON);
	out_str(out, "\"}");
}

static void
write_retry(struct out *out, const struct verdict *v)
{
	const bool retry = v->retry.after > 0;

	write_key(out, "retry");
	out_str(out, retry ? "{\"retry\":true" : "{\"retry\":false");
	write_number(out, "after", v->retry.after, retry);
	write_number(out, "every", v->retry.every, retry && v->retry.every > 0);
	write_number(out, "within", v->retry.within, retry && v->retry.within > 0);
	write_key(out, "given_up");
	out_str(out, v->given_up ? "true}" : "false}");
}

static void
write_suppress(struct out *out, struct suppress s)
{
	write_key(out, "suppress");
	out_str(out,
	    s.when == SUPPRESS_AT_ONCE     ? "{\"when\":\"at-once\""
		: s.when == SUPPRESS_AFTER ? "{\"when\":\"after\""
					   : "{\"when\":\"never\"");
	write_number(out, "count", s.count, s.when == SUPPRESS_AFTER);
	write_number(out, "seconds", s.seconds, s.when == SUPPRESS_AFTER);
	out_char(out, '}');
}

static void
write_contradictions(struct out *out, const struct verdict *v)
{
	static const struct {
		unsigned bit;
		const char *token;
	} known[] = {
		{ CONTRADICTION_CODE_AND_STATUS_CLASS, "code-and-status-class" },
		{ CONTRADICTION_STATUS_AND_WORDS, "status-and-words" },
		{ CONTRADICTION_CODE_AND_WORDS, "code-and-words" },
		{ CONTRADICTION_REPORT_AND_REPLY, "report-and-reply" },
	};
	bool first = true;

	write_key(out, "contradictions");
	out_char(out, '[');
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if ((v->contradictions & known[i].bit) == 0)
			continue;
		if (!first)
			out_char(out, ',');
		first = false;
		json_write_string(out, span_of(known[i].token));
	}
	out_char(out, ']');
	write_member(out, "codes_say", v->codes_say ? v->codes_say->name : (struct span){ "", 0 });
}

static void
write_judgement(struct out *out, const struct verdict *v)
{
	static const char *const permanences[] = { [PERMANENCE_UNKNOWN] = "unknown",
		[PERMANENCE_PERMANENT] = "permanent",
		[PERMANENCE_TEMPORARY] = "temporary",
		[PERMANENCE_AS_REPLIED] = "unknown" };
	static const char *const confidences[] = { [CONFIDENCE_UNDETERMINED] = "undetermined",
		[CONFIDENCE_UNKNOWABLE] = "unknowable",
		[CONFIDENCE_LIKELY] = "likely",
		[CONFIDENCE_CERTAIN] = "certain" };

	write_member(out, "cause", v->cause ? v->cause->name : span_of("undetermined"));
	write_member(out, "sisimai", sisimai_reason(v));
	write_member(out, "permanence", span_of(permanences[v->permanence]));
	write_acts(out, v->acts);
	write_member(out, "confidence", span_of(confidences[v->confidence]));
	write_member(out, "rule", v->rule ? v->rule->name : (struct span){ "", 0 });
}

void
json_write_verdict(
    struct out *out, const struct verdict *v, const struct json_source *source, const struct confirmation *dns)
{
	static const char *const later[] = { [FAILURE_LATER_UNKNOWN] = "",
		[FAILURE_LATER_DELIVERED] = "delivered",
		[FAILURE_LATER_GIVEN_UP] = "given-up" };
	const struct failure *f = v->failure;

	out_room(out, 4096);
	write_source(out, v, source);
	write_member(out, "recipient", f->recipient);
	write_member(out, "original_recipient", f->original_recipient);
	write_key(out, "sender");
	if (f->sender.len == 0 && !f->null_sender)
		out_str(out, "null");
	else
		json_write_string(out, f->sender);
	write_receiver(out, v);
	write_number(out, "code", v->code, v->code != 0);
	write_status(out, "status", v->status);
	write_member(out, "reply", f->reply);
	write_member(out, "action", f->action);
	write_member(out, "command", verdict_fact(v, "command"));
	write_judgement(out, v);
	write_facts(out, v);
	write_texts(out, "title", v, fill_title);
	write_texts(out, "why", v, fill_why);
	write_texts(out, "remedy", v, fill_remedy);
	write_retry(out, v);
	write_suppress(out, v->suppress);
	write_contradictions(out, v);
	write_member(out, "queue_id", f->queue_id);
	write_member(out, "message_id", f->message_id);
	write_member(out, "date", f->date);
	write_member(out, "later", span_of(later[f->later]));
	write_member(out, "source_ip", f->source_ip);
	write_member(out, "milter", f->milter);
	write_key(out, "dns");
	if (dns != NULL)
		confirm_write_json(out, dns);
	else
		out_str(out, "null");
	out_str(out, "}\n");
}
