#include "render/html_verify.h"

#include "grammar/ip_address.h"
#include "render/authentication_results.h"
#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/gmail_answer.h"
#include "render/html.h"
#include "render/html_card.h"
#include "render/html_page.h"
#include "render/phrases.h"
#include "render/problem.h"
#include "render/repair.h"
#include "render/spf.h"

static const struct terminal plain = { .colour = false, .width = 0 };
static const struct terminal coloured = { .colour = true, .width = 0 };

static const struct {
	const char *class, *says[LANG_COUNT];
} matches[] = { [SPF_NOT_REACHED] = { "label", { "not reached", "未評価" } },
	[SPF_MATCHED] = { "good", { "matches", "一致" } },
	[SPF_NOT_MATCHED] = { "label", { "no match", "不一致" } },
	[SPF_ERROR] = { "bad", { "error", "エラー" } } };

static void
put_step(struct out *out, enum lang lang, const struct spf_step *step)
{
	out_str(out, "<li><code>");
	html_put_text(out, step->term);
	out_str(out, "</code> <span class=\"");
	out_str(out, matches[step->matched].class);
	out_str(out, "\">");
	out_str(out, matches[step->matched].says[lang]);
	if (step->why != PROBLEM_NONE) {
		out_str(out, ": ");
		html_put_text(out, span_of(problem_words(step->why, lang)));
	}
	out_str(out, "</span> <small>");
	out_number(out, step->lookups);
	out_str(out, "/10</small>");
}

/* The terms in the order of evaluation, an include's within it, the look-ups counted as they were. */
static void
put_tree(struct out *out, enum lang lang, const struct spf_evaluation *e)
{
	unsigned depth = 0;

	out_str(out, "<ul class=\"tree\">");
	for (size_t i = 0; i < e->n_steps; i++) {
		const struct spf_step *step = &e->steps[i];

		for (; depth < step->depth; depth++)
			out_str(out, "<ul>");
		for (; depth > step->depth; depth--)
			out_str(out, "</li></ul>");
		if (i > 0 && e->steps[i - 1].depth >= step->depth)
			out_str(out, "</li>");
		put_step(out, lang, step);
	}
	for (; depth > 0; depth--)
		out_str(out, "</li></ul>");
	out_str(out, e->n_steps > 0 ? "</li></ul>\n" : "</ul>\n");
}

static void
put_paragraphs(struct out *out, struct out *words)
{
	html_put_paragraphs(out, out_view(words));
	out_clear(words);
}

static void
put_heading(struct out *out, const char *name)
{
	out_str(out, "<h3>");
	out_str(out, name);
	out_str(out, "</h3>\n");
}

static void
put_spf(struct out *out, enum lang lang, const struct verify_view *v)
{
	const struct spf_query query = { .ip = v->query->ip };
	struct out words = { 0 };

	put_heading(out, "SPF");
	if (!v->found->has_spf) {
		html_put_paragraphs(out, span_of(verify_no_spf(lang)));
		return;
	}
	spf_say(&words, lang, &query, &v->found->spf);
	put_paragraphs(out, &words);
	put_tree(out, lang, &v->found->spf);
	spf_write_near_miss(&words, &plain, lang, &v->found->spf);
	put_paragraphs(out, &words);
	out_deinit(&words);
}

/* Of the first signature that passes, or of the first. */
static struct span
signer_of(const struct dkim_evaluation *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->checks[i].result == DKIM_PASS)
			return e->checks[i].signature.domain;
	return e->n > 0 ? e->checks[0].signature.domain : (struct span){ "", 0 };
}

/* The author's domain beside each name that passed: equal, of one organization, or neither. */
static void
put_alignment(struct out *out, enum lang lang, const struct authentication *a)
{
	static const char *const heads[][LANG_COUNT] = { { "From:", "From" }, { "SPF", "SPF" }, { "DKIM", "DKIM" } };
	static const char *const aligned[][LANG_COUNT] = { { "not aligned", "不一致" }, { "aligned", "一致" } };
	const bool yes[] = { true, a->dmarc.view.spf_aligned, a->dmarc.view.dkim_aligned };
	const struct span names[] = { a->dmarc.author_domain, a->has_spf ? a->spf.domain : (struct span){ "", 0 },
		signer_of(&a->dkim) };

	if (a->dmarc.author_domain.len == 0)
		return;
	out_str(out, "<table class=\"alignment\"><tbody>\n");
	for (size_t i = 0; i < 3; i++) {
		out_str(out, "<tr><th scope=\"row\">");
		out_str(out, heads[i][lang]);
		out_str(out, "</th><td><code>");
		html_put_text(out, names[i].len > 0 ? names[i] : span_of("-"));
		out_str(out, yes[i] ? "</code></td><td class=\"good\">" : "</code></td><td class=\"bad\">");
		out_str(out, i > 0 ? aligned[yes[i]][lang] : "");
		out_str(out, "</td></tr>\n");
	}
	out_str(out, "</tbody></table>\n");
}

