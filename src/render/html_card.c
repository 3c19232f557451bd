#include "render/html_card.h"

#include "render/html.h"
#include "render/report_card.h"

struct html_sheet {
	struct sheet sheet; /* first: its hands are handed this */
	bool in_list, in_row, in_steps;
};

/* Their class, for what looks otherwise than the rest. */
static const char *const classes[PHRASE_COUNT] = {
	[PHRASE_CHANGE] = "change",
	[PHRASE_REMEDY] = "steps",
	[PHRASE_CANDIDATES] = "steps",
	[PHRASE_MESSAGE] = "message",
	[PHRASE_ADDRESS] = "address",
	[PHRASE_ACTS] = "acts",
	[PHRASE_CAUSE] = "why",
	[PHRASE_REPLY] = "said",
	[PHRASE_CONTRADICTION] = "mind",
};

static struct html_sheet *
html_of(struct sheet *sheet)
{
	return (struct html_sheet *)sheet;
}

static void
end_row(struct sheet *sheet)
{
	struct html_sheet *s = html_of(sheet);

	if (s->in_steps)
		out_str(sheet->out, "</ol>");
	if (s->in_row)
		out_str(sheet->out, "</dd></div>\n");
	s->in_row = s->in_steps = false;
}

static void
end_list(struct sheet *sheet)
{
	end_row(sheet);
	if (html_of(sheet)->in_list)
		out_str(sheet->out, "</dl>\n");
	html_of(sheet)->in_list = false;
}

static void
begin_row(struct sheet *sheet, enum phrase label)
{
	struct html_sheet *s = html_of(sheet);

	end_row(sheet);
	if (!s->in_list)
		out_str(sheet->out, "<dl>\n");
	s->in_list = s->in_row = true;
	out_str(sheet->out, "<div class=\"row ");
	out_str(sheet->out, classes[label] ? classes[label] : "more");
	out_str(sheet->out, "\"><dt>");
	html_put_text(sheet->out, span_of(phrase_say(label, sheet->lang)));
	out_str(sheet->out, "</dt><dd>");
}

static void
put_headline(struct sheet *sheet, enum permanence permanence, struct span words)
{
	out_str(
	    sheet->out, permanence == PERMANENCE_TEMPORARY ? "<p class=\"head passing\">" : "<p class=\"head bad\">");
	html_put_text(sheet->out, words);
	out_str(sheet->out, "</p>\n");
}

static void
put_title(struct sheet *sheet, struct span words)
{
	out_str(sheet->out, "<h2>");
	html_put_text(sheet->out, words);
	out_str(sheet->out, "</h2>\n");
}

/* "https://… (as of 2026-11-23)" */
static void
put_source(struct out *out, struct span words)
{
	const size_t n = span_index(words, ' ');

	out_str(out, "<p>");
	html_put_link(out, span_first(words, n));
	html_put_text(out, span_skip(words, n));
	out_str(out, "</p>");
}

static void
put_row(struct sheet *sheet, enum phrase label, struct span words)
{
	begin_row(sheet, label);
	if (label == PHRASE_SOURCE)
		put_source(sheet->out, words);
	else
		html_put_paragraphs(sheet->out, words);
}

static void
put_step(struct sheet *sheet, enum phrase label, unsigned n, struct span words)
{
	if (n == 1) {
		begin_row(sheet, label);
		out_str(sheet->out, "<ol>");
		html_of(sheet)->in_steps = true;
	}
	out_str(sheet->out, "<li>");
	html_put_words(sheet->out, words);
	out_str(sheet->out, "</li>");
}

static void
put_box(struct out *out, enum lang lang, const struct record_change *change, enum record_format format)
{
	struct out form = { 0 };

	record_put_form(&form, lang, change, format);
	out_str(out, "<pre class=\"copy\" tabindex=\"0\">");
	html_put_lines(out, span_trim(out_view(&form)));
	out_str(out, "</pre>");
	out_deinit(&form);
}

static void
put_difference(struct out *out, const struct record_change *change)
{
	struct out lines = { 0 };
	struct span rest, line;

	record_say_difference(&lines, change);
	for (rest = out_view(&lines); span_take_line(&rest, &line);) {
		const bool gone = line.len > 0 && line.at[0] == '-';

		out_str(out, gone ? "<p class=\"difference\"><del>" : "<p class=\"difference\"><ins>");
		html_put_text(out, line);
		out_str(out, gone ? "</del></p>" : "</ins></p>");
	}
	out_deinit(&lines);
}

/* The value stands open; the other ways to write it open at a touch. */
static void
put_forms(struct out *out, enum lang lang, const struct record_change *change)
{
	put_box(out, lang, change, RECORD_VALUE);
	for (enum record_format f = RECORD_ZONE; f <= RECORD_ROUTE53; f++) {
		out_str(out, "<details><summary>");
		html_put_text(out, span_of(record_form_name(lang, f)));
		out_str(out, "</summary>");
		put_box(out, lang, change, f);
		out_str(out, "</details>");
	}
}

void
html_record_write(struct out *out, enum lang lang, const struct record_change *change)
{
	struct out words = { 0 };

	if (!record_can_be_published(change))
		return;
	record_say_title(&words, lang, change);
	out_str(out, "<figure class=\"record\"><figcaption>");
	html_put_text(out, out_view(&words));
	out_str(out, "</figcaption><p class=\"name\">");
	out_clear(&words);
	record_say_name(&words, lang, change);
	html_put_text(out, out_view(&words));
	out_str(out, "</p>");
	put_difference(out, change);
	put_forms(out, lang, change);
	out_str(out, "</figure>");
	out_deinit(&words);
}

static void
put_record(struct sheet *sheet, const struct record_change *change)
{
	html_record_write(sheet->out, sheet->lang, change);
}

/* Runs of equal marks: the words that decided in <mark>. */
static void
put_marked(struct out *out, const struct sheet_reply *r)
{
	for (size_t i = 0, n; i < r->text.len; i += n) {
		for (n = 1; i + n < r->text.len && !r->marks[i + n] == !r->marks[i];)
			n++;
		out_str(out, r->marks[i] ? "<mark>" : "");
		html_put_lines(out, span_first(span_skip(r->text, i), n));
		out_str(out, r->marks[i] ? "</mark>" : "");
	}
}

static void
put_reply(struct sheet *sheet, const struct sheet_reply *r)
{
	begin_row(sheet, PHRASE_REPLY);
	out_str(sheet->out, "<pre class=\"reply\" tabindex=\"0\">");
	put_marked(sheet->out, r);
	out_str(sheet->out, "</pre>");
}

static void
end(struct sheet *sheet)
{
	end_list(sheet);
}

static const struct sheet_hands hands = { put_headline, put_title, put_row, put_step, put_record, put_reply, end_list,
	end };

void
html_card_write(struct out *out, enum lang lang, const struct report_group *g, bool verbose, size_t number)
{
	struct html_sheet s = { .sheet = { &hands, out, lang } };

	out_str(out, "<article class=\"card\" id=\"card-");
	out_number(out, number);
	out_str(out, lang == LANG_JA ? "-ja\">\n" : "-en\">\n");
	report_card_write(&s.sheet, g, verbose);
	out_str(out, "</article>\n");
}
