#include "render/near_miss.h"

#include "record/dmarc_record.h"
#include "record/spf_record.h"
#include "render/json_writer.h"
#include "render/sentence.h"

/* The words for one kind of mistake. */
static const char *
slip_words(enum slip slip, enum lang lang)
{
	static const char *const words[SLIPS][LANG_COUNT] = {
		[SLIP_QUOTES] = { "quotation marks became part of the text", "引用符が値の一部になっています" },
		[SLIP_BACKSLASH] = { "a backslash became part of the text",
		    "バックスラッシュが値の一部になっています" },
		[SLIP_LEADING_BLANK] = { "it begins with a blank", "先頭に空白があります" },
		[SLIP_FOREIGN_BLANK] = { "a blank that is none for the DNS (no-break, full-width or invisible)",
		    "半角の空白ではない文字(全角空白、改行しない空白、見えない文字など)です" },
		[SLIP_FULL_WIDTH] = { "a full-width character", "全角文字です" },
		[SLIP_DASH] = { "a dash where a hyphen belongs", "ハイフンではなくダッシュです" },
		[SLIP_PASTED] = { "pasted along with it; it belongs to the zone file",
		    "ゾーンファイルの書式が値に混ざっています" },
		[SLIP_VERSION] = { "the version is not written like this", "バージョンの書き方が違います" },
		[SLIP_VERSION_MISSING] = { "the version is missing in front", "先頭のバージョンがありません" },
		[SLIP_VERSION_LATE] = { "the version stands once, in front", "バージョンは先頭に一度だけ書きます" },
		[SLIP_SEPARATOR_MISSING] = { "a separator is missing", "区切りがありません" },
		[SLIP_SEPARATOR_WRONG] = { "the wrong separator", "区切りの文字が違います" },
		[SLIP_STRAY_BLANK] = { "a blank within a term", "項目の途中に空白があります" },
		[SLIP_SIGN] = { "the wrong sign", "記号(: と =)が違います" },
		[SLIP_NAME] = { "the name is not written like this", "名前に入力ミスがあります" },
		[SLIP_VALUE] = { "the value is not written like this", "値の書き方が違います" },
	};

	return words[slip][lang];
}

/* What is missing stands in front of what was seen. */
static void
put_missing(struct out *out, bool ja, const struct near_miss_slip *s)
{
	const bool blank = span_equal(s->meant, span_of(" "));

	out_str(out, ja ? " バイト目: 「" : ": “");
	terminal_escape(out, s->seen);
	out_str(out,
	    ja          ? blank ? "」の前に空白がありません。" : "」の前に区切りの「"
		: blank ? "” needs a blank in front."
			: "” needs “");
	if (blank)
		return;
	terminal_escape(out, s->meant);
	out_str(out, ja ? "」がありません。" : "” in front.");
}

void
near_miss_say(struct out *out, enum lang lang, const struct near_miss *miss)
{
	const bool ja = lang == LANG_JA;

	for (size_t i = 0; i < miss->n_slips; i++) {
		const struct near_miss_slip *s = &miss->slips[i];

		if (i > 0 && !ja)
			out_char(out, ' ');
		out_str(out, ja ? "" : "Byte ");
		out_number(out, s->at + 1);
		if (s->slip == SLIP_SEPARATOR_MISSING) {
			put_missing(out, ja, s);
			continue;
		}
		out_str(out, ja ? " バイト目「" : ": “");
		terminal_escape(out, s->seen);
		out_str(out, ja ? "」" : "”");
		if (s->meant.len > 0 && !span_equal(s->meant, span_of(" "))) {
			out_str(out, ja ? " → 「" : " → “");
			terminal_escape(out, s->meant);
			out_str(out, ja ? "」" : "”");
		}
		out_str(out, ja ? "(" : " (");
		out_str(out, slip_words(s->slip, lang));
		out_str(out, ja ? ")。" : ").");
	}
}

void
near_miss_write_json(struct out *out, const struct near_miss *miss)
{
	out_str(out, ",\"slips\":[");
	for (size_t i = 0; miss != NULL && i < miss->n_slips; i++) {
		const struct near_miss_slip *s = &miss->slips[i];

		out_str(out, i > 0 ? ",{\"slip\":" : "{\"slip\":");
		json_write_string(out, span_of(slip_token(s->slip)));
		out_str(out, ",\"at\":");
		out_number(out, s->at);
		json_write_member(out, "seen", s->seen);
		json_write_member(out, "meant", s->meant);
		out_char(out, '}');
	}
	out_char(out, ']');
}

/* Whether the text means to be a record and is not written as one. */
static bool
is_near(struct arena *arena, enum record_kind kind, struct span text, struct near_miss *miss)
{
	const bool is = kind == RECORD_SPF ? spf_record_is(text) : dmarc_record_is(text);

	return near_miss_read(arena, kind, text, miss) && (miss->n_slips > 0 || miss->unclear.len > 0) &&
	    (miss->after.len > 0 || !is); /* what is wrong with a record that is one is said by its evaluation */
}

static void
put_paragraph(struct out *out, const struct terminal *t, const char *template, const struct span *values)
{
	struct out words = { 0 };

	sentence_put(&words, template, values);
	terminal_paragraph(t, out, out_view(&words), 0);
	out_deinit(&words);
}

void
near_miss_write_text(struct out *out, const struct terminal *t, enum lang lang, enum record_kind kind, struct span name,
    struct span text)
{
	static const char *const kinds[] = { [RECORD_SPF] = "SPF", [RECORD_DMARC] = "DMARC" };
	const bool ja = lang == LANG_JA;
	struct arena arena = { 0 };
	struct out slips = { 0 };
	struct near_miss miss;

	if (is_near(&arena, kind, text, &miss)) {
		const struct span values[] = { name, span_of(kinds[kind]), text, miss.after, miss.unclear };

		out_char(out, '\n');
		put_paragraph(out, t,
		    ja ? "{0} にある {1} レコードの書き方に誤りがあります: {2}"
		       : "A record at {0} is meant for {1}, but is not one as it is written: {2}",
		    values);
		near_miss_say(&slips, lang, &miss);
		if (slips.len > 0)
			terminal_paragraph(t, out, out_view(&slips), 0);
		put_paragraph(out, t,
		    miss.after.len > 0 ? ja ? "正しい書き方: {3}" : "As it was meant: {3}"
			: ja           ? "「{4}」が何を意図したものかは判断できません。"
				       : "What “{4}” was meant for cannot be told.",
		    values);
	}
	out_deinit(&slips);
	arena_deinit(&arena);
}

void
near_miss_write_member(struct out *out, enum record_kind kind, struct span name, struct span text)
{
	struct arena arena = { 0 };
	struct near_miss miss;

	if (is_near(&arena, kind, text, &miss)) {
		out_str(out, ",\"near_miss\":{\"name\":");
		json_write_string(out, name);
		json_write_member(out, "record", text);
		json_write_member(out, "meant", miss.after);
		near_miss_write_json(out, &miss);
		out_char(out, '}');
	} else {
		out_str(out, ",\"near_miss\":null");
	}
	arena_deinit(&arena);
}
