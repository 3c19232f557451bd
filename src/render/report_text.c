#include "render/report_text.h"

#include "render/fill.h"
#include "render/report_card.h"

enum { MARGIN = 2, LABEL_WIDTH = 12, COLUMN = MARGIN + LABEL_WIDTH + 2 };

struct text_sheet {
	struct sheet sheet; /* first: its hands are handed this */
	const struct terminal *t;
	enum record_format format; /* of a record */
	struct out carets; /* of the row being written */
};

static struct text_sheet *
text_of(struct sheet *sheet)
{
	return (struct text_sheet *)sheet;
}

static void
put_styled(struct text_sheet *s, enum terminal_style style, struct span words)
{
	terminal_style(s->t, s->sheet.out, style);
	terminal_paragraph(s->t, s->sheet.out, words, 0);
	terminal_style(s->t, s->sheet.out, STYLE_PLAIN);
}

static void
put_headline(struct sheet *sheet, enum permanence permanence, struct span words)
{
	put_styled(text_of(sheet), permanence == PERMANENCE_TEMPORARY ? STYLE_PASSING : STYLE_BAD, words);
}

static void
put_title(struct sheet *sheet, struct span words)
{
	put_styled(text_of(sheet), STYLE_STRONG, words);
	out_char(sheet->out, '\n');
}

static void
begin_row(struct sheet *sheet, enum phrase label)
{
	const struct text_sheet *s = text_of(sheet);
	const char *says = phrase_say(label, sheet->lang);
	unsigned width = terminal_width(span_of(says));

	terminal_blanks(sheet->out, MARGIN);
	terminal_style(s->t, sheet->out, STYLE_LABEL);
	out_str(sheet->out, says);
	terminal_style(s->t, sheet->out, STYLE_PLAIN);
	terminal_blanks(sheet->out, width < LABEL_WIDTH ? COLUMN - MARGIN - width : 2);
}

static void
put_row(struct sheet *sheet, enum phrase label, struct span words)
{
	begin_row(sheet, label);
	terminal_paragraph(text_of(sheet)->t, sheet->out, words, COLUMN);
}

/* The commands of a step, each whole on a line of its own, to be copied. */
static void
put_commands(struct text_sheet *s, struct span step, unsigned indent)
{
	struct span command;
	size_t n;

	while ((n = span_index(step, '`')) < step.len) {
		step = span_skip(step, n + 1);
		command = span_first(step, span_index(step, '`'));
		step = span_skip(step, command.len < step.len ? command.len + 1 : command.len);
		if (command.len == 0 || span_index(command, ' ') == command.len)
			continue; /* a name */
		terminal_blanks(s->sheet.out, indent);
		terminal_style(s->t, s->sheet.out, STYLE_STRONG);
		terminal_escape(s->sheet.out, command);
		terminal_style(s->t, s->sheet.out, STYLE_PLAIN);
		out_char(s->sheet.out, '\n');
	}
}

/* "1. ", beside the label or below the number before it; the step hangs behind it, its commands stand below. */
static void
put_step(struct sheet *sheet, enum phrase label, unsigned n, struct span words)
{
	if (n == 1)
		begin_row(sheet, label);
	else
		terminal_blanks(sheet->out, COLUMN);
	out_number(sheet->out, n);
	out_str(sheet->out, n < 10 ? ". " : ".");
	terminal_paragraph(text_of(sheet)->t, sheet->out, words, COLUMN + 3);
	if (label == PHRASE_REMEDY)
		put_commands(text_of(sheet), words, COLUMN + 5);
}

static void
put_record(struct sheet *sheet, const struct record_change *change)
{
	const struct text_sheet *s = text_of(sheet);

	record_write_change(sheet->out, s->t, sheet->lang, change, s->format);
	out_char(sheet->out, '\n');
}

