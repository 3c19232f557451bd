#include "render/html_summary.h"

#include "base/utf8.h"
#include "render/fill.h"
#include "render/html.h"
#include "render/phrases.h"

enum { PATTERN_SHOWN_MAX = 240 };

static void
put_cell(struct out *out, const char *tag, const char *class, struct span words)
{
	out_char(out, '<');
	out_str(out, tag);
	if (class[0] != '\0') {
		out_str(out, " class=\"");
		out_str(out, class);
		out_char(out, '"');
	}
	out_char(out, '>');
	html_put_text(out, words);
	out_str(out, "</");
	out_str(out, tag);
	out_char(out, '>');
}

static void
put_head(struct out *out, enum lang lang)
{
	static const char *const names[][LANG_COUNT] = { { "Failures", "件数" }, { "Share", "割合" },
		{ "Cause", "原因" }, { "Receiver", "受信側" }, { "Kind", "種別" } };

	out_str(out, "<thead><tr>");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		out_str(out, i < 1 ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
		html_put_text(out, span_of(names[i][lang]));
		out_str(out, "</th>");
	}
	out_str(out, "</tr></thead>\n");
}

/* "12.3%" and a bar; its length is an attribute, for a style is refused. */
static void
put_share(struct out *out, uint64_t permille)
{
	out_str(out,
	    "<td class=\"share\"><svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	    "<rect width=\"");
	out_number(out, permille > 0 ? permille : 1);
	out_str(out, "\" height=\"10\"/></svg><span>");
	out_number(out, permille / 10);
	out_char(out, '.');
	out_number(out, permille % 10);
	out_str(out, "%</span></td>");
}

static void
put_steps(struct out *out, enum lang lang, const struct summary_group *g)
{
	struct out steps = { 0 };
	struct span rest, step;

	summary_say_remedy(&steps, g, lang);
	out_str(out, "<ol>");
	for (rest = out_view(&steps); fill_take_step(&rest, &step);) {
		out_str(out, "<li>");
		html_put_words(out, step);
		out_str(out, "</li>");
	}
	out_str(out, "</ol>");
	out_deinit(&steps);
}

/* The title opens to the steps and the words of the reply. */
static void
put_cause(struct out *out, enum lang lang, const struct summary_group *g)
{
	struct out title = { 0 };

	summary_say_title(&title, g, lang);
	out_str(out, "<td class=\"cause\"><details><summary>");
	html_put_text(out, out_view(&title));
	out_str(out, "</summary>");
	put_steps(out, lang, g);
	if (g->pattern.len > 0) {
		out_str(out, "<pre class=\"reply\">");
		html_put_text(out, utf8_first(g->pattern, PATTERN_SHOWN_MAX));
		out_str(out, g->pattern.len > PATTERN_SHOWN_MAX ? "…</pre>" : "</pre>");
	}
	out_str(out, "</details></td>");
	out_deinit(&title);
}

static void
put_count(struct out *out, uint64_t count, uint64_t of)
{
	struct out digits = { 0 };

	summary_put_number(&digits, count);
	put_cell(out, "td", "number", out_view(&digits));
	put_share(out, summary_permille(count, of));
	out_deinit(&digits);
}

static void
put_group(struct out *out, enum lang lang, const struct summary *s, const struct summary_group *g)
{
	out_str(out, "<tr>");
	put_count(out, g->count, s->n_failures);
	put_cause(out, lang, g);
	put_cell(out, "td", "receiver",
	    g->receiver ? g->receiver->title[lang] : span_of(phrase_say(PHRASE_ANY_RECEIVER, lang)));
	put_cell(out, "td", g->permanence == PERMANENCE_TEMPORARY ? "passing" : "bad",
	    span_of(phrase_of_permanence(g->permanence, lang)));
	out_str(out, "</tr>\n");
}

static void
put_rest(struct out *out, enum lang lang, const struct summary *s, uint64_t n)
{
	struct out words = { 0 };

	if (n == 0)
		return;
	summary_say_rest(&words, lang, n);
	out_str(out, "<tr>");
	put_count(out, n, s->n_failures);
	out_str(out, "<td colspan=\"3\">");
	html_put_text(out, out_view(&words));
	out_str(out, "</td></tr>\n");
	out_deinit(&words);
}

static void
put_table(struct out *out, enum lang lang, const struct summary *s)
{
	struct arena arena = { 0 };
	const struct summary_group **groups = summary_in_order(s, &arena);
	uint64_t rest = s->n_rest;

	out_str(out, "<table class=\"many\">");
	put_head(out, lang);
	out_str(out, "<tbody>\n");
	for (size_t i = 0; i < s->n_groups; i++)
		if (i < HTML_SUMMARY_ROWS_MAX)
			put_group(out, lang, s, groups[i]);
		else
			rest += groups[i]->count;
	put_rest(out, lang, s, rest);
	out_str(out, "</tbody></table>\n");
	arena_deinit(&arena);
}

void
html_summary_write(struct out *out, enum lang lang, const struct summary *s)
{
	struct out head = { 0 };

	summary_say_head(&head, lang, s);
	out_str(out, "<h2>");
	html_put_text(out, out_view(&head));
	out_str(out, "</h2>\n");
	if (s->n_failures > 0)
		put_table(out, lang, s);
	out_deinit(&head);
}
