#include "render/summary.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalog/load.h"
#include "render/fill.h"
#include "render/json.h"

enum { SLOTS = SUMMARY_GROUPS_MAX * 2 };

void
summary_init(struct summary *s)
{
	*s = (struct summary){ .n = 0 };
}

void
summary_deinit(struct summary *s)
{
	arena_deinit(&s->arena);
}

static bool
is_code(struct span word)
{
	size_t i = 0;

	while (i < word.len && ((word.at[i] >= '0' && word.at[i] <= '9') || word.at[i] == '.' || word.at[i] == '-'))
		i++;
	return i == word.len && word.len <= 12 && word.len >= 3 &&
	    (span_index(word, '.') == 1 || span_index(word, '.') == word.len || span_index(word, '-') == 3);
}

/* A word as groups keep it: addresses, ids and numbers made alike. */
static struct span
alike(struct span word)
{
	if (span_index(word, '@') < word.len)
		return span_of("<address>");
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] >= '0' && word.at[i] <= '9')
			return is_code(word) || span_starts_folded(word, "http") ? word : span_of("<id>");
	return word;
}

static struct span
normalise(struct span reply, char *to, size_t size)
{
	size_t n = 0;

	while (reply.len > 0 && n < size) {
		size_t len = 0;
		struct span word;

		reply = span_trim(reply);
		while (len < reply.len && (uint8_t)reply.at[len] > ' ')
			len++;
		word = alike(span_first(reply, len));
		reply = span_skip(reply, len);
		if (n > 0 && n < size)
			to[n++] = ' ';
		word = span_first(word, size - n);
		memcpy(to + n, word.at, word.len);
		n += word.len;
	}
	return (struct span){ to, n };
}

static uint64_t
hash_on(uint64_t h, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (uint8_t)s.at[i]) * UINT64_C(1099511628211);
	return h * 31 + s.len;
}

static struct span
receiver_of(const struct verdict *v)
{
	return v->receiver ? v->receiver->name : v->failure->remote_mta;
}

static struct span
filled(struct summary *s, struct span template, const struct verdict *v, enum lang lang)
{
	struct out out = { 0 };
	struct span text;

	fill_template(&out, template, v, lang);
	text = arena_copy(&s->arena, out_view(&out));
	out_deinit(&out);
	return text;
}

static void
begin_group(struct summary *s, struct summary_group *g, const struct verdict *v, struct span example)
{
	g->cause = v->cause ? v->cause->name : span_of("undetermined");
	g->rule = v->rule ? v->rule->name : span_of("");
	g->receiver = arena_copy(&s->arena, receiver_of(v));
	g->example = arena_copy(&s->arena, example);
	g->permanence = v->permanence;
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		g->receiver_name[lang] = v->receiver ? v->receiver->title[lang] : g->receiver;
		g->title[lang] = filled(s, v->title[lang], v, lang);
		g->remedy[lang] = filled(s, v->remedy[lang], v, lang);
	}
	for (size_t i = 0; i < 7 && v->acts[i] != 0; i++)
		g->acts[i] = v->acts[i];
}

void
summary_add(struct summary *s, const struct verdict *v)
{
	char example[SUMMARY_EXAMPLE_SIZE_MAX];
	struct span normal = { "", 0 };
	uint64_t h = hash_on(UINT64_C(14695981039346656037), receiver_of(v));
	uint32_t slot;

	s->total++;
	if (s->slots == NULL) {
		s->slots = arena_take_items(&s->arena, SLOTS, sizeof(*s->slots));
		s->groups = arena_take_items(&s->arena, SUMMARY_GROUPS_MAX, sizeof(*s->groups));
	}
	if (v->rule == NULL)
		normal = normalise(span_first(v->failure->reply, 4096), example, sizeof(example));
	h = hash_on(hash_on(h, v->rule ? v->rule->name : normal), span_of(v->permanence == PERMANENCE_PERMANENT ? "p" : "t"));
	for (slot = (uint32_t)(h % SLOTS); s->slots[slot] != 0; slot = (slot + 1) % SLOTS)
		if (s->groups[s->slots[slot] - 1].hash == h) {
			s->groups[s->slots[slot] - 1].count++;
			return;
		}
	if (s->n == SUMMARY_GROUPS_MAX) {
		s->unkept++;
		return;
	}
	if (v->rule != NULL)
		normal = normalise(span_first(v->failure->reply, 4096), example, sizeof(example));
	begin_group(s, &s->groups[s->n], v, normal);
	s->groups[s->n].hash = h;
	s->groups[s->n].count = 1;
	s->slots[slot] = (uint32_t)++s->n;
}

