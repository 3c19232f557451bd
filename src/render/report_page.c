#include "render/report_page.h"

#include "base/utf8.h"
#include "render/fill.h"
#include "render/summary.h"
#include "render/phrases.h"

void
report_page_init(struct report_page *text)
{
	*text = (struct report_page){ .format = RECORD_VALUE };
}

void
report_page_deinit(struct report_page *text)
{
	arena_deinit(&text->arena);
	out_deinit(&text->key);
}

static bool
is_recipients_own(struct span name)
{
	return span_equal(name, span_of("recipient")) || span_equal(name, span_of("message_id")) ||
	    span_equal(name, span_of("tag"));
}

/* Bytes that are equal for failures with the same explanation, whoever the recipient. */
static void
write_key(struct out *out, const struct verdict *v)
{
	const void *who[] = { v->cause, v->rule, v->receiver };
	const unsigned what[] = { v->permanence, v->given_up, v->contradictions, v->failure->told_by, v->code,
		v->status.class, v->status.subject, v->status.detail };
	struct verdict shared = *v;

	shared.n_facts = 0;
	for (size_t i = 0; i < v->n_facts; i++)
		if (!is_recipients_own(v->facts[i].name))
			shared.facts[shared.n_facts++] = v->facts[i];
	out_span(out, (struct span){ (const char *)who, sizeof(who) });
	out_span(out, (struct span){ (const char *)what, sizeof(what) });
	fill_template(out, v->title[LANG_EN], &shared, LANG_EN, FILL_PLAIN);
	fill_template(out, v->why[LANG_EN], &shared, LANG_EN, FILL_PLAIN);
	fill_template(out, v->remedy[LANG_EN], &shared, LANG_EN, FILL_PLAIN);
	if (v->cause == NULL)
		summary_write_pattern(out, v);
}

static void
keep(struct arena *arena, struct span *s)
{
	*s = s->len > 0 ? arena_copy(arena, *s) : (struct span){ "", 0 };
}

static void
keep_failure(struct arena *arena, struct failure *f)
{
	struct span *spans[] = { &f->recipient, &f->original_recipient, &f->sender, &f->author, &f->message_id,
		&f->subject, &f->action, &f->reply, &f->remote_mta, &f->remote_ip, &f->reporting_mta, &f->command,
		&f->queue_id, &f->date, &f->source_ip, &f->milter, &f->format };

	f->reply = span_first(f->reply, REPORT_REPLY_SIZE_MAX);
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		keep(arena, spans[i]);
}

/* The returned message, where it may be evidence and is not too long to be whole. */
static void
keep_returned(struct arena *arena, const struct verdict *v, struct failure *f)
{
	if (confirm_by_of(v) == CONFIRM_BY_NOTHING || f->returned.len > REPORT_RETURNED_SIZE_MAX)
		f->returned.len = 0;
	keep(arena, &f->returned);
}

/* Marks stand within the reply, so they move with it. */
static void
keep_marks(struct verdict *v, const char *old_reply)
{
	const size_t len = v->failure->reply.len;
	size_t n = 0;

	for (size_t i = 0; i < v->n_marks; i++) {
		const size_t at = (size_t)(v->marks[i].at - old_reply);

		if (at + v->marks[i].len <= len)
			v->marks[n++] = (struct span){ v->failure->reply.at + at, v->marks[i].len };
	}
	v->n_marks = n;
}

static struct report_group *
keep_group(struct report_page *text, const struct verdict *v, const struct json_source *source)
{
	struct report_group *g = arena_take_items(&text->arena, 1, sizeof(*g));

	g->verdict = *v;
	g->failure = *v->failure;
	g->source = *source;
	g->key = arena_copy(&text->arena, out_view(&text->key));
	g->verdict.failure = &g->failure;
	keep_failure(&text->arena, &g->failure);
	keep_returned(&text->arena, v, &g->failure);
	keep_marks(&g->verdict, v->failure->reply.at);
	keep(&text->arena, &g->source.file);
	keep(&text->arena, &g->verdict.receiver_mark);
	for (size_t i = 0; i < v->n_facts; i++) {
		keep(&text->arena, &g->verdict.facts[i].name);
		keep(&text->arena, &g->verdict.facts[i].value);
	}
	return g;
}

static void
note_recipient(struct report_page *text, struct report_group *g, struct span recipient)
{
	for (size_t i = 0; i < g->n_recipients; i++)
		if (span_equal_folded(g->recipients[i], recipient))
			return;
	if (g->n_recipients < REPORT_RECIPIENTS_MAX && recipient.len > 0)
		g->recipients[g->n_recipients++] = arena_copy(&text->arena, recipient);
	else
		g->n_unlisted++;
}

/* The group of this explanation, begun where it is the first; NULL: there is no room for it. */
static struct report_group *
group_of(struct report_page *text, const struct verdict *v, const struct json_source *source)
{
	for (size_t i = 0; i < text->n_groups; i++)
		if (span_equal(text->groups[i]->key, out_view(&text->key)))
			return text->groups[i];
	if (text->n_groups == REPORT_EXPLANATIONS_MAX)
		return NULL;
	text->groups[text->n_groups] = keep_group(text, v, source);
	return text->groups[text->n_groups++];
}

