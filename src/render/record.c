#include "render/record.h"

#include "diagnose/repair.h"
#include "grammar/domain_name.h"
#include "render/json_writer.h"

/* Escapes are decimal in a zone file (RFC 1035 section 5.1) and octal in Route 53. */
static void
put_quoted(struct out *out, struct span s, unsigned base)
{
	out_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.at[i];

		if (c == '"' || c == '\\')
			out_char(out, '\\');
		if (c >= ' ' && c < 127) {
			out_char(out, (char)c);
			continue;
		}
		out_char(out, '\\');
		out_char(out, (char)('0' + c / (base * base)));
		out_char(out, (char)('0' + c / base % base));
		out_char(out, (char)('0' + c % base));
	}
	out_char(out, '"');
}

static void
put_strings(struct out *out, struct span text, const char *between, unsigned base)
{
	struct span string;

	for (bool first = true; repair_take_string(&text, &string); first = false) {
		if (!first)
			out_str(out, between);
		put_quoted(out, string, base);
	}
}

static void
put_label(struct out *out, const struct terminal *t, const char *label)
{
	out_char(out, '\n');
	terminal_style(t, out, STYLE_STRONG);
	out_str(out, label);
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
}

/* A name that a name server reads as a name: no directive, no comment, nothing that steers. */
static bool
is_plain_name(struct span name)
{
	return span_is_ascii(name) && domain_name_is_harmless(name);
}

bool
record_format_read(const char *name, enum record_format *format)
{
	static const char *const names[] = { [RECORD_VALUE] = "value",
		[RECORD_ZONE] = "zone",
		[RECORD_PANEL] = "panel",
		[RECORD_ROUTE53] = "route53",
		[RECORD_EVERY] = "every" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0) {
			*format = (enum record_format)i;
			return true;
		}
	return false;
}

static void
put_zone(struct out *out, struct span name, struct span text)
{
	out_span(out, name);
	out_str(out, ".\tIN TXT ( ");
	put_strings(out, text, "\n\t\t", 10);
	out_str(out, " )\n");
}

/* `within`: the name as a panel for the domain wants it. */
static void
put_panel(struct out *out, enum lang lang, struct span name, struct span within, struct span text)
{
	out_str(out, lang == LANG_JA ? "ホスト名  " : "Name   ");
	out_span(out, within);
	if (within.len != name.len) {
		out_str(out, lang == LANG_JA ? " (管理画面によっては " : "  (some panels: ");
		out_span(out, name);
		out_char(out, ')');
	}
	out_str(out, lang == LANG_JA ? "\n種別      TXT\n内容      " : "\nType   TXT\nValue  ");
	terminal_escape(out, text);
	out_char(out, '\n');
}

static void
put_route53(struct out *out, struct span text)
{
	put_strings(out, text, " ", 8);
	out_char(out, '\n');
}

void
record_write_text(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span text)
{
	if (!is_plain_name(name))
		return;
	put_label(out, t, record_form_name(lang, RECORD_ZONE));
	put_zone(out, name, text);
	put_label(out, t, record_form_name(lang, RECORD_PANEL));
	put_panel(out, lang, name, name, text);
	put_label(out, t, record_form_name(lang, RECORD_ROUTE53));
	put_route53(out, text);
}

/* What a web panel for `zone` wants as the name: @, or the part before it; the whole name where that cannot be told. */
static struct span
name_within(struct span name, struct span zone)
{
	if (span_equal_folded(name, zone))
		return span_of("@");
	if (zone.len > 0 && name.len > zone.len + 1 && name.at[name.len - zone.len - 1] == '.' &&
	    span_equal_folded(span_skip(name, name.len - zone.len), zone))
		return span_first(name, name.len - zone.len - 1);
	return name;
}

void
record_say_name(struct out *out, enum lang lang, const struct record_change *c)
{
	const struct span within = name_within(c->name, c->zone);

	out_str(out, lang == LANG_JA ? "ホスト名  " : "Name  ");
	out_span(out, c->name);
	out_str(out, lang == LANG_JA ? " (種別 TXT" : "  (type TXT");
	if (within.len != c->name.len) {
		out_str(out, lang == LANG_JA ? "。管理画面によっては空欄または " : "; in a web panel: ");
		out_span(out, within);
	}
	out_str(out, ")");
}

