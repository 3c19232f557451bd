#include "render/report_page.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "render/confirm.h"
#include "render/fill.h"
#include "render/summary.h"
#include "render/phrases.h"

enum { MARGIN = 2, LABEL_WIDTH = 12, COLUMN = MARGIN + LABEL_WIDTH + 2, REPLY_CODES_SIZE_MAX = 16 };

/* What one explanation is written with. */
struct page {
	const struct terminal *t;
	struct out *out;
	enum lang lang;
	const struct report_group *g;
	const struct verdict *v;
	bool verbose;
	enum record_format format;
	struct out words; /* the paragraph being made */
};

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

static void
say(struct page *p, enum phrase word)
{
	out_str(&p->words, phrase_say(word, p->lang));
}

static void
say_with(struct page *p, enum phrase word, const char *name, struct span value)
{
	fill_words(&p->words, phrase_say(word, p->lang), (const char *const[]){ name, NULL }, &value);
}

static void
say_number(struct page *p, enum phrase word, uint64_t n)
{
	struct out digits = { 0 };

	out_number(&digits, n);
	say_with(p, word, "n", out_view(&digits));
	out_deinit(&digits);
}

static void
begin_row(struct page *p, enum phrase label)
{
	const char *says = phrase_say(label, p->lang);
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
put_row(struct page *p, enum phrase label)
{
	if (p->words.len == 0)
		return;
	begin_row(p, label);
	end_paragraph(p);
}

static enum phrase
headline_of(const struct verdict *v)
{
	if (v->failure->told_by == FAILURE_COMPLAINT)
		return PHRASE_HEAD_COMPLAINT;
	if (span_equal_folded(v->failure->action, span_of("delayed")))
		return PHRASE_HEAD_DELAYED;
	return v->code >= 400 ? PHRASE_HEAD_REFUSED : PHRASE_HEAD_FAILED;
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
		span_of(phrase_of_permanence(p->v->permanence, p->lang)) };
	struct out to;

	if (p->g->n_recipients > 1)
		say_number(p, PHRASE_TO_MANY, p->g->n_recipients + p->g->n_unlisted);
	else if (p->v->failure->recipient.len > 0)
		say_with(p, PHRASE_TO_ONE, "recipient", p->v->failure->recipient);
	to = p->words;
	p->words = (struct out){ 0 };
	values[1] = out_view(&to);
	fill_words(&p->words, phrase_say(headline_of(p->v), p->lang), names, values);
	if (p->v->receiver == NULL)
		capitalise(&p->words, 0);
	terminal_style(p->t, p->out, p->v->permanence == PERMANENCE_TEMPORARY ? STYLE_PASSING : STYLE_BAD);
	terminal_paragraph(p->t, p->out, span_trim(out_view(&p->words)), 0);
	terminal_style(p->t, p->out, STYLE_PLAIN);
	out_clear(&p->words);
	out_deinit(&to);
}

static void
write_title(struct page *p)
{
	fill_title(&p->words, p->v, p->lang, FILL_PLAIN);
	terminal_style(p->t, p->out, STYLE_STRONG);
	terminal_paragraph(p->t, p->out, span_trim(out_view(&p->words)), 0);
	terminal_style(p->t, p->out, STYLE_PLAIN);
	out_char(p->out, '\n');
	out_clear(&p->words);
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
		say_number(p, PHRASE_AND_MORE, p->g->n_unlisted);
	put_row(p, PHRASE_RECIPIENTS);
}

static bool
has_record(const struct page *p)
{
	return p->g->dns != NULL && confirm_has_record(p->g->dns);
}

/* What to change, and the record that was proved; without one, what the catalogue says. */
static void
write_change(struct page *p)
{
	if (!has_record(p)) {
		fill_change(&p->words, p->v, p->lang, FILL_PLAIN);
		put_row(p, PHRASE_CHANGE);
		return;
	}
	confirm_say_change(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_CHANGE);
	confirm_write_record(p->out, p->t, p->lang, p->g->dns, p->verbose ? RECORD_EVERY : p->format);
	out_char(p->out, '\n');
	confirm_say_proof(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_PROVED);
	confirm_say_owner(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_OWNER);
}

static void
write_why(struct page *p)
{
	fill_why(&p->words, p->v, p->lang, FILL_PLAIN);
	put_row(p, PHRASE_CAUSE);
}

/* "1. ", beside the label or below the number before it. */
static void
begin_numbered(struct page *p, enum phrase label, unsigned n)
{
	if (n == 1)
		begin_row(p, label);
	else
		terminal_blanks(p->out, COLUMN);
	out_number(p->out, n);
	out_str(p->out, n < 10 ? ". " : ".");
}

