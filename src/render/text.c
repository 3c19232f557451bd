#include "render/text.h"

#include "render/confirm.h"
#include "render/fill.h"
#include "render/summary.h"
#include "render/words.h"

enum { MARGIN = 2, LABEL_WIDTH = 12, COLUMN = MARGIN + LABEL_WIDTH + 2 };

/* What one explanation is written with. */
struct page {
	const struct terminal *t;
	struct out *out;
	enum lang lang;
	const struct text_group *g;
	const struct verdict *v;
	struct out words; /* the paragraph being made */
};

void
text_init(struct text *text)
{
	*text = (struct text){ 0 };
}

void
text_deinit(struct text *text)
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

	f->reply = span_first(f->reply, TEXT_REPLY_SIZE_MAX);
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		keep(arena, spans[i]);
}

/* The returned message, where it may be evidence and is not too long to be whole. */
static void
keep_returned(struct arena *arena, const struct verdict *v, struct failure *f)
{
	const bool wanted = v->cause != NULL && span_starts_folded(v->cause->name, "auth.");

	if (!wanted || f->returned.len > TEXT_RETURNED_SIZE_MAX)
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

static struct text_group *
keep_group(struct text *text, const struct verdict *v, const struct json_source *source)
{
	struct text_group *g = arena_take_items(&text->arena, 1, sizeof(*g));

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
note_recipient(struct text *text, struct text_group *g, const struct failure *f)
{
	const struct span recipient = f->recipient;

	g->n_failures++;
	g->n_delivered_later += f->later == FAILURE_LATER_DELIVERED;
	for (size_t i = 0; i < g->n_recipients; i++)
		if (span_equal_folded(g->recipients[i], recipient))
			return;
	if (g->n_recipients < TEXT_RECIPIENTS_MAX && recipient.len > 0)
		g->recipients[g->n_recipients++] = arena_copy(&text->arena, recipient);
	else
		g->n_unlisted++;
}

void
text_add(struct text *text, const struct verdict *v, const struct json_source *source)
{
	out_clear(&text->key);
	write_key(&text->key, v);
	for (size_t i = 0; i < text->n_groups; i++)
		if (span_equal(text->groups[i]->key, out_view(&text->key))) {
			note_recipient(text, text->groups[i], v->failure);
			return;
		}
	if (text->n_groups == TEXT_EXPLANATIONS_MAX) {
		text->n_unshown++;
		return;
	}
	text->groups[text->n_groups] = keep_group(text, v, source);
	note_recipient(text, text->groups[text->n_groups++], v->failure);
}

static void
say(struct page *p, enum word word)
{
	out_str(&p->words, words_say(word, p->lang));
}

static void
say_with(struct page *p, enum word word, const char *name, struct span value)
{
	fill_words(&p->words, words_say(word, p->lang), (const char *const[]){ name, NULL }, &value);
}

static void
say_number(struct page *p, enum word word, uint64_t n)
{
	struct out digits = { 0 };

	out_number(&digits, n);
	say_with(p, word, "n", out_view(&digits));
	out_deinit(&digits);
}

static void
begin_row(struct page *p, enum word label)
{
	const char *says = words_say(label, p->lang);
	unsigned width = terminal_width(span_of(says));

	terminal_blanks(p->out, MARGIN);
	terminal_style(p->t, p->out, STYLE_LABEL);
	out_str(p->out, says);
	terminal_style(p->t, p->out, STYLE_PLAIN);
	terminal_blanks(p->out, width < LABEL_WIDTH ? COLUMN - MARGIN - width : 2);
}

/* Writes the words made so far, as the text beside a label or below one. */
static void
end_paragraph(struct page *p)
{
	terminal_paragraph(p->t, p->out, span_trim(out_view(&p->words)), COLUMN);
	out_clear(&p->words);
}

static void
put_row(struct page *p, enum word label)
{
	if (p->words.len == 0)
		return;
	begin_row(p, label);
	end_paragraph(p);
}

static enum word
headline_of(const struct verdict *v)
{
	if (v->failure->told_by == FAILURE_COMPLAINT)
		return WORD_HEAD_COMPLAINT;
	if (span_equal_folded(v->failure->action, span_of("delayed")))
		return WORD_HEAD_DELAYED;
	return v->code >= 400 ? WORD_HEAD_REFUSED : WORD_HEAD_FAILED;
}

static void
capitalise(struct out *out, size_t at)
{
	if (at < out->len && out->at[at] >= 'a' && out->at[at] <= 'z')
		out->at[at] = (char)(out->at[at] - 32);
}

static void
write_headline(struct page *p)
{
	static const char *const names[] = { "receiver", "to", "permanence", NULL };
	struct span values[] = { fill_receiver(p->v->receiver, p->lang), { "", 0 },
		span_of(words_of_permanence(p->v->permanence, p->lang)) };
	struct out to;

	if (p->g->n_recipients > 1)
		say_number(p, WORD_TO_MANY, p->g->n_recipients + p->g->n_unlisted);
	else if (p->v->failure->recipient.len > 0)
		say_with(p, WORD_TO_ONE, "recipient", p->v->failure->recipient);
	to = p->words;
	p->words = (struct out){ 0 };
	values[1] = out_view(&to);
	fill_words(&p->words, words_say(headline_of(p->v), p->lang), names, values);
	if (p->v->receiver == NULL)
		capitalise(&p->words, 0);
	terminal_style(p->t, p->out, p->v->permanence == PERMANENCE_TEMPORARY ? STYLE_PASSING : STYLE_BAD);
	terminal_paragraph(p->t, p->out, span_trim(out_view(&p->words)), 0);
	terminal_style(p->t, p->out, STYLE_PLAIN);
	out_char(p->out, '\n');
	out_clear(&p->words);
	out_deinit(&to);
}

static void
write_recipients(struct page *p)
{
	if (p->g->n_recipients < 2)
		return;
	for (size_t i = 0; i < p->g->n_recipients; i++) {
		out_span(&p->words, span_first(p->g->recipients[i], FILL_VALUE_SIZE_MAX));
		out_char(&p->words, '\n');
	}
	if (p->g->n_unlisted > 0)
		say_number(p, WORD_AND_MORE, p->g->n_unlisted);
	put_row(p, WORD_RECIPIENTS);
}

static void
write_cause(struct page *p)
{
	begin_row(p, WORD_CAUSE);
	fill_title(&p->words, p->v, p->lang, FILL_PLAIN);
	terminal_style(p->t, p->out, STYLE_STRONG);
	end_paragraph(p);
	terminal_style(p->t, p->out, STYLE_PLAIN);
	fill_why(&p->words, p->v, p->lang, FILL_PLAIN);
	if (p->words.len > 0) {
		terminal_blanks(p->out, COLUMN);
		end_paragraph(p);
	}
}

/* A part of a sentence that holds a duration; empty for none. */
static struct out
duration_words(const struct page *p, enum word word, const char *name, uint32_t seconds)
{
	struct out duration = { 0 }, words = { 0 };
	struct span value;

	if (seconds == 0)
		return words;
	words_put_duration(&duration, seconds, p->lang);
	value = out_view(&duration);
	if (word == WORD_COUNT)
		return duration;
	fill_words(&words, words_say(word, p->lang), (const char *const[]){ name, NULL }, &value);
	out_deinit(&duration);
	return words;
}

static void
say_retry(struct page *p)
{
	static const char *const names[] = { "after", "every", "within", NULL };
	const struct retry r = p->v->retry;
	struct out after = duration_words(p, WORD_COUNT, "", r.after);
	struct out every = duration_words(p, WORD_RETRY_EVERY, "every", r.every);
	struct out within = duration_words(p, WORD_RETRY_WITHIN, "within", r.within);
	const struct span values[] = { out_view(&after), out_view(&every), out_view(&within) };

	fill_words(&p->words, words_say(WORD_RETRY, p->lang), names, values);
	out_deinit(&after);
	out_deinit(&every);
	out_deinit(&within);
}

static void
write_message(struct page *p)
{
	const struct verdict *v = p->v;

	if (v->failure->told_by == FAILURE_COMPLAINT)
		say(p, WORD_COMPLAINED);
	else if (v->permanence == PERMANENCE_PERMANENT)
		say(p, WORD_STOP);
	else if (v->given_up)
		say(p, WORD_GIVEN_UP);
	else if (v->permanence == PERMANENCE_TEMPORARY && v->retry.after > 0)
		say_retry(p);
	else
		say(p, WORD_UNSURE_IF_PERMANENT);
	put_row(p, WORD_MESSAGE);
}

static void
say_suppress_after(struct page *p)
{
	static const char *const names[] = { "count", "within", NULL };
	struct out count = { 0 }, within = duration_words(p, WORD_COUNT, "", p->v->suppress.seconds);
	struct span values[2];

	out_number(&count, p->v->suppress.count);
	values[0] = out_view(&count);
	values[1] = out_view(&within);
	fill_words(&p->words, words_say(WORD_SUPPRESS_AFTER, p->lang), names, values);
	out_deinit(&count);
	out_deinit(&within);
}

static void
write_address(struct page *p)
{
	const bool complaint = p->v->failure->told_by == FAILURE_COMPLAINT;

	switch (p->v->suppress.when) {
	case SUPPRESS_AT_ONCE: say(p, complaint ? WORD_SUPPRESS_COMPLAINT : WORD_SUPPRESS); break;
	case SUPPRESS_AFTER: say_suppress_after(p); break;
	case SUPPRESS_NEVER:
	case SUPPRESS_UNSAID: say(p, p->v->cause ? WORD_KEEP : WORD_KEEP_FOR_NOW); break;
	}
	put_row(p, WORD_ADDRESS);
}

static void
write_acts(struct page *p)
{
	for (size_t i = 0; p->v->acts[i] != 0; i++) {
		if (i > 0)
			say(p, WORD_JOINT);
		out_str(&p->words, words_of_actor((enum actor)p->v->acts[i], p->lang));
	}
	capitalise(&p->words, 0);
	put_row(p, WORD_ACTS);
}

/* Numbered steps, each hanging behind its number. */
static void
write_remedy(struct page *p)
{
	struct out steps = { 0 };
	struct span rest, step;

	fill_remedy(&steps, p->v, p->lang, FILL_PLAIN);
	rest = out_view(&steps);
	for (unsigned n = 1; rest.len > 0; n++) {
		step = span_trim(span_first(rest, span_index(rest, '\n')));
		rest = span_skip(rest, span_index(rest, '\n'));
		span_take_char(&rest, '\n');
		if (n == 1)
			begin_row(p, WORD_REMEDY);
		else
			terminal_blanks(p->out, COLUMN);
		out_number(p->out, n);
		out_str(p->out, n < 10 ? ". " : ".");
		terminal_paragraph(p->t, p->out, step, COLUMN + 3);
	}
	out_deinit(&steps);
}

static bool
is_marked(const struct verdict *v, const char *at)
{
	for (size_t i = 0; i < v->n_marks; i++)
		if (at >= v->marks[i].at && at < v->marks[i].at + v->marks[i].len)
			return true;
	return false;
}

static void
end_carets(struct page *p)
{
	struct span carets = out_view(&p->words);

	while (carets.len > 0 && carets.at[carets.len - 1] == ' ')
		carets.len--;
	if (carets.len > 0) {
		terminal_blanks(p->out, COLUMN);
		out_span(p->out, carets);
		out_char(p->out, '\n');
	}
	out_clear(&p->words);
}

/* One row of the reply; the words that decided in a style, or with ^^^ below them. */
static void
write_reply_row(struct page *p, struct span row)
{
	bool marked = false;

	while (row.len > 0) {
		struct terminal_glyph g = terminal_take_glyph(&row);
		bool mark = is_marked(p->v, g.bytes.at);

		if (mark != marked)
			terminal_style(p->t, p->out, mark ? STYLE_MARK : STYLE_PLAIN);
		marked = mark;
		terminal_put_glyph(p->out, &g);
		memset(out_room(&p->words, g.width), mark ? '^' : ' ', g.width);
		p->words.len += g.width;
	}
	if (marked)
		terminal_style(p->t, p->out, STYLE_PLAIN);
	out_char(p->out, '\n');
	if (p->t->colour)
		out_clear(&p->words);
	end_carets(p);
}

static void
write_reply(struct page *p)
{
	struct span rest = p->v->failure->reply, row;
	size_t n = 0;

	if (span_trim(rest).len == 0) {
		say(p, WORD_NO_REPLY);
		put_row(p, WORD_REPLY);
		return;
	}
	begin_row(p, WORD_REPLY);
	while (rest.len > 0) {
		row = terminal_take_row(&rest, terminal_room(p->t, COLUMN));
		if (row.len == 0 || n++ >= TEXT_REPLY_ROWS_MAX)
			continue;
		if (n > 1)
			terminal_blanks(p->out, COLUMN);
		write_reply_row(p, row);
	}
	if (n > TEXT_REPLY_ROWS_MAX) {
		terminal_blanks(p->out, COLUMN);
		say_number(p, WORD_MORE_LINES, n - TEXT_REPLY_ROWS_MAX);
		end_paragraph(p);
	}
}

static void
put_status(struct out *out, struct enhanced_status s)
{
	out_number(out, s.class);
	out_char(out, '.');
	out_number(out, s.subject);
	out_char(out, '.');
	out_number(out, s.detail);
}

static void
write_contradictions(struct page *p)
{
	static const enum word sentences[] = { WORD_CODE_AND_STATUS_CLASS, WORD_STATUS_AND_WORDS, WORD_CODE_AND_WORDS,
		WORD_REPORT_AND_REPLY };
	static const char *const names[] = { "code", "status", "reported", "codes_say", NULL };
	struct out code = { 0 }, status = { 0 }, reported = { 0 }, title = { 0 };

	out_number(&code, p->v->code);
	put_status(&status, p->v->status);
	put_status(&reported, p->v->failure->status);
	if (p->v->codes_say != NULL)
		fill_template(&title, p->v->codes_say->says.title[p->lang], p->v, p->lang, FILL_PLAIN);
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const struct span values[] = { out_view(&code), out_view(&status), out_view(&reported),
			out_view(&title) };

		if ((p->v->contradictions & 1u << i) == 0)
			continue;
		fill_words(&p->words, words_say(sentences[i], p->lang), names, values);
		out_char(&p->words, '\n');
	}
	put_row(p, WORD_MIND);
	out_deinit(&code);
	out_deinit(&status);
	out_deinit(&reported);
	out_deinit(&title);
}

static void
say_codes(struct page *p)
{
	struct out codes = { 0 };

	if (p->v->code != 0)
		out_number(&codes, p->v->code);
	if (p->v->code != 0 && p->v->status.class != 0)
		out_char(&codes, ' ');
	if (p->v->status.class != 0)
		put_status(&codes, p->v->status);
	say_with(p, WORD_BY_CODES, "codes", out_view(&codes));
	out_deinit(&codes);
}

static void
write_sureness(struct page *p)
{
	if (p->v->cause == NULL) {
		say(p, WORD_UNDETERMINED_SURE);
	} else {
		say(p,
		    p->v->confidence == CONFIDENCE_CERTAIN          ? WORD_CERTAIN
			: p->v->confidence == CONFIDENCE_UNKNOWABLE ? WORD_UNKNOWABLE
								    : WORD_LIKELY);
		if (p->v->n_marks == 0 && (p->v->code != 0 || p->v->status.class != 0))
			say_codes(p);
		else if (p->v->rule != NULL && p->v->rule->provider != NULL)
			say_with(p, WORD_BY_RECEIVERS_WORDS, "receiver", fill_receiver(p->v->rule->provider, p->lang));
		else
			say(p, WORD_BY_WORDS);
	}
	if (p->v->failure->told_by == FAILURE_NOTICE)
		say(p, WORD_READ_FROM_PROSE);
	put_row(p, WORD_SURE);
}

static void
write_receiver(struct page *p)
{
	static const char *const names[] = { "name", "mark", "seen", NULL };
	const struct provider *r = p->v->receiver;
	const struct span mark = p->v->receiver_mark;
	const struct span values[] = { r ? r->title[p->lang] : p->v->failure->remote_mta, span_first(mark, 80),
		span_of(words_of_seen(p->v->receiver_seen, p->lang)) };

	if (values[0].len == 0)
		say(p, WORD_RECEIVER_UNKNOWN);
	else if (r == NULL)
		out_span(&p->words, span_first(values[0], FILL_VALUE_SIZE_MAX));
	else
		fill_words(&p->words, words_say(mark.len ? WORD_SEEN : WORD_SEEN_IN, p->lang), names, values);
	put_row(p, WORD_RECEIVER);
}

/* What was found all the same, where the cause was not. */
static void
write_facts(struct page *p)
{
	for (size_t i = 0; i < p->v->n_facts; i++) {
		const struct fact *f = &p->v->facts[i];
		struct span name = span_of(words_of_fact(f->name, p->lang));

		if (f->seen == SEEN_DERIVED || f->value.len == 0)
			continue;
		if (span_starts_folded(name, "the "))
			name = span_skip(name, 4);
		out_span(&p->words, name);
		out_str(&p->words, ": ");
		out_span(&p->words, span_first(f->value, FILL_VALUE_SIZE_MAX));
		out_char(&p->words, '\n');
	}
	put_row(p, WORD_FACTS);
}

static void
write_source(struct page *p)
{
	if (p->v->rule == NULL || p->v->rule->source.len == 0)
		return;
	out_span(&p->words, p->v->rule->source);
	if (p->v->rule->checked.len > 0) {
		out_char(&p->words, ' ');
		say_with(p, WORD_CHECKED, "date", p->v->rule->checked);
	}
	put_row(p, WORD_SOURCE);
}

static void
write_place(struct page *p)
{
	const struct json_source *s = &p->g->source;

	if (s->file.len == 0 || (s->file.at[0] == '(' && s->message < 2 && s->line < 2))
		return;
	out_span(&p->words, s->file);
	if (s->message > 0)
		say_number(p, WORD_IN_MESSAGE, s->message);
	if (s->line > 0)
		say_number(p, WORD_IN_LINE, s->line);
	if (p->g->n_failures > 1)
		say_number(p, WORD_PLACE_MORE, p->g->n_failures - 1);
	put_row(p, WORD_PLACE);
}

static void
end_sentence(struct page *p)
{
	if (p->words.len > 0)
		out_char(&p->words, '\n');
}

/* What stands around it in the log, or beside it in a service's event. */
static void
write_log(struct page *p)
{
	const struct failure *f = p->v->failure;
	const bool about_senders = p->v->cause != NULL &&
	    (span_starts_folded(p->v->cause->name, "auth.") || span_starts_folded(p->v->cause->name, "connection.") ||
		span_starts_folded(p->v->cause->name, "reputation."));

	if (p->g->n_delivered_later == p->g->n_failures)
		say(p, WORD_LATER_DELIVERED);
	else if (p->g->n_delivered_later > 0)
		say_number(p, WORD_LATER_SOME_DELIVERED, p->g->n_delivered_later);
	else if (f->later == FAILURE_LATER_GIVEN_UP && p->g->n_failures == 1)
		say(p, WORD_LATER_GIVEN_UP);
	end_sentence(p);
	if (about_senders && f->milter.len > 0)
		say_with(p, WORD_MILTER, "what", span_first(f->milter, FILL_VALUE_SIZE_MAX));
	end_sentence(p);
	if (about_senders && f->told_by == FAILURE_LOG && f->original_recipient.len > 0 &&
	    !span_equal_folded(f->original_recipient, f->recipient))
		say_with(p, WORD_REDIRECTED, "address", f->original_recipient);
	end_sentence(p);
	if (about_senders && f->source_ip.len > 0)
		say_with(p, WORD_SENT_FROM, "ip", f->source_ip);
	p->words.len = span_trim(out_view(&p->words)).len;
	put_row(p, WORD_LOG);
}

/* What the DNS shows, and the record that mends it. */
static void
write_dns(struct page *p)
{
	if (p->g->dns == NULL)
		return;
	confirm_say(&p->words, p->lang, p->g->dns);
	put_row(p, WORD_DNS);
}

void
text_write_group(struct out *out, const struct text_group *g, const struct terminal *t, enum lang lang)
{
	struct page p = { .t = t, .out = out, .lang = lang, .g = g, .v = &g->verdict };

	write_headline(&p);
	write_recipients(&p);
	write_cause(&p);
	write_message(&p);
	write_address(&p);
	write_acts(&p);
	write_remedy(&p);
	write_log(&p);
	write_dns(&p);
	write_reply(&p);
	write_contradictions(&p);
	write_sureness(&p);
	if (p.v->cause == NULL)
		write_facts(&p);
	write_receiver(&p);
	write_source(&p);
	write_place(&p);
	if (g->dns != NULL)
		confirm_write_record(out, t, lang, g->dns);
	out_deinit(&p.words);
}

void
text_write(const struct text *text, struct out *out, const struct terminal *t, enum lang lang)
{
	struct out words = { 0 }, digits = { 0 };
	struct span n;

	for (size_t i = 0; i < text->n_groups; i++) {
		if (i > 0)
			out_char(out, '\n');
		text_write_group(out, text->groups[i], t, lang);
	}
	if (text->n_unshown == 0)
		return;
	out_number(&digits, text->n_unshown);
	n = out_view(&digits);
	fill_words(&words, words_say(WORD_MORE_EXPLANATIONS, lang), (const char *const[]){ "n", NULL }, &n);
	out_char(out, '\n');
	terminal_paragraph(t, out, out_view(&words), 0);
	out_deinit(&words);
	out_deinit(&digits);
}

static enum word
nothing_word(const char *what)
{
	static const struct {
		const char *what;
		enum word word;
	} known[] = { { "delivered", WORD_NOTHING_FAILED }, { "automatic-reply", WORD_AUTOMATIC_REPLY },
		{ "no-failed-recipient", WORD_NO_FAILED_RECIPIENT }, { "empty", WORD_EMPTY } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].what, what) == 0)
			return known[i].word;
	return WORD_NOT_A_BOUNCE;
}

void
text_tell_nothing(FILE *to, enum lang lang, const char *file, uint64_t message, const char *what)
{
	struct page p = { .lang = lang };
	struct out line = { 0 };

	out_str(&p.words, file ? file : "todoku");
	if (file != NULL && message > 0)
		say_number(&p, WORD_IN_MESSAGE, message);
	out_str(&p.words, ": ");
	say(&p, nothing_word(what));
	terminal_escape(&line, out_view(&p.words));
	fprintf(to, "%.*s\n", (int)line.len, line.at);
	out_deinit(&line);
	out_deinit(&p.words);
}
