#include "render/verdict_json.h"

#include "intake/work.h"
#include "catalog/load.h"
#include "grammar/date.h"
#include "render/confirm.h"
#include "render/fill.h"
#include "render/json_writer.h"
#include "render/phrases.h"
#include "render/sisimai.h"

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
	json_write_member(out, "kind", span_of(kinds[v->failure->told_by]));
	json_write_member(out, "format", v->failure->format);
	json_write_number_or_null(out, "message", s->message, s->message > 0);
	json_write_number_or_null(out, "line", s->line, s->line > 0);
	json_write_number_or_null(out, "byte", s->byte, s->has_byte);
	out_char(out, '}');
}

static void
write_receiver(struct out *out, const struct verdict *v)
{
	const struct provider *p = v->receiver;

	json_write_member(out, "receiver", p ? p->name : (struct span){ "", 0 });
	json_write_key(out, "receiver_name");
	if (p != NULL) {
		out_str(out, "{\"ja\":");
		json_write_string(out, p->title[LANG_JA]);
		json_write_member(out, "en", p->title[LANG_EN]);
		out_char(out, '}');
	} else {
		out_str(out, "null");
	}
	json_write_member(out, "receiver_seen", span_of(p ? seen_token(v->receiver_seen) : ""));
	json_write_member(out, "receiver_mark", v->receiver_mark);
	json_write_member(out, "remote_mta", v->failure->remote_mta);
	json_write_member(out, "reporting_mta", v->failure->reporting_mta);
}

static void
write_status(struct out *out, const char *key, struct enhanced_status s)
{
	json_write_key(out, key);
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
	json_write_key(out, "acts");
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
	json_write_key(out, "facts");
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
		json_write_string(out, span_of(seen_token(v->facts[i].seen)));
	}
	out_char(out, '}');
}

/* {"ja": …, "en": …}, holes filled. */
static void
write_texts(struct out *out, const char *key, const struct verdict *v,
    void (*fill)(struct out *, const struct verdict *, enum lang, enum fill_as))
{
	json_write_key(out, key);
	out_str(out, "{\"ja\":\"");
	fill(out, v, LANG_JA, FILL_JSON);
	out_str(out, "\",\"en\":\"");
	fill(out, v, LANG_EN, FILL_JSON);
	out_str(out, "\"}");
}

/* {"ja": […], "en": […]}, a string a step. */
static void
write_remedy(struct out *out, const struct verdict *v)
{
	struct out steps = { 0 };

	json_write_key(out, "remedy");
	for (size_t lang = LANG_COUNT; lang-- > 0;) {
		struct span rest, step;
		bool first = true;

		out_clear(&steps);
		fill_remedy(&steps, v, (enum lang)lang, FILL_PLAIN);
		out_str(out, lang == LANG_JA ? "{\"ja\":[" : "],\"en\":[");
		rest = out_view(&steps);
		for (; fill_take_step(&rest, &step); first = false) {
			if (!first)
				out_char(out, ',');
			json_write_string(out, step);
		}
	}
	out_str(out, "]}");
	out_deinit(&steps);
}

/* A time that can be compared, and what stood there. */
static void
write_date(struct out *out, struct span raw)
{
	char text[DATE_TEXT_MAX];
	int64_t seconds;
	int zone;
	const size_t n = date_parse(raw, &seconds, &zone) ? date_write(text, seconds, zone) : 0;

	json_write_member(out, "date", (struct span){ text, n });
	json_write_member(out, "date_raw", raw);
}

/* A title for a cause that is not the verdict's. */
static void
fill_candidate_title(struct out *out, const struct verdict *v, const struct candidate *c, enum lang lang)
{
	struct span title = c->rule != NULL && c->rule->says.title[lang].len > 0 ? c->rule->says.title[lang]
										 : c->cause->says.title[lang];

	fill_template(out, title, v, lang, FILL_JSON);
}

static void
write_candidates(struct out *out, const struct verdict *v)
{
	json_write_key(out, "candidates");
	out_char(out, '[');
	for (size_t i = 0; i < v->n_candidates; i++) {
		const struct candidate *c = &v->candidates[i];

		out_str(out, i > 0 ? ",{\"cause\":" : "{\"cause\":");
		json_write_string(out, c->cause->name);
		json_write_member(out, "rule", c->rule ? c->rule->name : (struct span){ "", 0 });
		json_write_key(out, "title");
		out_str(out, "{\"ja\":\"");
		fill_candidate_title(out, v, c, LANG_JA);
		out_str(out, "\",\"en\":\"");
		fill_candidate_title(out, v, c, LANG_EN);
		out_str(out, "\"}");
		json_write_member(out, "text", c->text);
		json_write_number_or_null(out, "weight", c->weight, true);
		out_char(out, '}');
	}
	out_char(out, ']');
}

