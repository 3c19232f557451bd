#include "render/fill.h"

#include "base/template.h"
#include "base/utf8.h"
#include "render/json_writer.h"
#include "render/phrases.h"

static void
put(struct out *out, struct span text, enum fill_as as)
{
	if (as == FILL_JSON)
		json_put_trusted(out, text);
	else
		out_span(out, text);
}

static void
put_value(struct out *out, struct span value, enum fill_as as)
{
	const struct span cut = utf8_first(value, FILL_VALUE_SIZE_MAX);
	char clean[FILL_VALUE_SIZE_MAX];

	for (size_t i = 0; i < cut.len; i++)
		clean[i] = (uint8_t)cut.at[i] < 0x20 ? ' ' : cut.at[i];
	if (as == FILL_JSON)
		json_put_text(out, (struct span){ clean, cut.len });
	else
		out_span(out, (struct span){ clean, cut.len });
	if (cut.len < value.len)
		out_str(out, "…");
}

struct span
fill_receiver(const struct provider *receiver, enum lang lang)
{
	struct span title = receiver ? receiver->title[lang] : span_of(phrase_say(PHRASE_THE_RECEIVER, lang));
	size_t n = span_index(title, '(');

	if (receiver == NULL || n < 2)
		return title;
	return span_trim(span_first(title, n));
}

/* Empty where the fact is not known. */
static struct span
value_of(const struct verdict *v, struct span name, enum lang lang)
{
	if (span_equal(name, span_of("receiver")))
		return fill_receiver(v ? v->receiver : NULL, lang);
	for (size_t i = 0; v != NULL && i < v->n_facts; i++)
		if (span_equal(v->facts[i].name, name) && v->facts[i].value.len > 0)
			return v->facts[i].value;
	return (struct span){ "", 0 };
}

/* Whether a longer name is written around the hole: "{selector}._domainkey", "d={domain}", "@{domain}". */
static bool
is_part_of_name(struct span before, struct span behind)
{
	const char b = before.len > 0 ? before.at[before.len - 1] : ' ', n = behind.len > 0 ? behind.at[0] : ' ';

	if (strchr("@=._/", b) != NULL || n == '@' || n == '_')
		return true;
	return n == '.' && behind.len > 1 && (ascii_is_alpha(behind.at[1]) || strchr("_{", behind.at[1]) != NULL);
}

/* Brackets that hold nothing but a fact go with it: "a blocklist ({list})". */
static bool
drop_brackets(struct span *before, struct span *behind)
{
	if (before->len == 0 || before->at[before->len - 1] != '(' || behind->len == 0 || behind->at[0] != ')')
		return false;
	before->len--;
	if (before->len > 0 && before->at[before->len - 1] == ' ')
		before->len--;
	*behind = span_skip(*behind, 1);
	return true;
}

/* A sentence must not begin with a small letter because a fact is not known. */
static void
raise_first(struct out *out, size_t begin, size_t at)
{
	const bool starts = at == begin || out->at[at - 1] == '\n' ||
	    (at > begin + 1 && memcmp(out->at + at - 2, "\\n", 2) == 0) ||
	    (at > begin + 1 && out->at[at - 1] == ' ' && out->at[at - 2] == '.');

	if (starts && out->len - at > 4 && memcmp(out->at + at, "the ", 4) == 0)
		out->at[at] = 'T';
}

static bool
is_east_asian(char c)
{
	return (uint8_t)c >= 0xe3; /* the lead byte of kana, ideographs and their marks */
}

/* Whether what was written ends, less `blanks` bytes, in such a character. */
static bool
ends_east_asian(const struct out *out, size_t blanks)
{
	return out->len >= blanks + 3 && is_east_asian(out->at[out->len - blanks - 3]) &&
	    (uint8_t)out->at[out->len - blanks - 1] >= 0x80;
}

/* A blank parts Latin from Japanese: "{domain} の" needs none where no Latin came to stand. */
static void
put_literal(struct out *out, struct span literal, enum fill_as as)
{
	if (literal.len > 1 && literal.at[0] == ' ' && is_east_asian(literal.at[1]) && ends_east_asian(out, 0))
		literal = span_skip(literal, 1);
	put(out, literal, as);
}

static void
close_gap(struct out *out, size_t begin, struct span value)
{
	if (value.len > 0 && is_east_asian(value.at[0]) && out->len > begin && out->at[out->len - 1] == ' ' &&
	    ends_east_asian(out, 1))
		out->len--;
}

