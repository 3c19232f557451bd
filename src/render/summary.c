#include "render/summary.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "render/fill.h"
#include "render/json_writer.h"
#include "render/phrases.h"

void
summary_init(struct summary *s)
{
	*s = (struct summary){ 0 };
	s->groups = arena_take_items(&s->arena, SUMMARY_GROUPS_MAX, sizeof(*s->groups));
	s->slots = arena_take_items(&s->arena, SUMMARY_SLOTS, sizeof(*s->slots));
}

void
summary_deinit(struct summary *s)
{
	arena_deinit(&s->arena);
	out_deinit(&s->pattern);
}

static bool
ends_word(char c)
{
	return ascii_is_space(c) || memchr("()[]<>,;\"'", c, 10) != NULL;
}

/* What a word is made of. */
struct make {
	size_t digits, letters, hex, dots, colons, ats;
};

static struct make
look_at(struct span word)
{
	struct make m = { 0 };

	for (size_t i = 0; i < word.len; i++) {
		const char c = ascii_lower(word.at[i]);

		m.digits += ascii_is_digit(c);
		m.letters += c >= 'a' && c <= 'z';
		m.hex += ascii_is_digit(c) || (c >= 'a' && c <= 'f');
		m.dots += c == '.';
		m.colons += c == ':';
		m.ats += c == '@';
	}
	return m;
}

static bool
is_domain_of(const struct verdict *v, struct span word)
{
	static const char *const names[] = { "domain", "sender_domain", "recipient_domain", "author_domain", "host",
		"helo" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(verdict_fact(v, names[i]), word))
			return true;
	return false;
}

/* "5.7.26" says what happened and is kept. RFC 3463 section 2 */
static bool
is_status(struct span word)
{
	uint16_t n;

	if (word.len > 0 && word.at[0] == '#')
		word = span_skip(word, 1);
	return span_take_digits(&word, 1, 1, &n) && (n == 4 || n == 5) && span_take_char(&word, '.') &&
	    span_take_digits(&word, 1, 3, &n) && span_take_char(&word, '.') && span_take_digits(&word, 1, 3, &n) &&
	    word.len == 0;
}

/* What stands for a word that differs from reply to reply, or NULL where it is kept. */
static const char *
placeholder_of(const struct verdict *v, struct span word)
{
	const struct make m = look_at(word);

	if (m.ats > 0)
		return m.letters > 0 ? "{address}" : NULL;
	if (m.digits == word.len && word.len > 0)
		return "{n}";
	if (m.dots > 0 && m.letters > 0 && is_domain_of(v, word))
		return "{domain}";
	if (m.digits == 0)
		return m.hex == word.len && word.len >= 16 ? "{id}" : NULL;
	if (m.letters == 0 && m.dots == 3 && m.digits >= 4)
		return "{ip}";
	if (m.colons >= 2 && m.hex + m.colons + m.dots == word.len)
		return m.hex > 0 && m.colons + m.hex > 8 ? "{ip}" : "{n}";
	if (m.dots > 0 && m.letters > 0 && !ascii_is_digit(word.at[word.len - 1]))
		return m.digits + m.letters > 5 ? "{host}" : NULL;
	return word.len >= 8 || (m.letters == 0 && m.digits > 1 && !is_status(word)) ? "{id}" : NULL;
}

/* Drops a URL's query, which holds ids. */
static struct span
without_query(struct span url)
{
	size_t n = span_index(url, '?');

	/* Google's p= names the page; what follows it does not. */
	if (n + 3 <= url.len && url.at[n + 1] == 'p' && url.at[n + 2] == '=')
		n += span_index(span_skip(url, n), '&');
	return span_first(url, n);
}

static void
write_word(struct out *out, const struct verdict *v, struct span word)
{
	struct span end = span_skip(word, word.len);
	const char *placeholder;

	while (word.len > 0 && (word.at[word.len - 1] == '.' || word.at[word.len - 1] == ':')) {
		word.len--;
		end = (struct span){ end.at - 1, end.len + 1 };
	}
	placeholder = is_status(word) ? NULL : placeholder_of(v, word);
	if (span_starts_folded(word, "http://") || span_starts_folded(word, "https://"))
		out_span(out, without_query(word));
	else if (placeholder != NULL)
		out_str(out, placeholder);
	else
		out_span(out, word);
	out_span(out, end);
}

