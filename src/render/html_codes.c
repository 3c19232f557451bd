#include "render/html_codes.h"

#include <stdlib.h>

#include "catalog/rule_reply.h"
#include "render/fill.h"
#include "render/html.h"
#include "render/html_page.h"
#include "render/json_writer.h"
#include "render/phrases.h"

enum { WORDS_SHOWN_MAX = 1024 };

/* One reply of the reference. */
struct code {
	const struct rule *rule;
	struct rule_reply reply;
	const char *text; /* its first Sample where it has no Reply */
	size_t text_len;
};

static struct span
own_or_cause(const struct rule *rule, const struct span *own, const struct span *causes, enum lang lang)
{
	(void)rule;
	return own[lang].len > 0 ? own[lang] : causes[lang];
}

static struct span
title_of(const struct rule *r, enum lang lang)
{
	return own_or_cause(r, r->says.title, r->cause->says.title, lang);
}

/* The first Sample: behind its colon, or in the lines behind a blank that follow. */
static struct span
first_sample(struct span stanza)
{
	static const char head[] = "\nSample:";
	const char *at = stanza.len > 0 ? memmem(stanza.at, stanza.len, head, sizeof(head) - 1) : NULL;
	struct span rest, line, sample;

	if (at == NULL)
		return (struct span){ "", 0 };
	sample = rest = span_skip(stanza, (size_t)(at - stanza.at) + sizeof(head) - 1);
	while (span_take_line(&rest, &line) && rest.len > 0 && rest.at[0] == ' ')
		;
	return span_trim(span_first(sample, sample.len - rest.len));
}

static bool
read_code(const struct rule *rule, struct code *code)
{
	const struct span sample = first_sample(rule->stanza);

	*code = (struct code){ .rule = rule, .text = sample.at, .text_len = sample.len };
	if (rule_reply_find(rule, false, &code->reply))
		return true;
	return sample.len > 0;
}

/* 550 5.7.26 before its words; a sample has its own. */
static void
say_reply(struct out *out, const struct code *code)
{
	struct span rest = { code->text, code->text_len }, line;

	if (code->reply.n > 0) {
		out_number(out, code->reply.code);
		out_char(out, ' ');
		out_span(out, code->reply.status);
		for (size_t i = 0; i < code->reply.n; i++) {
			out_char(out, i > 0 ? '\n' : ' ');
			out_span(out, code->reply.lines[i]);
		}
		return;
	}
	while (rest.len > 0 && out->len < WORDS_SHOWN_MAX) {
		line = span_first(rest, span_index(rest, '\n'));
		rest = span_skip(rest, line.len < rest.len ? line.len + 1 : line.len);
		out_span(out, span_trim(line));
		out_char(out, '\n');
	}
}

/* 0 where the sample begins with none. */
static uint16_t
code_of(const struct code *code)
{
	struct span sample = span_trim((struct span){ code->text, code->text_len });
	uint16_t n;

	if (code->reply.n > 0)
		return code->reply.code;
	return span_take_digits(&sample, 3, 3, &n) ? n : 0;
}

static int
by_code(const void *a, const void *b)
{
	const struct code *x = a, *y = b;
	const int order = (uint16_t)(code_of(x) - 1) - (uint16_t)(code_of(y) - 1);

	return order != 0 ? order : x->rule < y->rule ? -1 : x->rule > y->rule;
}

/* In the order of their codes, those without one last. */
static struct code *
codes_of(struct arena *arena, const struct catalog *c, const struct provider *receiver, size_t *n)
{
	struct code *codes = arena_take_items(arena, c->n_rules + 1, sizeof(*codes));

	*n = 0;
	for (uint32_t i = 0; i < c->n_rules; i++)
		if (c->rules[i].provider == receiver && read_code(&c->rules[i], &codes[*n]))
			++*n;
	qsort(codes, *n, sizeof(*codes), by_code);
	return codes;
}

static void
put_steps(struct out *out, enum lang lang, const struct rule *r)
{
	struct out steps = { 0 };
	struct span rest, step;

	fill_template(&steps, own_or_cause(r, r->says.remedy, r->cause->says.remedy, lang), NULL, lang, FILL_PLAIN);
	out_str(out, "<ol>");
	for (rest = out_view(&steps); fill_take_step(&rest, &step);) {
		out_str(out, "<li>");
		html_put_words(out, step);
		out_str(out, "</li>");
	}
	out_str(out, "</ol>");
	out_deinit(&steps);
}

static void
put_filled(struct out *out, const char *before, struct span template, enum lang lang, const char *behind)
{
	struct out words = { 0 };

	fill_template(&words, template, NULL, lang, FILL_PLAIN);
	out_str(out, before);
	html_put_text(out, out_view(&words));
	out_str(out, behind);
	out_deinit(&words);
}

static void
put_in_one_line(struct out *out, struct span reply)
{
	while (reply.len > 0) {
		const size_t n = span_index(reply, '\n');

		html_put_text(out, span_first(reply, n));
		out_char(out, ' ');
		reply = span_skip(reply, n < reply.len ? n + 1 : n);
	}
}

