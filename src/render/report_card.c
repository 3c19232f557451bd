#include "render/report_card.h"

#include "base/ascii.h"
#include "render/confirm.h"
#include "render/fill.h"
#include "render/terminal.h"

enum { REPLY_CODES_SIZE_MAX = 16 };

/* What one explanation is written with. */
struct card {
	struct sheet *sheet;
	enum lang lang;
	const struct report_group *g;
	const struct verdict *v;
	bool verbose;
	struct out words; /* the paragraph being made */
};

static void
say(struct card *p, enum phrase word)
{
	out_str(&p->words, phrase_say(word, p->lang));
}

static void
say_with(struct card *p, enum phrase word, const char *name, struct span value)
{
	fill_words(&p->words, phrase_say(word, p->lang), (const char *const[]){ name, NULL }, &value);
}

static void
say_number(struct card *p, enum phrase word, uint64_t n)
{
	struct out digits = { 0 };

	out_number(&digits, n);
	say_with(p, word, "n", out_view(&digits));
	out_deinit(&digits);
}

static void
put_row(struct card *p, enum phrase label)
{
	if (p->words.len == 0)
		return;
	p->sheet->hands->row(p->sheet, label, span_trim(out_view(&p->words)));
	out_clear(&p->words);
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
write_headline(struct card *p)
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
	p->sheet->hands->headline(p->sheet, p->v->permanence, span_trim(out_view(&p->words)));
	out_clear(&p->words);
	out_deinit(&to);
}

static void
write_title(struct card *p)
{
	fill_title(&p->words, p->v, p->lang, FILL_PLAIN);
	p->sheet->hands->title(p->sheet, span_trim(out_view(&p->words)));
	out_clear(&p->words);
}

static void
write_recipients(struct card *p)
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
has_record(const struct card *p)
{
	return p->g->dns != NULL && confirm_has_record(p->g->dns);
}

/* What to change, and the record that was proved; without one, what the catalogue says. */
static void
write_change(struct card *p)
{
	struct arena arena = { 0 };
	struct record_change change;

	if (!has_record(p)) {
		fill_change(&p->words, p->v, p->lang, FILL_PLAIN);
		put_row(p, PHRASE_CHANGE);
		return;
	}
	confirm_say_change(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_CHANGE);
	change = confirm_record(&arena, p->g->dns);
	p->sheet->hands->record(p->sheet, &change);
	arena_deinit(&arena);
	confirm_say_proof(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_PROVED);
	confirm_say_owner(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_OWNER);
}

static void
write_why(struct card *p)
{
	fill_why(&p->words, p->v, p->lang, FILL_PLAIN);
	put_row(p, PHRASE_CAUSE);
}

/* What the code most often means, with the words that tell it apart. */
static void
write_candidates(struct card *p)
{
	for (size_t i = 0; i < p->v->n_candidates; i++) {
		const struct candidate *c = &p->v->candidates[i];
		const struct span own = c->rule != NULL ? c->rule->says.title[p->lang] : (struct span){ "", 0 };

		fill_template(&p->words, own.len > 0 ? own : c->cause->says.title[p->lang], p->v, p->lang, FILL_PLAIN);
		if (c->text.len > 0)
			say_with(p, PHRASE_CANDIDATE_TEXT, "text", c->text);
		p->sheet->hands->step(p->sheet, PHRASE_CANDIDATES, (unsigned)i + 1, out_view(&p->words));
		out_clear(&p->words);
	}
}

/* A part of a sentence that holds a duration; empty for none. */
static struct out
duration_words(const struct card *p, enum phrase word, const char *name, uint32_t seconds)
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
say_retry(struct card *p)
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
write_message(struct card *p)
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
say_suppress_after(struct card *p)
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
write_address(struct card *p)
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
write_acts(struct card *p)
{
	for (size_t i = 0; p->v->acts[i] != 0; i++) {
		if (i > 0)
			say(p, PHRASE_JOINT);
		out_str(&p->words, phrase_of_actor((enum actor)p->v->acts[i], p->lang));
	}
	capitalise(&p->words, 0);
	put_row(p, PHRASE_ACTS);
}

static void
write_remedy(struct card *p)
{
	struct out steps = { 0 };
	struct span rest, step;

	fill_remedy(&steps, p->v, p->lang, FILL_PLAIN);
	rest = out_view(&steps);
	for (unsigned n = 1; fill_take_step(&rest, &step); n++)
		p->sheet->hands->step(p->sheet, PHRASE_REMEDY, n, step);
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

unsigned
report_card_codes_size(struct span line)
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
put_marked(const struct card *p, struct reading *r, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		out_char(&r->text, s.at[i]);
		out_char(&r->marks, is_marked(p->v, s.at + i));
	}
}

/* Begins a line of the reply, or goes on with the paragraph that it belongs to. */
static void
part(const struct card *p, struct reading *r, struct span line, bool flows)
{
	const bool within = flows && r->marks.at[r->marks.len - 1] != 0 && is_marked(p->v, line.at);

	if (r->text.len == 0)
		return;
	out_char(&r->text, flows ? ' ' : '\n');
	out_char(&r->marks, within);
}

/* Lines with the same codes flow into one paragraph behind them; one of codes alone parts two. */
static void
read_reply(const struct card *p, struct reading *r)
{
	struct span rest = p->v->failure->reply, line, codes, before = { "", 0 };
	bool known, parted = false;

	while (rest.len > 0 && r->text.len < REPORT_REPLY_SIZE_MAX) {
		line = span_trim(terminal_take_row(&rest, 0));
		codes = span_first(line, report_card_codes_size(line));
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
write_reply(struct card *p)
{
	struct reading r = { .hang = 0 };

	read_reply(p, &r);
	if (r.text.len > 0) {
		p->sheet->hands->reply(p->sheet, &(struct sheet_reply){ out_view(&r.text), r.marks.at, r.hang });
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
write_contradictions(struct card *p)
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
say_codes(struct card *p)
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
write_sureness(struct card *p)
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
write_receiver(struct card *p)
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
write_facts(struct card *p)
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
write_source(struct card *p)
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
write_place(struct card *p)
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
end_sentence(struct card *p)
{
	if (p->words.len > 0)
		out_char(&p->words, '\n');
}

/* What stands around it in the log, or beside it in a service's event. */
static void
write_log(struct card *p)
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
write_dns(struct card *p)
{
	if (p->g->dns == NULL)
		return;
	confirm_say(&p->words, p->lang, p->g->dns);
	put_row(p, PHRASE_DNS);
}

void
report_card_write(struct sheet *sheet, const struct report_group *g, bool verbose)
{
	struct card card = { .sheet = sheet, .lang = sheet->lang, .g = g, .v = &g->verdict, .verbose = verbose },
		    *p = &card;

	write_headline(p);
	write_title(p);
	write_recipients(p);
	write_change(p);
	if (p->verbose || !has_record(p))
		write_remedy(p);
	write_candidates(p);
	p->sheet->hands->part(p->sheet);
	write_message(p);
	write_address(p);
	write_acts(p);
	p->sheet->hands->part(p->sheet);
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
	sheet->hands->end(sheet);
	out_deinit(&p->words);
}