/* Takes the codes that continuation lines repeat: "550-5.7.26 ". RFC 5321 section 4.2.1 */
static void
skip_codes(struct span *rest)
{
	struct span s = *rest, word;
	uint16_t code;

	while (s.len > 0 && ascii_is_space(s.at[0]))
		s = span_skip(s, 1);
	if (!span_take_digits(&s, 3, 3, &code) || code < 200 || code > 599 ||
	    (!span_take_char(&s, '-') && !span_take_char(&s, ' ')))
		return;
	word = span_first(s, span_index(s, ' '));
	if (is_status(word))
		s = span_skip(s, word.len);
	*rest = s;
}

/* The code at the very front is no number that varies. */
static void
write_first_code(struct out *out, struct span *rest)
{
	uint16_t code;

	*rest = span_trim(*rest);
	if (!span_take_digits(rest, 3, 3, &code))
		return;
	out_number(out, code);
	out_char(out, ' ');
	if (!span_take_char(rest, '-'))
		span_take_char(rest, ' ');
}

void
summary_write_pattern(struct out *out, const struct verdict *v)
{
	struct span rest = span_first(v->failure->reply, 4 * SUMMARY_REPLY_SIZE_MAX);
	const size_t begin = out->len;

	write_first_code(out, &rest);
	while (rest.len > 0 && out->len - begin < SUMMARY_REPLY_SIZE_MAX) {
		const char c = rest.at[0];
		size_t n = 0;

		while (n < rest.len && !ends_word(rest.at[n]))
			n++;
		if (n > 0) {
			write_word(out, v, span_first(rest, n));
			rest = span_skip(rest, n);
			continue;
		}
		rest = span_skip(rest, 1);
		if (c == '\n')
			skip_codes(&rest);
		if (!ascii_is_space(c))
			out_char(out, c);
		else if (out->len > begin && out->at[out->len - 1] != ' ')
			out_char(out, ' ');
	}
	while (out->len > begin && out->at[out->len - 1] == ' ')
		out->len--;
	if (out->len - begin > SUMMARY_REPLY_SIZE_MAX)
		out->len = begin + utf8_first(span_skip(out_view(out), begin), SUMMARY_REPLY_SIZE_MAX).len;
}

