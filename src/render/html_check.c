#include "render/html_check.h"

#include "render/gmail_answer.h"
#include "render/html.h"
#include "render/html_card.h"
#include "render/html_page.h"

static const struct terminal coloured = { .colour = true, .width = 0 };

static void
put_said(struct out *out, const char *class, struct out *words)
{
	if (words->len > 0) {
		out_str(out, "<p class=\"");
		out_str(out, class);
		out_str(out, "\">");
		html_put_words(out, out_view(words));
		out_str(out, "</p>");
	}
	out_clear(words);
}

/* "SPF" for "spf.record": what the box calls the record. */
static const char *
kind_of(const char *id)
{
	return strncmp(id, "spf", 3) == 0  ? "SPF"
	    : strncmp(id, "dkim", 4) == 0  ? "DKIM"
	    : strncmp(id, "dmarc", 5) == 0 ? "DMARC"
					   : "TXT";
}

static void
put_record(struct out *out, enum lang lang, const struct check_view *v, const struct sender_check_item *item)
{
	const struct record_change change = { kind_of(sender_check_id(item)), item->name, v->domain, { "", 0 },
		item->record };

	if (item->record.len > 0 && item->name.len > 0)
		html_record_write(out, lang, &change);
}

static void
put_item(struct out *out, enum lang lang, const struct check_view *v, const struct sender_check_item *item)
{
	static const char *const classes[] = { "good", "passing", "bad", "label" };
	struct out words = { 0 };

	out_str(out, "<li><span class=\"state ");
	out_str(out, classes[item->state]);
	out_str(out, "\">");
	html_put_text(out, span_trim(span_of(sender_check_state(item, lang))));
	out_str(out, "</span><div>");
	sender_check_say(&words, lang, item);
	put_said(out, item->state == CHECK_PASS ? "pass-says" : "says", &words);
	sender_check_say_fix(&words, lang, item);
	put_said(out, "fix", &words);
	sender_check_say_slips(&words, lang, item);
	put_said(out, "slips", &words);
	put_record(out, lang, v, item);
	out_str(out, "</div></li>\n");
	out_deinit(&words);
}

static void
put_group(struct out *out, enum lang lang, const struct check_view *v, enum check_weight weight)
{
	bool any = false;

	for (size_t i = 0; i < v->check->n; i++) {
		if (v->check->items[i].weight != weight)
			continue;
		if (!any) {
			out_str(out, "<h3>");
			html_put_text(out, span_of(sender_check_group(weight, lang)));
			out_str(out, "</h3>\n<ul class=\"findings\">\n");
			any = true;
		}
		put_item(out, lang, v, &v->check->items[i]);
	}
	out_str(out, any ? "</ul>\n" : "");
}

static void
put_gmail(struct out *out, enum lang lang, const struct check_view *v)
{
	struct out text = { 0 };

	gmail_answer_write_text(
	    &text, &coloured, lang, &(struct gmail_view){ v->forecast, v->catalog, v->ip, v->check->n_failed > 0 });
	out_str(out, "<div class=\"sheet foretold\">\n");
	html_put_terminal(out, out_view(&text));
	out_str(out, "</div>\n");
	out_deinit(&text);
}

static void
put_check(struct out *out, enum lang lang, const struct check_view *v)
{
	struct out words = { 0 };

	html_say_begin(out, lang);
	sender_check_say_head(&words, lang, v);
	out_str(out, "<article class=\"card\">\n");
	put_said(out,
	    v->check->n_failed > 0                      ? "verdict bad"
		: sender_check_unanswered(v->check) > 0 ? "verdict passing"
							: "verdict good",
	    &words);
	put_gmail(out, lang, v);
	for (enum check_weight w = CHECK_ALL; w <= CHECK_ADVICE; w++)
		put_group(out, lang, v, w);
	out_str(out, "</article>\n");
	html_say_end(out);
	out_deinit(&words);
}

void
html_check_write(struct out *out, enum lang lang, const struct check_view *v)
{
	struct out title = { 0 };

	out_span(&title, v->domain);
	out_str(&title, " - todoku check");
	html_page_begin(out, lang, out_view(&title));
	put_check(out, LANG_JA, v);
	put_check(out, LANG_EN, v);
	html_page_end(out);
	out_deinit(&title);
}