/* What a writer for the terminal writes. */
static void
put_text(struct out *out, struct out *text)
{
	html_put_terminal(out, out_view(text));
	out_clear(text);
}

static void
put_judged(struct out *out, enum lang lang, const struct verify_view *v)
{
	const struct authentication *a = v->found;
	const struct dmarc_query dmarc = { .identifiers = a->identifiers, .n_identifiers = a->n_identifiers };
	struct out text = { 0 };

	put_spf(out, lang, v);
	put_heading(out, "DKIM");
	dkim_write_text(&text, &coloured, lang, &a->dkim, &a->findings);
	put_text(out, &text);
	put_heading(out, "DMARC");
	put_alignment(out, lang, a);
	dmarc_write_text(&text, &coloured, lang, &dmarc, &a->dmarc);
	verify_write_arc(&text, &coloured, lang, &a->arc);
	if (v->query->has_ip)
		verify_write_iprev(&text, &coloured, lang, a);
	verify_write_border(&text, &coloured, lang, v);
	verify_write_connection(&text, &coloured, lang, v);
	put_text(out, &text);
	out_deinit(&text);
}

/* The record that would let the sending host pass. */
static void
put_mend(struct out *out, enum lang lang, const struct verify_view *v)
{
	const struct repair_spf *r = &v->prospect->repair;
	const struct repair_view view = { &v->prospect->query, r, &v->found->iprev, v->prospect->zone };
	struct out words = { 0 };

	if (!v->prospect->mended || r->obstacle != REPAIR_NONE)
		return;
	put_heading(out, phrase_say(PHRASE_CHANGE, lang));
	repair_say_change(&words, lang, &view);
	put_paragraphs(out, &words);
	html_record_write(out, lang, &(struct record_change){ "SPF", r->name, v->prospect->zone, r->before, r->after });
	repair_say_proof(&words, lang, &view);
	out_char(&words, '\n');
	repair_say_owner(&words, lang, &view);
	put_paragraphs(out, &words);
	out_deinit(&words);
}

static void
put_results(struct out *out, const struct verify_view *v)
{
	struct out words = { 0 };

	authentication_results_write(&words, v->query, v->found, v->authserv_id);
	put_heading(out, "Authentication-Results");
	out_str(out, "<pre class=\"copy\" tabindex=\"0\">Authentication-Results: ");
	html_put_lines(out, out_view(&words));
	out_str(out, "</pre>\n");
	out_deinit(&words);
}

static void
put_verified(struct out *out, enum lang lang, const struct verify_view *v)
{
	const struct ip_address *ip = v->query->has_ip ? &v->query->ip : NULL;
	const bool good = v->accepted && authentication_doubt(v->found) == DOUBT_NONE;
	struct out words = { 0 };

	html_say_begin(out, lang);
	out_str(out, "<article class=\"card sheet\">\n");
	out_str(out, good ? "<p class=\"verdict good\">" : "<p class=\"verdict bad\">");
	verify_say(&words, lang, v);
	html_put_text(out, out_view(&words));
	out_str(out, "</p>\n");
	out_clear(&words);
	gmail_answer_write_text(
	    &words, &coloured, lang, &(struct gmail_view){ &v->prospect->forecast, v->catalog, ip, !v->accepted });
	put_text(out, &words);
	put_mend(out, lang, v);
	put_judged(out, lang, v);
	put_results(out, v);
	out_str(out, "</article>\n");
	html_say_end(out);
	out_deinit(&words);
}

void
html_verify_write(struct out *out, enum lang lang, const struct verify_view *v)
{
	html_page_begin(out, lang, span_of("todoku verify"));
	put_verified(out, LANG_JA, v);
	put_verified(out, LANG_EN, v);
	html_page_end(out);
}