/* FNV-1a, over the pattern and who said it; patterns of explained failures are left out. */
static uint64_t
hash_of(const struct verdict *v, struct span pattern)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)v->rule ^ ((uint64_t)(uintptr_t)v->receiver << 7) ^
	    v->permanence;

	for (size_t i = 0; i < pattern.len; i++)
		h = (h ^ (uint8_t)pattern.at[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

/* What is explained is counted by its rule; what is not, by its words. */
static bool
is_same(const struct summary_group *a, const struct summary_group *b)
{
	return a->hash == b->hash && a->rule == b->rule && a->receiver == b->receiver &&
	    a->permanence == b->permanence && (a->rule != NULL || span_equal(a->pattern, b->pattern));
}

static size_t
find_slot(const struct summary *s, const struct summary_group *like)
{
	size_t slot = like->hash % SUMMARY_SLOTS;

	while (s->slots[slot] != 0 && !is_same(&s->groups[s->slots[slot] - 1], like))
		slot = (slot + 1) % SUMMARY_SLOTS;
	return slot;
}

/* Counts `n` failures like `like` where there is such a group. */
static bool
count_in_group(struct summary *s, const struct summary_group *like, uint64_t n)
{
	const uint16_t number = s->slots[find_slot(s, like)];

	if (number != 0)
		s->groups[number - 1].count += n;
	return number != 0;
}

/* Begins a group, its spans copied, where there is room for one more. */
static void
begin_group(struct summary *s, const struct summary_group *like)
{
	struct summary_group *g = &s->groups[s->n_groups];

	if (s->n_groups == SUMMARY_GROUPS_MAX) {
		s->n_rest += like->count;
		return;
	}
	s->slots[find_slot(s, like)] = (uint16_t)++s->n_groups;
	*g = *like;
	g->pattern = arena_copy(&s->arena, like->pattern);
	g->example = arena_copy(&s->arena, utf8_first(like->example, SUMMARY_EXAMPLE_SIZE_MAX));
}

static struct span
pattern_of(struct summary *s, const struct verdict *v)
{
	out_clear(&s->pattern);
	summary_write_pattern(&s->pattern, v);
	return out_view(&s->pattern);
}

/* A place in the set for this hash: its own, or the next that is free. */
static uint64_t *
place_of(uint64_t *places, size_t n, uint64_t hash)
{
	size_t i = (size_t)(hash >> 20) & (n - 1);

	while (places[i] != 0 && places[i] != hash)
		i = (i + 1) & (n - 1);
	return &places[i];
}

static void
suppress(struct summary *s, uint64_t hash)
{
	uint64_t *place, *old = s->suppressed;
	const size_t n = s->n_places;

	if (s->n_suppressed > SUMMARY_ADDRESSES_MAX)
		return;
	if (2 * s->n_suppressed >= s->n_places) {
		s->n_places = n ? 2 * n : 256;
		s->suppressed = arena_take_items(&s->arena, s->n_places, sizeof(*s->suppressed));
		for (size_t i = 0; i < n; i++)
			if (old[i] != 0)
				*place_of(s->suppressed, s->n_places, old[i]) = old[i];
	}
	place = place_of(s->suppressed, s->n_places, hash);
	s->n_suppressed += *place == 0;
	*place = hash;
}

static uint64_t
hash_of_address(struct span address)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < address.len; i++)
		h = (h ^ (uint8_t)ascii_lower(address.at[i])) * UINT64_C(0x100000001b3);
	return (h ^ h >> 29) | 1;
}

void
summary_add(struct summary *s, const struct verdict *v)
{
	struct summary_group g = { .cause = v->cause,
		.rule = v->rule,
		.receiver = v->receiver,
		.count = 1,
		.permanence = v->permanence,
		.acts = v->acts,
		.example = span_trim(v->failure->reply),
		.pattern = { "", 0 } };

	s->n_failures++;
	s->n_permanent += v->permanence == PERMANENCE_PERMANENT;
	s->n_temporary += v->permanence == PERMANENCE_TEMPORARY;
	if (v->suppress.when == SUPPRESS_AT_ONCE && v->failure->recipient.len > 0)
		suppress(s, hash_of_address(v->failure->recipient));
	if (v->rule == NULL)
		g.pattern = pattern_of(s, v);
	g.hash = hash_of(v, g.pattern);
	if (count_in_group(s, &g, 1))
		return;
	if (v->rule != NULL)
		g.pattern = pattern_of(s, v);
	for (size_t lang = 0; lang < LANG_COUNT; lang++) {
		g.title[lang] = v->title[lang];
		g.remedy[lang] = v->remedy[lang];
	}
	begin_group(s, &g);
}

void
summary_merge(struct summary *s, const struct summary *from)
{
	s->n_failures += from->n_failures;
	s->n_rest += from->n_rest;
	s->n_permanent += from->n_permanent;
	s->n_temporary += from->n_temporary;
	for (size_t i = 0; i < from->n_places; i++)
		if (from->suppressed[i] != 0)
			suppress(s, from->suppressed[i]);
	for (size_t i = 0; i < from->n_groups; i++)
		if (!count_in_group(s, &from->groups[i], from->groups[i].count))
			begin_group(s, &from->groups[i]);
}

static bool
needs_nobody(const struct summary_group *g)
{
	return g->acts[0] == ACTOR_NOBODY && g->acts[1] == 0;
}

/* What needs nobody comes behind all that does. */
static int
commonest_first(const void *a, const void *b)
{
	const struct summary_group *x = *(const struct summary_group *const *)a;
	const struct summary_group *y = *(const struct summary_group *const *)b;
	int order = needs_nobody(x) - needs_nobody(y);

	if (order != 0)
		return order;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->pattern.len != y->pattern.len)
		return x->pattern.len < y->pattern.len ? -1 : 1;
	order = x->pattern.len > 0 ? memcmp(x->pattern.at, y->pattern.at, x->pattern.len) : 0;
	return order ? order : x < y ? -1 : x > y; /* the first that came */
}