static void
write_retry(struct out *out, const struct verdict *v)
{
	const bool retry = v->retry.after > 0;

	json_write_key(out, "retry");
	out_str(out, retry ? "{\"retry\":true" : "{\"retry\":false");
	json_write_number_or_null(out, "after", v->retry.after, retry);
	json_write_number_or_null(out, "every", v->retry.every, retry && v->retry.every > 0);
	json_write_number_or_null(out, "within", v->retry.within, retry && v->retry.within > 0);
	json_write_key(out, "given_up");
	out_str(out, v->given_up ? "true" : "false");
	json_write_key(out, "in_vain");
	out_str(out, v->in_vain ? "true}" : "false}");
}

static void
write_suppress(struct out *out, struct suppress s)
{
	json_write_key(out, "suppress");
	out_str(out,
	    s.when == SUPPRESS_AT_ONCE     ? "{\"when\":\"at-once\""
		: s.when == SUPPRESS_AFTER ? "{\"when\":\"after\""
					   : "{\"when\":\"never\"");
	json_write_number_or_null(out, "count", s.count, s.when == SUPPRESS_AFTER);
	json_write_number_or_null(out, "seconds", s.seconds, s.when == SUPPRESS_AFTER);
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

	json_write_key(out, "contradictions");
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
	json_write_member(out, "codes_say", v->codes_say ? v->codes_say->name : (struct span){ "", 0 });
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

	json_write_member(out, "cause", v->cause ? v->cause->name : span_of("undetermined"));
	json_write_member(out, "sisimai", sisimai_reason(v));
	json_write_member(out, "permanence", span_of(permanences[v->permanence]));
	write_acts(out, v->acts);
	json_write_member(out, "confidence", span_of(confidences[v->confidence]));
	json_write_member(out, "rule", v->rule ? v->rule->name : (struct span){ "", 0 });
}

void
json_write_verdict(
    struct out *out, const struct verdict *v, const struct json_source *source, const struct confirmation *dns)
{
	static const char *const later[] = { [FAILURE_OUTCOME_UNKNOWN] = "",
		[FAILURE_OUTCOME_DELIVERED] = "delivered",
		[FAILURE_OUTCOME_GIVEN_UP] = "given-up" };
	const struct failure *f = v->failure;

	out_room(out, 4096);
	write_source(out, v, source);
	json_write_member(out, "recipient", f->recipient);
	json_write_member(out, "original_recipient", f->original_recipient);
	json_write_key(out, "sender");
	if (f->sender.len == 0 && !f->null_sender)
		out_str(out, "null");
	else
		json_write_string(out, f->sender);
	write_receiver(out, v);
	json_write_number_or_null(out, "code", v->code, v->code != 0);
	write_status(out, "status", v->status);
	json_write_member(out, "reply", f->reply);
	json_write_member(out, "action", f->action);
	json_write_member(out, "command", verdict_fact(v, "command"));
	write_judgement(out, v);
	write_candidates(out, v);
	write_facts(out, v);
	write_texts(out, "title", v, fill_title);
	write_texts(out, "why", v, fill_why);
	if (v->cause != NULL && v->change[LANG_EN].len > 0)
		write_texts(out, "change", v, fill_change);
	else
		out_str(out, ",\"change\":null");
	write_remedy(out, v);
	write_retry(out, v);
	write_suppress(out, v->suppress);
	write_contradictions(out, v);
	json_write_member(out, "queue_id", f->queue_id);
	json_write_member(out, "message_id", f->message_id);
	write_date(out, f->date);
	json_write_member(out, "later", span_of(later[f->outcome]));
	json_write_member(out, "source_ip", f->source_ip);
	json_write_member(out, "milter", f->milter);
	json_write_key(out, "refused_here");
	out_str(out, f->refused_here ? "true" : "false");
	json_write_key(out, "dns");
	if (dns != NULL)
		confirm_write_json(out, dns);
	else
		out_str(out, "null");
	out_str(out, "}\n");
}

struct json_source
json_source_of(const struct work *w, const struct verdict *v)
{
	return (struct json_source){ .file = span_of(w->file),
		.message = w->message,
		.line = w->line,
		.byte = w->byte + (w->kind == WORK_TEXT ? v->failure->at : 0),
		.has_byte = true };
}