static bool
take_term(struct span *rest, struct span *term)
{
	*rest = span_trim(*rest);
	*term = span_first(*rest, span_index(*rest, ' '));
	*rest = span_skip(*rest, term->len);
	return term->len > 0;
}

static bool
holds_term(struct span record, struct span wanted)
{
	struct span term;

	while (take_term(&record, &term))
		if (span_equal(term, wanted))
			return true;
	return false;
}

/* The terms of one record that the other lacks, in one line. */
static void
put_missing(struct out *out, const struct terminal *t, enum terminal_style style, const char *mark, struct span record,
    struct span other)
{
	size_t n = 0;
	struct span term;

	while (take_term(&record, &term)) {
		if (holds_term(other, term))
			continue;
		if (n++ == 0) {
			terminal_style(t, out, style);
			out_str(out, mark);
		}
		out_char(out, ' ');
		terminal_escape(out, term);
	}
	if (n == 0)
		return;
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
}

void
record_say_title(struct out *out, enum lang lang, const struct record_change *c)
{
	if (lang == LANG_JA) {
		out_span(out, c->name);
		out_str(out, c->before.len > 0 ? " の " : " に登録する ");
		out_str(out, c->kind);
		out_str(out, c->before.len > 0 ? " レコード(書き換え)" : " レコード");
	} else {
		out_str(out, "New ");
		out_str(out, c->kind);
		out_str(out, " record for ");
		out_span(out, c->name);
	}
}

void
record_say_difference(struct out *out, const struct record_change *c)
{
	const struct terminal plain = { .width = 0 };

	if (c->before.len == 0)
		return;
	put_missing(out, &plain, STYLE_BAD, "-", c->before, c->after);
	put_missing(out, &plain, STYLE_GOOD, "+", c->after, c->before);
}

bool
record_can_be_published(const struct record_change *c)
{
	return is_plain_name(c->name) && c->after.len > 0;
}

const char *
record_form_name(enum lang lang, enum record_format format)
{
	static const char *const names[][LANG_COUNT] = { [RECORD_VALUE] = { "Value", "内容" },
		[RECORD_ZONE] = { "Zone file", "ゾーンファイル" },
		[RECORD_PANEL] = { "Web panel", "DNS の管理画面" },
		[RECORD_ROUTE53] = { "Route 53", "Route 53" },
		[RECORD_EVERY] = { "", "" } };

	return names[format][lang];
}

void
record_put_form(struct out *out, enum lang lang, const struct record_change *c, enum record_format format)
{
	switch (format) {
	case RECORD_VALUE:
	case RECORD_EVERY:
		terminal_escape(out, c->after);
		out_char(out, '\n');
		break;
	case RECORD_ZONE: put_zone(out, c->name, c->after); break;
	case RECORD_PANEL: put_panel(out, lang, c->name, name_within(c->name, c->zone), c->after); break;
	case RECORD_ROUTE53: put_route53(out, c->after); break;
	}
}

void
record_write_change(
    struct out *out, const struct terminal *t, enum lang lang, const struct record_change *c, enum record_format format)
{
	if (!record_can_be_published(c))
		return;
	out_char(out, '\n');
	terminal_style(t, out, STYLE_STRONG);
	record_say_title(out, lang, c);
	terminal_style(t, out, STYLE_PLAIN);
	out_char(out, '\n');
	if (format != RECORD_PANEL) {
		out_str(out, "  ");
		record_say_name(out, lang, c);
		out_char(out, '\n');
	}
	if (c->before.len > 0) {
		put_missing(out, t, STYLE_BAD, "  -", c->before, c->after);
		put_missing(out, t, STYLE_GOOD, "  +", c->after, c->before);
	}
	record_put_form(out, lang, c, format);
	if (format == RECORD_EVERY)
		record_write_text(out, t, lang, c->name, c->after);
}

void
record_write_strings(struct out *out, struct span text)
{
	struct span string;

	out_str(out, ",\"strings\":[");
	for (bool first = true; repair_take_string(&text, &string); first = false) {
		if (!first)
			out_char(out, ',');
		json_write_string(out, string);
	}
	out_char(out, ']');
}