const struct summary_group **
summary_in_order(const struct summary *s, struct arena *arena)
{
	const struct summary_group **groups = arena_take(arena, (s->n_groups + 1) * sizeof(struct summary_group *));

	for (size_t i = 0; i < s->n_groups; i++)
		groups[i] = &s->groups[i];
	qsort(groups, s->n_groups, sizeof(groups[0]), commonest_first);
	return groups;
}

/* What one kind is told with: a verdict that knows the receiver and no other fact. */
static struct verdict
verdict_of(const struct summary_group *g)
{
	struct verdict v;

	memset(&v, 0, sizeof(v));
	v.receiver = g->receiver;
	return v;
}

uint64_t
summary_permille(uint64_t n, uint64_t of)
{
	return of ? (uint64_t)((double)n * 1000.0 / (double)of + 0.5) : 0;
}

enum {
	COUNT_COLUMN = 9,
	SHARE_COLUMN = 8,
	BAR_WIDTH = 10,
	TITLE_COLUMN = COUNT_COLUMN + SHARE_COLUMN + BAR_WIDTH + 2,
	TEXT_COLUMN = COUNT_COLUMN
};

static void
put_right(struct out *out, const struct out *number, const char *unit, unsigned width)
{
	const size_t len = number->len + strlen(unit);

	terminal_blanks(out, len < width ? width - (unsigned)len : 1);
	out_span(out, out_view(number));
	out_str(out, unit);
}

void
summary_put_number(struct out *out, uint64_t n)
{
	if (n >= 1000) {
		summary_put_number(out, n / 1000);
		out_char(out, ',');
		out_char(out, (char)('0' + n / 100 % 10));
		out_char(out, (char)('0' + n / 10 % 10));
	}
	out_number(out, n >= 1000 ? n % 10 : n);
}

/* "   1,234  12.3%  " */
static void
put_count(struct out *out, uint64_t n, uint64_t of)
{
	struct out number = { 0 };
	const uint64_t share = summary_permille(n, of);

	summary_put_number(&number, n);
	put_right(out, &number, "", COUNT_COLUMN - 1);
	out_clear(&number);
	out_number(&number, share / 10);
	out_char(&number, '.');
	out_number(&number, share % 10);
	put_right(out, &number, "%", SHARE_COLUMN - 1);
	terminal_blanks(out, 2);
	out_deinit(&number);
}

/* One sign for the least; all of it for all. */
static void
put_bar(struct out *out, const struct terminal *t, uint64_t n, uint64_t of)
{
	const unsigned length = of > 0 ? (unsigned)((double)n * BAR_WIDTH / (double)of + 0.5) : 0,
		       shown = length ? length : 1;

	terminal_style(t, out, STYLE_LABEL);
	for (unsigned i = 0; i < shown; i++)
		out_char(out, '#');
	terminal_style(t, out, STYLE_PLAIN);
	terminal_blanks(out, BAR_WIDTH - shown + 2);
}

static void
put_paragraph(struct out *out, const struct terminal *t, struct out *words)
{
	terminal_paragraph(t, out, out_view(words), TEXT_COLUMN);
	out_clear(words);
}

/* "Google (Gmail, Google Workspace) · permanent error" */
static void
put_circumstances(
    struct out *out, const struct summary_group *g, const struct terminal *t, enum lang lang, struct out *words)
{
	out_span(words, g->receiver ? g->receiver->title[lang] : span_of(phrase_say(PHRASE_ANY_RECEIVER, lang)));
	out_str(words, lang == LANG_JA ? " / " : " - ");
	out_str(words, phrase_of_permanence(g->permanence, lang));
	for (size_t i = 0; g->acts[i] != 0; i++) {
		out_str(words, i > 0 ? phrase_say(PHRASE_JOINT, lang) : lang == LANG_JA ? " / 対応: " : " - to act: ");
		out_str(words, phrase_of_actor((enum actor)g->acts[i], lang));
	}
	terminal_blanks(out, TEXT_COLUMN);
	put_paragraph(out, t, words);
}