static void
put_code(struct out *out, enum lang lang, const struct code *code)
{
	const struct rule *r = code->rule;
	struct out reply = { 0 };

	say_reply(&reply, code);
	out_str(out, "<details class=\"code\"><summary>");
	put_filled(out, "<b>", title_of(r, lang), lang, "</b> <code>");
	put_in_one_line(out, out_view(&reply));
	out_str(out, "</code></summary><pre class=\"reply\" tabindex=\"0\">");
	html_put_lines(out, span_trim(out_view(&reply)));
	out_str(out, "</pre>");
	put_filled(out, "<p>", own_or_cause(r, r->says.why, r->cause->says.why, lang), lang, "</p>");
	put_steps(out, lang, r);
	if (r->source.len > 0) {
		out_str(out, "<p><small>");
		html_put_link(out, r->source);
		out_char(out, ' ');
		html_put_text(out, r->checked);
		out_str(out, "</small></p>");
	}
	out_str(out, "</details>\n");
	out_deinit(&reply);
}

static void
put_receiver(struct out *out, enum lang lang, const struct provider *receiver, const struct code *codes, size_t n)
{
	uint16_t before = 1;

	html_say_begin(out, lang);
	out_str(out, "<h2>");
	html_put_text(out, receiver->title[lang]);
	out_str(out, "</h2>\n");
	for (size_t i = 0; i < n; i++) {
		const uint16_t now = code_of(&codes[i]);

		if (now != before) {
			out_str(out, "<h3>");
			if (now > 0)
				out_number(out, now);
			else
				out_str(out, lang == LANG_JA ? "コードなし" : "Without a code");
			out_str(out, "</h3>\n");
		}
		before = now;
		put_code(out, lang, &codes[i]);
	}
	html_say_end(out);
}

bool
html_codes_write(struct out *out, enum lang lang, const struct catalog *catalog, struct span name)
{
	const struct provider *receiver = catalog_find_provider(catalog, name);
	struct arena arena = { 0 };
	struct code *codes;
	size_t n;

	if (receiver == NULL)
		return false;
	codes = codes_of(&arena, catalog, receiver, &n);
	html_page_begin(out, lang, receiver->title[lang]);
	put_receiver(out, LANG_JA, receiver, codes, n);
	put_receiver(out, LANG_EN, receiver, codes, n);
	html_page_end(out);
	arena_deinit(&arena);
	return true;
}

static void
write_words(struct out *out, const char *key, const struct span *own, const struct span *causes)
{
	struct out words = { 0 };

	json_write_key(out, key);
	out_str(out, "{\"ja\":");
	fill_template(&words, own[LANG_JA].len ? own[LANG_JA] : causes[LANG_JA], NULL, LANG_JA, FILL_PLAIN);
	json_write_string(out, out_view(&words));
	out_clear(&words);
	fill_template(&words, own[LANG_EN].len ? own[LANG_EN] : causes[LANG_EN], NULL, LANG_EN, FILL_PLAIN);
	json_write_member(out, "en", out_view(&words));
	out_char(out, '}');
	out_deinit(&words);
}

bool
codes_write_json(struct out *out, const struct catalog *catalog, struct span name)
{
	const struct provider *receiver = catalog_find_provider(catalog, name);
	struct arena arena = { 0 };
	struct code *codes;
	size_t n;

	if (receiver == NULL)
		return false;
	codes = codes_of(&arena, catalog, receiver, &n);
	for (size_t i = 0; i < n; i++) {
		const struct rule *r = codes[i].rule;
		struct out reply = { 0 };

		say_reply(&reply, &codes[i]);
		out_str(out, "{\"schema\":1");
		json_write_member(out, "rule", r->name);
		json_write_member(out, "receiver", receiver->name);
		json_write_member(out, "cause", r->cause->name);
		json_write_number_or_null(out, "code", code_of(&codes[i]), code_of(&codes[i]) > 0);
		json_write_member(out, "reply", span_trim(out_view(&reply)));
		write_words(out, "title", r->says.title, r->cause->says.title);
		write_words(out, "why", r->says.why, r->cause->says.why);
		write_words(out, "remedy", r->says.remedy, r->cause->says.remedy);
		json_write_member(out, "source", r->source);
		json_write_member(out, "checked", r->checked);
		out_str(out, "}\n");
		out_deinit(&reply);
	}
	arena_deinit(&arena);
	return true;
}

void
receivers_write_json(struct out *out, const struct catalog *catalog)
{
	for (uint32_t i = 0; i < catalog->n_providers; i++) {
		const struct provider *receiver = &catalog->providers[i];
		struct arena arena = { 0 };
		size_t n;

		codes_of(&arena, catalog, receiver, &n);
		arena_deinit(&arena);
		if (n == 0)
			continue;
		out_str(out, "{\"schema\":1");
		json_write_member(out, "receiver", receiver->name);
		write_words(out, "title", receiver->title, receiver->title);
		json_write_number(out, "replies", n);
		out_str(out, "}\n");
	}
}