/* What the code most often means, with the words that tell it apart. */
static void
write_candidates(struct page *p)
{
	for (size_t i = 0; i < p->v->n_candidates; i++) {
		const struct candidate *c = &p->v->candidates[i];
		const struct span own = c->rule != NULL ? c->rule->says.title[p->lang] : (struct span){ "", 0 };

		begin_numbered(p, PHRASE_CANDIDATES, (unsigned)i + 1);
		fill_template(&p->words, own.len > 0 ? own : c->cause->says.title[p->lang], p->v, p->lang, FILL_PLAIN);
		if (c->text.len > 0)
			say_with(p, PHRASE_CANDIDATE_TEXT, "text", c->text);
		terminal_paragraph(p->t, p->out, out_view(&p->words), COLUMN + 3);
		out_clear(&p->words);
	}
}

/* A part of a sentence that holds a duration; empty for none. */
static struct out
duration_words(const struct page *p, enum phrase word, const char *name, uint32_t seconds)
{
	struct out duration = { 0 }, words = { 0 };
	struct span value;

	if (seconds == 0)
		return words;
	phrase_put_duration(&duration, seconds, p->lang);
	value = out_view(&duration);
	if (word == PHRASE_COUNT)
		return duration;
	fill_words(&words, phrase_say(word, p->lang), (const char *const[]){ name, NULL }, &value);
	out_deinit(&duration);
	return words;
}

static void
say_retry(struct page *p)
{
	static const char *const names[] = { "after", "every", "within", NULL };
	const struct retry r = p->v->retry;
	struct out after = duration_words(p, PHRASE_COUNT, "", r.after);
	struct out every = duration_words(p, PHRASE_RETRY_EVERY, "every", r.every);
	struct out within = duration_words(p, PHRASE_RETRY_WITHIN, "within", r.within);
	const struct span values[] = { out_view(&after), out_view(&every), out_view(&within) };

	fill_words(&p->words, phrase_say(PHRASE_RETRY, p->lang), names, values);
	out_deinit(&after);
	out_deinit(&every);
	out_deinit(&within);
}

static void
write_message(struct page *p)
{
	const struct verdict *v = p->v;

	if (v->failure->told_by == FAILURE_COMPLAINT)
		say(p, PHRASE_COMPLAINED);
	else if (v->permanence == PERMANENCE_PERMANENT)
		say(p, PHRASE_STOP);
	else if (v->given_up)
		say(p, PHRASE_GIVEN_UP);
	else if (v->in_vain)
		say(p, PHRASE_RETRY_IN_VAIN);
	else if (v->permanence == PERMANENCE_TEMPORARY && v->retry.after > 0)
		say_retry(p);
	else
		say(p, PHRASE_UNSURE_IF_PERMANENT);
	put_row(p, PHRASE_MESSAGE);
}

static void
say_suppress_after(struct page *p)
{
	static const char *const names[] = { "count", "within", NULL };
	struct out count = { 0 }, within = duration_words(p, PHRASE_COUNT, "", p->v->suppress.seconds);
	struct span values[2];

	out_number(&count, p->v->suppress.count);
	values[0] = out_view(&count);
	values[1] = out_view(&within);
	fill_words(&p->words, phrase_say(PHRASE_SUPPRESS_AFTER, p->lang), names, values);
	out_deinit(&count);
	out_deinit(&within);
}

static void
write_address(struct page *p)
{
	const bool complaint = p->v->failure->told_by == FAILURE_COMPLAINT;

	switch (p->v->suppress.when) {
	case SUPPRESS_AT_ONCE: say(p, complaint ? PHRASE_SUPPRESS_COMPLAINT : PHRASE_SUPPRESS); break;
	case SUPPRESS_AFTER: say_suppress_after(p); break;
	case SUPPRESS_NEVER:
	case SUPPRESS_UNSAID: say(p, p->v->cause ? PHRASE_KEEP : PHRASE_KEEP_FOR_NOW); break;
	}
	put_row(p, PHRASE_ADDRESS);
}

static void
write_acts(struct page *p)
{
	for (size_t i = 0; p->v->acts[i] != 0; i++) {
		if (i > 0)
			say(p, PHRASE_JOINT);
		out_str(&p->words, phrase_of_actor((enum actor)p->v->acts[i], p->lang));
	}
	capitalise(&p->words, 0);
	put_row(p, PHRASE_ACTS);
}