void
summary_say_remedy(struct out *words, const struct summary_group *g, enum lang lang)
{
	const struct verdict v = verdict_of(g);

	fill_template(words, g->remedy[lang], &v, lang, FILL_PLAIN);
}

static void
put_steps(struct out *out, const struct summary_group *g, const struct terminal *t, enum lang lang)
{
	struct out steps = { 0 };
	struct span rest, step;

	summary_say_remedy(&steps, g, lang);
	rest = out_view(&steps);
	for (unsigned n = 1; fill_take_step(&rest, &step); n++) {
		terminal_blanks(out, TEXT_COLUMN);
		out_number(out, n);
		out_str(out, n < 10 ? ". " : ".");
		terminal_paragraph(t, out, step, TEXT_COLUMN + 3);
	}
	out_deinit(&steps);
}

void
summary_say_title(struct out *words, const struct summary_group *g, enum lang lang)
{
	const struct verdict v = verdict_of(g);

	if (g->cause == NULL)
		out_str(words, phrase_say(PHRASE_UNDETERMINED_TITLE, lang));
	else
		fill_template(words, g->title[lang], &v, lang, FILL_PLAIN);
}

static void
write_group_text(
    const struct summary *s, const struct summary_group *g, struct out *out, const struct terminal *t, enum lang lang)
{
	struct out words = { 0 };

	put_count(out, g->count, s->n_failures);
	put_bar(out, t, g->count, s->n_failures);
	summary_say_title(&words, g, lang);
	terminal_style(t, out, STYLE_STRONG);
	terminal_paragraph(t, out, out_view(&words), TITLE_COLUMN);
	out_clear(&words);
	terminal_style(t, out, STYLE_PLAIN);
	put_circumstances(out, g, t, lang, &words);
	if (g->pattern.len > 0) {
		out_str(&words, "> ");
		out_span(&words, utf8_first(g->pattern, 240));
		out_str(&words, g->pattern.len > 240 ? "…" : "");
		terminal_blanks(out, TEXT_COLUMN);
		terminal_style(t, out, STYLE_FAINT);
		put_paragraph(out, t, &words);
		terminal_style(t, out, STYLE_PLAIN);
	}
	put_steps(out, g, t, lang);
	out_char(out, '\n');
	out_deinit(&words);
}

static void
say_numbers(struct out *out, enum lang lang, const struct summary *s)
{
	static const char *const names[] = { "n", "groups", "permanent", "temporary", "unknown", "addresses", NULL };
	const uint64_t numbers[] = { s->n_failures, s->n_groups, s->n_permanent, s->n_temporary,
		s->n_failures - s->n_permanent - s->n_temporary, s->n_suppressed };
	struct out digits[6] = { { 0 } };
	struct span values[6];

	for (size_t i = 0; i < 6; i++) {
		summary_put_number(&digits[i], numbers[i]);
		values[i] = out_view(&digits[i]);
	}
	fill_words(
	    out, phrase_say(s->n_failures == 1 ? PHRASE_SUMMARY_HEAD_ONE : PHRASE_SUMMARY_HEAD, lang), names, values);
	if (numbers[4] > 0)
		fill_words(out, phrase_say(PHRASE_SUMMARY_UNKNOWN, lang), names, values);
	if (numbers[5] > 0)
		fill_words(out,
		    phrase_say(numbers[5] == 1 ? PHRASE_SUMMARY_SUPPRESS_ONE : PHRASE_SUMMARY_SUPPRESS, lang), names,
		    values);
	for (size_t i = 0; i < 6; i++)
		out_deinit(&digits[i]);
}

void
summary_say_head(struct out *out, enum lang lang, const struct summary *s)
{
	if (s->n_failures == 0)
		out_str(out, phrase_say(PHRASE_SUMMARY_NONE, lang));
	else
		say_numbers(out, lang, s);
}