static int
compare_counts(const void *a, const void *b)
{
	const struct summary_group *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

/* The groups change places: nothing can be added behind it. */
static void
sort_groups(struct summary *s)
{
	if (s->n > 0)
		qsort(s->groups, s->n, sizeof(*s->groups), compare_counts);
}

static void
put_label(struct out *out, const struct terminal *t, const char *label)
{
	terminal_blanks(out, 10);
	terminal_style(t, out, STYLE_LABEL);
	out_str(out, label);
	terminal_style(t, out, STYLE_PLAIN);
}

static void
write_steps(struct out *out, const struct terminal *t, struct span remedy)
{
	struct span step;

	while (remedy.len > 0) {
		size_t n = span_index(remedy, '\n');

		step = span_first(remedy, n);
		remedy = span_skip(remedy, n < remedy.len ? n + 1 : n);
		terminal_blanks(out, 10);
		out_str(out, "- ");
		terminal_paragraph(t, out, step, 12);
	}
}

static void
write_group(struct out *out, const struct terminal *t, const struct summary_group *g, uint64_t total, enum lang lang)
{
	static const char *const permanences[][LANG_COUNT] = {
		[PERMANENCE_UNKNOWN] = { "unknown", "不明" },
		[PERMANENCE_PERMANENT] = { "permanent", "恒久的" },
		[PERMANENCE_TEMPORARY] = { "temporary", "一時的" },
		[PERMANENCE_AS_REPLIED] = { "unknown", "不明" },
	};
	char count[64];

	snprintf(count, sizeof(count), "%8llu  ", (unsigned long long)g->count);
	out_str(out, count);
	terminal_style(t, out, STYLE_STRONG);
	terminal_paragraph(t, out, g->title[lang].len ? g->title[lang]
	    : span_of(lang == LANG_JA ? "原因を特定できません" : "The cause could not be determined"), 10);
	terminal_style(t, out, STYLE_PLAIN);
	snprintf(count, sizeof(count), " · %.1f %%", 100.0 * (double)g->count / (double)total);
	put_label(out, t, permanences[g->permanence][lang]);
	out_str(out, count);
	if (g->receiver.len > 0) {
		out_str(out, " · ");
		terminal_escape(out, g->receiver_name[lang]);
	}
	out_str(out, " · ");
	terminal_escape(out, g->rule.len ? g->rule : g->cause);
	out_char(out, '\n');
	terminal_blanks(out, 10);
	terminal_style(t, out, STYLE_FAINT);
	terminal_paragraph(t, out, g->example, 10);
	terminal_style(t, out, STYLE_PLAIN);
	write_steps(out, t, g->remedy[lang]);
	out_char(out, '\n');
}

void
summary_write_text(struct summary *s, struct out *out, const struct terminal *t, enum lang lang)
{
	char line[160];

	sort_groups(s);
	snprintf(line, sizeof(line), lang == LANG_JA ? "失敗 %llu 件、%zu 種類\n\n" : "%llu failures of %zu kinds\n\n",
	    (unsigned long long)s->total, s->n);
	out_str(out, line);
	for (size_t i = 0; i < s->n; i++)
		write_group(out, t, &s->groups[i], s->total, lang);
	if (s->unkept > 0) {
		snprintf(line, sizeof(line), lang == LANG_JA ? "このほかに %llu 件あります(種類が多いため集計していません)\n"
		    : "and %llu more, of too many kinds to be kept apart\n", (unsigned long long)s->unkept);
		out_str(out, line);
	}
}

static void
write_both(struct out *out, const char *key, const struct span *texts)
{
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, "\":{\"ja\":");
	json_write_string(out, texts[LANG_JA]);
	out_str(out, ",\"en\":");
	json_write_string(out, texts[LANG_EN]);
	out_char(out, '}');
}

void
summary_write_json(struct summary *s, struct out *out)
{
	sort_groups(s);
	for (size_t i = 0; i < s->n; i++) {
		const struct summary_group *g = &s->groups[i];

		out_str(out, "{\"schema\":1,\"count\":");
		out_number(out, g->count);
		out_str(out, ",\"cause\":");
		json_write_string(out, g->cause);
		out_str(out, ",\"rule\":");
		json_write_string(out, g->rule);
		out_str(out, ",\"receiver\":");
		json_write_string(out, g->receiver);
		out_str(out, ",\"permanence\":");
		json_write_string(out, span_of(g->permanence == PERMANENCE_PERMANENT ? "permanent"
		    : g->permanence == PERMANENCE_TEMPORARY ? "temporary" : "unknown"));
		out_str(out, ",\"example\":");
		json_write_string(out, g->example);
		write_both(out, "title", g->title);
		write_both(out, "remedy", g->remedy);
		out_str(out, "}\n");
	}
}