static void
put_unknown_hole(struct out *out, struct span name)
{
	out_char(out, '{');
	out_span(out, name);
	out_char(out, '}');
}

/* Whether a value may stand in a command that a person will paste into a shell. */
static bool
is_harmless(struct span value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i], l = ascii_lower(c);

		if (!((l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("._:@+/=-", c) != NULL)))
			return false;
	}
	return value.len > 0 && strchr("-+@", value.at[0]) == NULL; /* an option, or a server to dig */
}

/* Whether a command, in backquotes, is open behind a literal. */
static bool
is_in_command(struct span literal, bool before)
{
	for (size_t i = 0; i < literal.len; i++)
		before ^= literal.at[i] == '`';
	return before;
}

/* What stands for a fact; empty for what is no fact. */
static struct span
words_for(struct span name, struct span value, bool command, bool part, enum lang lang)
{
	if (value.len > 0 && (!command || is_harmless(value)))
		return value;
	return span_of(command || part ? phrase_in_place_of(name) : phrase_of_fact(name, lang));
}

void
fill_template(struct out *out, struct span template, const struct verdict *v, enum lang lang, enum fill_as as)
{
	const size_t begin = out->len;
	struct span literal, name;
	bool command = false;

	while (template_take(&template, &literal, &name)) {
		struct span value = value_of(v, name, lang);
		size_t at;

		command = is_in_command(literal, command);
		if (value.len == 0 && drop_brackets(&literal, &template)) {
			put_literal(out, literal, as);
			continue;
		}
		value = words_for(name, value, command, is_part_of_name(literal, template), lang);
		put_literal(out, literal, as);
		close_gap(out, begin, value);
		at = out->len;
		if (value.len > 0)
			put_value(out, value, as);
		else
			put_unknown_hole(out, name);
		if (lang == LANG_EN)
			raise_first(out, begin, at);
	}
	put_literal(out, literal, as);
}

void
fill_words(struct out *out, const char *words, const char *const *names, const struct span *values)
{
	struct span rest = span_of(words), literal, name;
	const size_t begin = out->len;

	while (template_take(&rest, &literal, &name)) {
		put_literal(out, literal, FILL_PLAIN);
		for (size_t i = 0; names[i] != NULL; i++) {
			if (!span_equal(span_of(names[i]), name))
				continue;
			close_gap(out, begin, values[i]);
			put_value(out, values[i], FILL_PLAIN);
		}
	}
	put_literal(out, literal, FILL_PLAIN);
}

void
fill_title(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as)
{
	if (v->cause != NULL)
		fill_template(out, v->title[lang], v, lang, as);
	else
		put(out, span_of(phrase_say(PHRASE_UNDETERMINED, lang)), as);
}

void
fill_why(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as)
{
	if (v->cause != NULL)
		fill_template(out, v->why[lang], v, lang, as);
	else
		out_str(out,
		    phrase_say(v->failure->reply.len ? PHRASE_UNDETERMINED_WHY : PHRASE_UNDETERMINED_NO_REPLY, lang));
}

/* What is left to do where the cause is not known. */
static void
fill_undetermined_steps(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as)
{
	const struct span domain = verdict_fact(v, "recipient_domain");
	struct out postmaster = { 0 }, steps = { 0 };
	struct span value;

	if (domain.len > 0)
		fill_words(
		    &postmaster, phrase_say(PHRASE_POSTMASTER, lang), (const char *const[]){ "domain", NULL }, &domain);
	value = out_view(&postmaster);
	fill_words(
	    &steps, phrase_say(PHRASE_UNDETERMINED_STEPS, lang), (const char *const[]){ "postmaster", NULL }, &value);
	if (as == FILL_JSON)
		json_put_text(out, out_view(&steps));
	else
		out_span(out, out_view(&steps));
	out_deinit(&postmaster);
	out_deinit(&steps);
}

void
fill_remedy(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as)
{
	if (v->cause != NULL)
		fill_template(out, v->remedy[lang], v, lang, as);
	else
		fill_undetermined_steps(out, v, lang, as);
}

bool
fill_take_step(struct span *remedy, struct span *step)
{
	const size_t n = span_index(*remedy, '\n');

	if (remedy->len == 0)
		return false;
	*step = span_trim(span_first(*remedy, n));
	*remedy = span_skip(*remedy, n < remedy->len ? n + 1 : n);
	return true;
}

void
fill_change(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as)
{
	if (v->cause != NULL)
		fill_template(out, v->change[lang], v, lang, as);
}
