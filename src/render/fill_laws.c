#include "render/fill_laws.h"

#include "render/fill.h"

/* What shows that a plain name stands where the fact itself was meant. */
static const char *const marks_en[] = { "the the ", "a the ", "an the ", "  ", " ,", " . ", "()", "( ", "address the ",
	"server the ", "domain the ", "mailbox the ", "range the ", "recipient the ", "sender the ", ", the domain" };
static const char *const marks_ja[] = { "のの", "がが", "をを", "はは", "にに", "、、", "。。", "()", "サーバー送信元",
	"ドメイン送信元", "アドレス送信元", "アドレス宛先", "ドメイン宛先", "サーバー受信側", "アドレスという",
	"ドメインという", "アドレスアドレス", "ドメインドメイン", "元の送信元" };

static bool
holds_any(struct span text, const char *const *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (memmem(text.at, text.len, marks[i], strlen(marks[i])) != NULL)
			return true;
	return false;
}

static bool
is_japanese(struct span text, size_t i)
{
	return i < text.len && (uint8_t)text.at[i] >= 0xe3;
}

/* Whether a blank parts two Japanese characters, all of which are of three bytes. */
static bool
has_gap(struct span text)
{
	for (size_t i = 3; i < text.len; i++)
		if (text.at[i] == ' ' && is_japanese(text, i - 3) && is_japanese(text, i + 1))
			return true;
	return false;
}

/* Whether a command was filled with a plain name, which no shell takes. */
static bool
has_words_in_command(struct span text)
{
	bool command = false;

	for (size_t i = 0; i < text.len; i++) {
		command ^= text.at[i] == '`';
		if (command && span_starts_folded(span_skip(text, i), " the "))
			return true;
	}
	return false;
}

static const char *
fault_of(struct span text, struct span template, enum lang lang)
{
	if (has_words_in_command(text))
		return "without facts a command holds words";
	if (lang == LANG_EN)
		return holds_any(text, marks_en, sizeof(marks_en) / sizeof(marks_en[0]))
		    ? "without facts this does not read"
		    : NULL;
	if (has_gap(text) && !has_gap(template))
		return "without facts a blank stands within Japanese";
	return holds_any(text, marks_ja, sizeof(marks_ja) / sizeof(marks_ja[0])) ? "without facts this does not read"
										 : NULL;
}

static void
check_text(struct out *scratch, struct span template, enum lang lang, struct catalog_fault where,
    struct catalog_faults *faults)
{
	if (span_index(template, '{') == template.len)
		return;
	out_clear(scratch);
	fill_template(scratch, template, NULL, lang, FILL_PLAIN);
	where.what = fault_of(out_view(scratch), template, lang);
	if (where.what != NULL)
		catalog_fault_note(faults, where);
}

static void
check_advice(
    struct out *scratch, const struct advice_text *says, struct catalog_fault where, struct catalog_faults *faults)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		check_text(scratch, says->title[lang], lang, where, faults);
		check_text(scratch, says->why[lang], lang, where, faults);
		check_text(scratch, says->remedy[lang], lang, where, faults);
		check_text(scratch, says->change[lang], lang, where, faults);
	}
}

bool
fill_laws_check(const struct catalog *c, struct catalog_faults *faults)
{
	struct out scratch = { 0 };

	for (uint32_t i = 0; i < c->n_causes; i++)
		check_advice(&scratch, &c->causes[i].says,
		    (struct catalog_fault){ .file = "cause", .detail = c->causes[i].name }, faults);
	for (uint32_t i = 0; i < c->n_rules; i++)
		check_advice(&scratch, &c->rules[i].says,
		    (struct catalog_fault){
			.file = c->conditions[i].file, .line = c->conditions[i].line, .detail = c->rules[i].name },
		    faults);
	out_deinit(&scratch);
	return faults->n == 0;
}