static void
end_carets(struct text_sheet *s)
{
	struct span carets = out_view(&s->carets);

	while (carets.len > 0 && carets.at[carets.len - 1] == ' ')
		carets.len--;
	if (carets.len > 0) {
		terminal_blanks(s->sheet.out, COLUMN);
		out_span(s->sheet.out, carets);
		out_char(s->sheet.out, '\n');
	}
	out_clear(&s->carets);
}

/* One row of the reply; the words that decided in a style, or with ^^^ below them. */
static void
put_reply_row(struct text_sheet *s, const struct sheet_reply *r, struct span row, unsigned indent)
{
	bool marked = false;

	terminal_blanks(&s->carets, indent - COLUMN);
	while (row.len > 0) {
		struct terminal_glyph g = terminal_take_glyph(&row);
		bool mark = r->marks[g.bytes.at - r->text.at] != 0;

		if (mark != marked)
			terminal_style(s->t, s->sheet.out, mark ? STYLE_MARK : STYLE_PLAIN);
		marked = mark;
		terminal_put_glyph(s->sheet.out, &g);
		memset(out_room(&s->carets, g.width), mark ? '^' : ' ', g.width);
		s->carets.len += g.width;
	}
	if (marked)
		terminal_style(s->t, s->sheet.out, STYLE_PLAIN);
	out_char(s->sheet.out, '\n');
	if (s->t->colour)
		out_clear(&s->carets);
	end_carets(s);
}

static void
say_number(struct text_sheet *s, enum phrase word, uint64_t n, unsigned indent)
{
	struct out digits = { 0 }, words = { 0 };
	struct span value;

	out_number(&digits, n);
	value = out_view(&digits);
	fill_words(&words, phrase_say(word, s->sheet.lang), (const char *const[]){ "n", NULL }, &value);
	terminal_blanks(s->sheet.out, indent);
	terminal_paragraph(s->t, s->sheet.out, out_view(&words), indent);
	out_deinit(&digits);
	out_deinit(&words);
}

/* What does not fit hangs below the text behind the codes, as does a line without codes. */
static void
put_reply(struct sheet *sheet, const struct sheet_reply *r)
{
	struct text_sheet *s = text_of(sheet);
	struct span rest = r->text, line, row;
	size_t n = 0;

	begin_row(sheet, PHRASE_REPLY);
	while (rest.len > 0) {
		line = terminal_take_row(&rest, 0);
		for (unsigned indent = COLUMN + (report_card_codes_size(line) > 0 ? 0 : r->hang); line.len > 0;
		     indent = COLUMN + r->hang) {
			row = terminal_take_row(&line, terminal_room(s->t, indent));
			if (row.len == 0 || n++ >= REPORT_REPLY_ROWS_MAX)
				continue;
			terminal_blanks(sheet->out, n > 1 ? indent : indent - COLUMN);
			put_reply_row(s, r, row, indent);
		}
	}
	if (n > REPORT_REPLY_ROWS_MAX)
		say_number(s, PHRASE_MORE_LINES, n - REPORT_REPLY_ROWS_MAX, COLUMN);
}

static void
part(struct sheet *sheet)
{
	out_char(sheet->out, '\n');
}

static void
end(struct sheet *sheet)
{
	(void)sheet;
}

static const struct sheet_hands hands = { put_headline, put_title, put_row, put_step, put_record, put_reply, part,
	end };

void
report_text_write(const struct report_page *page, struct out *out, const struct terminal *t, enum lang lang)
{
	struct text_sheet s = { .sheet = { &hands, out, lang }, .t = t };

	s.format = page->verbose ? RECORD_EVERY : page->format;
	for (size_t i = 0; i < page->n_groups; i++) {
		if (i > 0)
			out_char(out, '\n');
		report_card_write(&s.sheet, page->groups[i], page->verbose);
	}
	if (page->n_unshown > 0) {
		out_char(out, '\n');
		say_number(&s, PHRASE_MORE_EXPLANATIONS, page->n_unshown, 0);
	}
	out_deinit(&s.carets);
}