void
report_page_add(struct report_page *text, const struct verdict *v, const struct json_source *source)
{
	struct report_group *g;

	out_clear(&text->key);
	write_key(&text->key, v);
	g = group_of(text, v, source);
	if (g == NULL) {
		text->n_unshown++;
		return;
	}
	g->n_failures++;
	g->n_delivered_later += v->failure->outcome == FAILURE_OUTCOME_DELIVERED;
	note_recipient(text, g, v->failure->recipient);
}

void
report_page_merge(struct report_page *text, const struct report_page *from)
{
	text->n_unshown += from->n_unshown;
	for (size_t i = 0; i < from->n_groups; i++) {
		const struct report_group *other = from->groups[i];
		struct report_group *g;

		out_clear(&text->key);
		out_span(&text->key, other->key);
		g = group_of(text, &other->verdict, &other->source);
		if (g == NULL) {
			text->n_unshown += other->n_failures;
			continue;
		}
		g->n_failures += other->n_failures;
		g->n_delivered_later += other->n_delivered_later;
		g->n_unlisted += other->n_unlisted;
		for (size_t k = 0; k < other->n_recipients; k++)
			note_recipient(text, g, other->recipients[k]);
	}
}

/* One line being made. */
struct line {
	enum lang lang;
	struct out words;
};

static void
say(struct line *p, enum phrase word)
{
	out_str(&p->words, phrase_say(word, p->lang));
}

static void
say_number(struct line *p, enum phrase word, uint64_t n)
{
	struct out digits = { 0 };
	struct span value;

	out_number(&digits, n);
	value = out_view(&digits);
	fill_words(&p->words, phrase_say(word, p->lang), (const char *const[]){ "n", NULL }, &value);
	out_deinit(&digits);
}

static void
say_brief_place(struct line *p, const struct json_source *s)
{
	if (s->file.len == 0 || s->file.at[0] == '(')
		return;
	out_span(&p->words, s->file);
	out_char(&p->words, ':');
	if (s->line > 0) {
		out_number(&p->words, s->line);
		out_char(&p->words, ':');
	}
	out_char(&p->words, ' ');
}

void
report_page_write_brief(struct out *out, enum lang lang, const struct verdict *v, const struct json_source *source)
{
	static const char *const names[] = { "title", "permanence", NULL };
	struct line p = { .lang = lang };
	struct out title = { 0 };
	struct span values[2];

	say_brief_place(&p, source);
	if (v->failure->recipient.len > 0)
		out_span(&p.words, utf8_first(v->failure->recipient, FILL_VALUE_SIZE_MAX));
	else
		say(&p, PHRASE_BRIEF_UNKNOWN);
	out_str(&p.words, ": ");
	fill_title(&title, v, lang, FILL_PLAIN);
	values[0] = out_view(&title);
	values[1] = span_of(phrase_of_permanence(v->permanence, lang));
	fill_words(&p.words, phrase_say(PHRASE_BRIEF, lang), names, values);
	terminal_escape(out, out_view(&p.words));
	out_char(out, '\n');
	out_deinit(&title);
	out_deinit(&p.words);
}

void
report_page_say_nothing(struct out *out, enum lang lang, enum outcome outcome)
{
	static const enum phrase words[OUTCOME_COUNT] = { [OUTCOME_EMPTY] = PHRASE_EMPTY,
		[OUTCOME_NOT_A_BOUNCE] = PHRASE_NOT_A_BOUNCE,
		[OUTCOME_AUTOMATIC_REPLY] = PHRASE_AUTOMATIC_REPLY,
		[OUTCOME_NO_FAILED_RECIPIENT] = PHRASE_NO_FAILED_RECIPIENT,
		[OUTCOME_DELIVERED] = PHRASE_NOTHING_FAILED,
		[OUTCOME_NOT_AN_EVENT] = PHRASE_NOT_A_REPLY,
		[OUTCOME_NOT_A_REPLY] = PHRASE_NOT_A_REPLY,
		[OUTCOME_BINARY] = PHRASE_BINARY,
		[OUTCOME_PDF] = PHRASE_PDF,
		[OUTCOME_OUTLOOK_MSG] = PHRASE_OUTLOOK_MSG };

	out_str(out, phrase_say(words[outcome], lang));
}

void
report_page_tell_nothing(FILE *to, enum lang lang, const char *file, uint64_t message, enum outcome outcome)
{
	struct line p = { .lang = lang };
	struct out line = { 0 };

	out_str(&p.words, file ? file : "todoku");
	if (file != NULL && message > 0)
		say_number(&p, PHRASE_IN_MESSAGE, message);
	out_str(&p.words, ": ");
	report_page_say_nothing(&p.words, lang, outcome);
	terminal_escape(&line, out_view(&p.words));
	fprintf(to, "%.*s\n", (int)line.len, line.at);
	out_deinit(&line);
	out_deinit(&p.words);
}