void
summary_say_rest(struct out *out, enum lang lang, uint64_t n)
{
	struct out digits = { 0 };
	struct span value;

	out_number(&digits, n);
	value = out_view(&digits);
	fill_words(out, phrase_say(PHRASE_SUMMARY_REST, lang), (const char *const[]){ "n", NULL }, &value);
	out_deinit(&digits);
}

void
summary_write_text(const struct summary *s, struct out *out, const struct terminal *t, enum lang lang)
{
	struct arena arena = { 0 };
	const struct summary_group **groups = summary_in_order(s, &arena);

	summary_say_head(out, lang, s);
	out_str(out, s->n_failures > 0 ? "\n\n" : "\n");
	for (size_t i = 0; i < s->n_groups; i++)
		write_group_text(s, groups[i], out, t, lang);
	if (s->n_rest > 0) {
		put_count(out, s->n_rest, s->n_failures);
		put_bar(out, t, s->n_rest, s->n_failures);
		summary_say_rest(out, lang, s->n_rest);
		out_char(out, '\n');
	}
	arena_deinit(&arena);
}

static void
write_member(struct out *out, const char *key, struct span value)
{
	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, "\":");
	if (value.len == 0)
		out_str(out, "null");
	else
		json_write_string(out, value);
}

static void
write_texts(struct out *out, const char *key, const struct summary_group *g,
    void (*put)(struct out *, const struct summary_group *, enum lang))
{
	struct out words = { 0 };

	out_str(out, ",\"");
	out_str(out, key);
	out_str(out, "\":{\"ja\":");
	put(&words, g, LANG_JA);
	json_write_string(out, out_view(&words));
	out_clear(&words);
	put(&words, g, LANG_EN);
	out_str(out, ",\"en\":");
	json_write_string(out, out_view(&words));
	out_char(out, '}');
	out_deinit(&words);
}

/* An array of steps in each language. */
static void
write_remedy(struct out *out, const struct summary_group *g)
{
	struct out steps = { 0 };

	out_str(out, ",\"remedy\":{");
	for (size_t lang = LANG_COUNT; lang-- > 0;) {
		struct span rest, step;

		out_clear(&steps);
		summary_say_remedy(&steps, g, (enum lang)lang);
		out_str(out, lang == LANG_JA ? "\"ja\":[" : ",\"en\":[");
		rest = out_view(&steps);
		for (bool first = true; fill_take_step(&rest, &step); first = false) {
			if (!first)
				out_char(out, ',');
			json_write_string(out, step);
		}
		out_char(out, ']');
	}
	out_char(out, '}');
	out_deinit(&steps);
}

static void
write_group_json(const struct summary *s, const struct summary_group *g, struct out *out)
{
	const uint64_t share = summary_permille(g->count, s->n_failures);

	out_str(out, "{\"schema\":2,\"count\":");
	out_number(out, g->count);
	out_str(out, ",\"share\":");
	out_str(out, share >= 1000 ? "1." : share >= 100 ? "0." : share >= 10 ? "0.0" : "0.00");
	out_number(out, share % 1000);
	write_member(out, "cause", g->cause ? g->cause->name : span_of("undetermined"));
	write_member(out, "receiver", g->receiver ? g->receiver->name : span_of(""));
	write_member(out, "permanence",
	    span_of(g->permanence == PERMANENCE_PERMANENT   ? "permanent"
		    : g->permanence == PERMANENCE_TEMPORARY ? "temporary"
							    : "unknown"));
	write_member(out, "rule", g->rule ? g->rule->name : span_of(""));
	write_member(out, "pattern", g->pattern);
	write_member(out, "example", g->example);
	write_texts(out, "title", g, summary_say_title);
	write_remedy(out, g);
	out_str(out, "}\n");
}

void
summary_write_json(const struct summary *s, struct out *out)
{
	struct arena arena = { 0 };
	const struct summary_group **groups = summary_in_order(s, &arena);

	for (size_t i = 0; i < s->n_groups; i++)
		write_group_json(s, groups[i], out);
	if (s->n_rest > 0) {
		out_str(out, "{\"schema\":2,\"count\":");
		out_number(out, s->n_rest);
		out_str(out, ",\"cause\":\"other\"}\n");
	}
	arena_deinit(&arena);
}
