#include "render/record.h"

#include "diagnose/repair.h"
#include "render/json.h"

/* RFC 1035 section 5.1 */
static void
put_quoted(struct out *out, struct span s)
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
		out_char(out, (char)('0' + c / 100));
		out_char(out, (char)('0' + c / 10 % 10));
		out_char(out, (char)('0' + c % 10));
	}
	out_char(out, '"');
}

static void
put_strings(struct out *out, struct span text, const char *between)
{
	struct span string;

	for (bool first = true; repair_take_string(&text, &string); first = false) {
		if (!first)
			out_str(out, between);
		put_quoted(out, string);
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

void
record_write_text(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span text)
{
	put_label(out, t, lang == LANG_JA ? "ゾーンファイル" : "Zone file");
	out_span(out, name);
	out_str(out, ".\tIN TXT ( ");
	put_strings(out, text, "\n\t\t");
	out_str(out, " )\n");
	put_label(out, t, lang == LANG_JA ? "DNS の管理画面" : "Web panel");
	out_str(out, lang == LANG_JA ? "名前  " : "Name   ");
	out_span(out, name);
	out_str(out, lang == LANG_JA ? "\n種類  TXT\n値    " : "\nType   TXT\nValue  ");
	terminal_escape(out, text);
	out_char(out, '\n');
	put_label(out, t, "Route 53");
	put_strings(out, text, " ");
	out_char(out, '\n');
}

void
record_write_ptr(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span host)
{
	put_label(out, t,
	    lang == LANG_JA ? "逆引き(アドレスの管理者が設定)" : "Reverse DNS (the owner of the address sets it)");
	out_span(out, name);
	out_str(out, ".\tIN PTR ");
	terminal_escape(out, host);
	out_str(out, ".\n");
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
