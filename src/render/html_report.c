#include "render/html_report.h"

#include "render/fill.h"
#include "render/html.h"
#include "render/html_card.h"
#include "render/html_page.h"
#include "render/html_summary.h"
#include "render/phrases.h"

static void
put_unshown(struct out *out, enum lang lang, uint64_t n)
{
	struct out digits = { 0 }, words = { 0 };
	struct span value;

	out_number(&digits, n);
	value = out_view(&digits);
	fill_words(&words, phrase_say(PHRASE_MORE_EXPLANATIONS, lang), (const char *const[]){ "n", NULL }, &value);
	html_put_paragraphs(out, out_view(&words));
	out_deinit(&digits);
	out_deinit(&words);
}

/* Why an input told of no failure; how many such there were where it is more than one. */
static bool
put_nothing(struct out *out, enum lang lang, const unsigned *counts)
{
	bool any = false;

	for (enum outcome o = 0; counts != NULL && o < OUTCOME_COUNT; o++) {
		struct out words = { 0 };

		if (counts[o] == 0)
			continue;
		report_page_say_nothing(&words, lang, o);
		if (words.at[0] >= 'a' && words.at[0] <= 'z')
			words.at[0] = (char)(words.at[0] - 32);
		out_str(out, "<p class=\"nothing\">");
		html_put_text(out, out_view(&words));
		if (counts[o] > 1) {
			out_str(out, " × ");
			out_number(out, counts[o]);
		}
		out_str(out, "</p>\n");
		out_deinit(&words);
		any = true;
	}
	return any;
}

static void
put_said(struct out *out, enum lang lang, const struct html_report *r)
{
	const bool many = r->table_alone || r->summary->n_failures > 1;
	static const unsigned empty[OUTCOME_COUNT] = { [OUTCOME_EMPTY] = 1 };

	html_say_begin(out, lang);
	if (many)
		html_summary_write(out, lang, r->summary);
	for (size_t i = 0; i < r->page->n_groups && !r->table_alone; i++)
		html_card_write(out, lang, r->page->groups[i], r->page->verbose, i + 1);
	if (r->page->n_unshown > 0 && !r->table_alone)
		put_unshown(out, lang, r->page->n_unshown);
	if (!put_nothing(out, lang, r->nothing) && r->summary->n_failures == 0)
		put_nothing(out, lang, empty);
	html_say_end(out);
}

static struct out
title_of(enum lang lang, const struct html_report *r)
{
	struct out title = { 0 };

	if (r->page->n_groups == 1) {
		fill_title(&title, &r->page->groups[0]->verdict, lang, FILL_PLAIN);
		out_str(&title, " - ");
	}
	out_str(&title, "todoku");
	return title;
}

void
html_report_write(struct out *out, enum lang lang, const struct html_report *r)
{
	struct out title = title_of(lang, r);

	html_page_begin(out, lang, out_view(&title));
	put_said(out, LANG_JA, r);
	put_said(out, LANG_EN, r);
	html_page_end(out);
	out_deinit(&title);
}