/* The commands of a step, each whole on a line of its own, to be copied. */
static void
write_commands(struct page *p, struct span step, unsigned indent)
{
	struct span command;
	size_t n;

	while ((n = span_index(step, '`')) < step.len) {
		step = span_skip(step, n + 1);
		command = span_first(step, span_index(step, '`'));
		step = span_skip(step, command.len < step.len ? command.len + 1 : command.len);
		if (command.len == 0 || span_index(command, ' ') == command.len)
			continue; /* a name */
		terminal_blanks(p->out, indent);
		terminal_style(p->t, p->out, STYLE_STRONG);
		terminal_escape(p->out, command);
		terminal_style(p->t, p->out, STYLE_PLAIN);
		out_char(p->out, '\n');
	}
}

/* Numbered steps, each hanging behind its number, its commands below it. */
static void
write_remedy(struct page *p)
{
	struct out steps = { 0 };
	struct span rest, step;

	fill_remedy(&steps, p->v, p->lang, FILL_PLAIN);
	rest = out_view(&steps);
	for (unsigned n = 1; fill_take_step(&rest, &step); n++) {
		begin_numbered(p, PHRASE_REMEDY, n);
		terminal_paragraph(p->t, p->out, step, COLUMN + 3);
		write_commands(p, step, COLUMN + 5);
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

static bool
is_code_byte(char c)
{
	return ascii_is_digit(c) || c == '.' || c == '-' || c == ' ';
}

/* The bytes of the codes that a line of the reply begins with ("550-5.7.26 "); 0 for none. */
static unsigned
code_size(struct span line)
{
	unsigned n = 0;

	if (line.len < 4 || !ascii_is_digit(line.at[0]) || !ascii_is_digit(line.at[2]))
		return 0;
	while (n < line.len && n < REPLY_CODES_SIZE_MAX && is_code_byte(line.at[n]) &&
	    !(n > 0 && line.at[n] == ' ' && line.at[n - 1] == ' '))
		n++;
	return n > 4 && n < line.len && line.at[n - 1] != ' ' ? 4 : n; /* "550 192.0.2.25 is listed" */
}

/* Whether two lines have the same codes, but for the - of one that is followed. */
static bool
same_codes(struct span a, struct span b)
{
	return a.len > 3 && b.len > 3 && span_equal(span_first(a, 3), span_first(b, 3)) &&
	    span_equal(span_trim(span_skip(a, 4)), span_trim(span_skip(b, 4)));
}

/* The reply as it is to be read: a byte of `marks` for each of `text`. */
struct reading {
	struct out text, marks;
	unsigned hang; /* the width of the codes in front */
};

static void
put_marked(const struct page *p, struct reading *r, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		out_char(&r->text, s.at[i]);
		out_char(&r->marks, is_marked(p->v, s.at + i));
	}
}

/* Begins a line of the reply, or goes on with the paragraph that it belongs to. */
static void
part(const struct page *p, struct reading *r, struct span line, bool flows)
{
	const bool within = flows && r->marks.at[r->marks.len - 1] != 0 && is_marked(p->v, line.at);

	if (r->text.len == 0)
		return;
	out_char(&r->text, flows ? ' ' : '\n');
	out_char(&r->marks, within);
}

/* Lines with the same codes flow into one paragraph behind them; one of codes alone parts two. */
static void
read_reply(const struct page *p, struct reading *r)
{
	struct span rest = p->v->failure->reply, line, codes, before = { "", 0 };
	bool known, parted = false;

	while (rest.len > 0 && r->text.len < REPORT_REPLY_SIZE_MAX) {
		line = span_trim(terminal_take_row(&rest, 0));
		codes = span_first(line, code_size(line));
		known = codes.len > 0 && same_codes(before, codes);
		if (codes.len > 0 && !known) {
			before = codes;
			r->hang = (unsigned)codes.len;
		}
		if (known)
			line = span_trim(span_skip(line, codes.len));
		if (line.len > 0) {
			part(p, r, line, known && !parted);
			put_marked(p, r, line);
		}
		parted = line.len == 0;
	}
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
write_reply_row(struct page *p, const struct reading *r, struct span row, unsigned indent)
{
	bool marked = false;

	terminal_blanks(&p->words, indent - COLUMN);
	while (row.len > 0) {
		struct terminal_glyph g = terminal_take_glyph(&row);
		bool mark = r->marks.at[g.bytes.at - r->text.at] != 0;

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

/* What does not fit hangs below the text behind the codes, as does a line without codes. */
static void
write_reply_rows(struct page *p, const struct reading *r)
{
	struct span rest = out_view(&r->text), line, row;
	size_t n = 0;

	while (rest.len > 0) {
		line = terminal_take_row(&rest, 0);
		for (unsigned indent = COLUMN + (code_size(line) > 0 ? 0 : r->hang); line.len > 0;
		     indent = COLUMN + r->hang) {
			row = terminal_take_row(&line, terminal_room(p->t, indent));
			if (row.len == 0 || n++ >= REPORT_REPLY_ROWS_MAX)
				continue;
			terminal_blanks(p->out, n > 1 ? indent : indent - COLUMN);
			write_reply_row(p, r, row, indent);
		}
	}
	if (n <= REPORT_REPLY_ROWS_MAX)
		return;
	terminal_blanks(p->out, COLUMN);
	say_number(p, PHRASE_MORE_LINES, n - REPORT_REPLY_ROWS_MAX);
	end_paragraph(p);
}

static void
write_reply(struct page *p)
{
	struct reading r = { .hang = 0 };

	read_reply(p, &r);
	if (r.text.len > 0) {
		begin_row(p, PHRASE_REPLY);
		write_reply_rows(p, &r);
	} else {
		say(p, PHRASE_NO_REPLY);
		put_row(p, PHRASE_REPLY);
	}
	out_deinit(&r.text);
	out_deinit(&r.marks);
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
	static const enum phrase sentences[] = { PHRASE_CODE_AND_STATUS_CLASS, PHRASE_STATUS_AND_WORDS,
		PHRASE_CODE_AND_WORDS, PHRASE_REPORT_AND_REPLY };
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
		fill_words(&p->words, phrase_say(sentences[i], p->lang), names, values);
		out_char(&p->words, '\n');
	}
	put_row(p, PHRASE_CONTRADICTION);
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
	say_with(p, PHRASE_BY_CODES, "codes", out_view(&codes));
	out_deinit(&codes);
}

static void
write_sureness(struct page *p)
{
	if (p->v->cause == NULL) {
		say(p, PHRASE_UNDETERMINED_SURE);
	} else {
		say(p,
		    p->v->confidence == CONFIDENCE_CERTAIN          ? PHRASE_CERTAIN
			: p->v->confidence == CONFIDENCE_UNKNOWABLE ? PHRASE_UNKNOWABLE
								    : PHRASE_LIKELY);
		if (p->v->n_marks == 0 && (p->v->code != 0 || p->v->status.class != 0))
			say_codes(p);
		else if (p->v->rule != NULL && p->v->rule->provider != NULL)
			say_with(
			    p, PHRASE_BY_RECEIVERS_WORDS, "receiver", fill_receiver(p->v->rule->provider, p->lang));
		else
			say(p, PHRASE_BY_WORDS);
	}
	if (p->v->failure->told_by == FAILURE_NOTICE)
		say(p, PHRASE_READ_FROM_PROSE);
	put_row(p, PHRASE_SURE);
}

static void
write_receiver(struct page *p)
{
	static const char *const names[] = { "name", "mark", "seen", NULL };
	const struct provider *r = p->v->receiver;
	const struct span mark = p->v->receiver_mark;
	const struct span values[] = { r ? r->title[p->lang] : p->v->failure->remote_mta, span_first(mark, 80),
		span_of(phrase_of_seen(p->v->receiver_seen, p->lang)) };

	if (values[0].len == 0)
		say(p, PHRASE_RECEIVER_UNKNOWN);
	else if (r == NULL)
		out_span(&p->words, span_first(values[0], FILL_VALUE_SIZE_MAX));
	else
		fill_words(&p->words, phrase_say(mark.len ? PHRASE_SEEN : PHRASE_SEEN_IN, p->lang), names, values);
	put_row(p, PHRASE_RECEIVER);
}

/* What was found all the same, where the cause was not. */
static void
write_facts(struct page *p)
{
	for (size_t i = 0; i < p->v->n_facts; i++) {
		const struct fact *f = &p->v->facts[i];
		struct span name = span_of(phrase_of_fact(f->name, p->lang));

		if (f->seen == SEEN_DERIVED || f->value.len == 0)
			continue;
		if (span_starts_folded(name, "the "))
			name = span_skip(name, 4);
		out_span(&p->words, name);
		out_str(&p->words, ": ");
		out_span(&p->words, span_first(f->value, FILL_VALUE_SIZE_MAX));
		out_char(&p->words, '\n');
	}
	put_row(p, PHRASE_FACTS);
}

static void
write_source(struct page *p)
{
	if (p->v->rule == NULL || p->v->rule->source.len == 0)
		return;
	out_span(&p->words, p->v->rule->source);
	if (p->v->rule->checked.len > 0) {
		out_char(&p->words, ' ');
		say_with(p, PHRASE_CHECKED, "date", p->v->rule->checked);
	}
	put_row(p, PHRASE_SOURCE);
}

static void
write_place(struct page *p)
{
	const struct json_source *s = &p->g->source;

	if (s->file.len == 0 || (s->file.at[0] == '(' && s->message < 2 && s->line < 2))
		return;
	out_span(&p->words, s->file);
	if (s->message > 0)
		say_number(p, PHRASE_IN_MESSAGE, s->message);
	if (s->line > 1)
		say_number(p, PHRASE_IN_LINE, s->line);
	if (p->g->n_failures > 1)
		say_number(p, PHRASE_PLACE_MORE, p->g->n_failures - 1);
	put_row(p, PHRASE_PLACE);
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
		say(p, PHRASE_LATER_DELIVERED);
	else if (p->g->n_delivered_later > 0)
		say_number(p, PHRASE_LATER_SOME_DELIVERED, p->g->n_delivered_later);
	else if (f->outcome == FAILURE_OUTCOME_GIVEN_UP && p->g->n_failures == 1)
		say(p, PHRASE_LATER_GIVEN_UP);
	end_sentence(p);
	if (f->refused_here)
		say(p, PHRASE_REFUSED_HERE);
	end_sentence(p);
	if (f->refused_here && f->milter.len > 0)
		say_with(p, PHRASE_MILTER_HERE, "what", span_first(f->milter, FILL_VALUE_SIZE_MAX));
	else if (about_senders && f->milter.len > 0)
		say_with(p, PHRASE_MILTER, "what", span_first(f->milter, FILL_VALUE_SIZE_MAX));
	end_sentence(p);
	if (about_senders && f->told_by == FAILURE_LOG && f->original_recipient.len > 0 &&
	    !span_equal_folded(f->original_recipient, f->recipient))
		say_with(p, PHRASE_REDIRECTED, "address", f->original_recipient);
	end_sentence(p);
	if (about_senders && f->source_ip.len > 0)
		say_with(p, PHRASE_SENT_FROM, "ip", f->source_ip);
	p->words.len = span_trim(out_view(&p->words)).len;
	put_row(p, PHRASE_LOG);
}

/* What the DNS shows, and the record that mends it. */
static void
write_dns(struct page *p)
{
	if (p->g->dns == NULL)
		return;
	confirm_say(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_DNS);
}

/* One explanation: what happened, what to change, what to do with mail and address; then why, who said so, how sure. */
static void
write_group(struct page *p)
{
	write_headline(p);
	write_title(p);
	write_recipients(p);
	write_change(p);
	if (p->verbose || !has_record(p))
		write_remedy(p);
	write_candidates(p);
	out_char(p->out, '\n');
	write_message(p);
	write_address(p);
	write_acts(p);
	out_char(p->out, '\n');
	write_why(p);
	write_log(p);
	write_dns(p);
	write_reply(p);
	write_contradictions(p);
	write_sureness(p);
	if (p->v->cause == NULL)
		write_facts(p);
	write_receiver(p);
	write_source(p);
	write_place(p);
}

void
report_page_write(const struct report_page *text, struct out *out, const struct terminal *t, enum lang lang)
{
	struct page p = { .t = t, .out = out, .lang = lang, .verbose = text->verbose, .format = text->format };

	for (size_t i = 0; i < text->n_groups; i++) {
		if (i > 0)
			out_char(out, '\n');
		p.g = text->groups[i];
		p.v = &p.g->verdict;
		write_group(&p);
	}
	if (text->n_unshown > 0) {
		say_number(&p, PHRASE_MORE_EXPLANATIONS, text->n_unshown);
		out_char(out, '\n');
		terminal_paragraph(t, out, out_view(&p.words), 0);
	}
	out_deinit(&p.words);
}

static void
say_brief_place(struct page *p, const struct json_source *s)
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
	struct page p = { .lang = lang };
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
report_page_tell_nothing(FILE *to, enum lang lang, const char *file, uint64_t message, enum outcome outcome)
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
	struct page p = { .lang = lang };
	struct out line = { 0 };

	out_str(&p.words, file ? file : "todoku");
	if (file != NULL && message > 0)
		say_number(&p, PHRASE_IN_MESSAGE, message);
	out_str(&p.words, ": ");
	say(&p, words[outcome]);
	terminal_escape(&line, out_view(&p.words));
	fprintf(to, "%.*s\n", (int)line.len, line.at);
	out_deinit(&line);
	out_deinit(&p.words);
}
