#include "grammar/charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"

enum {
	LABEL_SIZE_MAX = 32,
	CONVERTERS_MAX = 8, /* kept open, per thread */
};

enum {
	ESC = 0x1b,
	SHIFT_OUT = 0x0e,
	SHIFT_IN = 0x0f,
};

/* How mail calls charsets, and what iconv calls the one that is meant: always
   the superset that senders really use. Only names on this list are opened. */
static const struct {
	const char *label, *iconv_name;
} charsets[] = { { "shift-jis", "CP932" }, { "shiftjis", "CP932" }, { "sjis", "CP932" }, { "ms-kanji", "CP932" },
	{ "csshiftjis", "CP932" }, { "windows-31j", "CP932" }, { "cp932", "CP932" }, { "ms932", "CP932" },
	{ "euc-jp", "EUC-JP-MS" }, { "eucjp", "EUC-JP-MS" }, { "eucjp-ms", "EUC-JP-MS" }, { "ujis", "EUC-JP-MS" },
	{ "cp51932", "EUC-JP-MS" }, { "gb2312", "GB18030" }, { "gb-2312-80", "GB18030" }, { "gbk", "GB18030" },
	{ "gb18030", "GB18030" }, { "cp936", "GB18030" }, { "euc-cn", "GB18030" }, { "big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "BIG5-HKSCS" }, { "cp950", "BIG5-HKSCS" }, { "euc-kr", "UHC" }, { "ks-c-5601-1987", "UHC" },
	{ "ksc5601", "UHC" }, { "cp949", "UHC" }, { "uhc", "UHC" }, { "windows-949", "UHC" },
	{ "iso-2022-kr", "ISO-2022-KR" }, { "iso-2022-cn", "ISO-2022-CN" }, { "koi8-r", "KOI8-R" },
	{ "koi8-u", "KOI8-U" }, { "koi8", "KOI8-R" }, { "utf-7", "UTF-7" }, { "unicode-1-1-utf-7", "UTF-7" },
	{ "utf-16", "UTF-16" }, { "utf-16le", "UTF-16LE" }, { "utf-16be", "UTF-16BE" }, { "windows-874", "CP874" },
	{ "tis-620", "CP874" }, { "iso-8859-11", "CP874" }, { "iso-8859-1", "CP1252" }, { "latin1", "CP1252" },
	{ "windows-1252", "CP1252" }, { "iso-8859-2", "ISO-8859-2" }, { "iso-8859-3", "ISO-8859-3" },
	{ "iso-8859-4", "ISO-8859-4" }, { "iso-8859-5", "ISO-8859-5" }, { "iso-8859-6", "ISO-8859-6" },
	{ "iso-8859-7", "ISO-8859-7" }, { "iso-8859-8", "ISO-8859-8" }, { "iso-8859-8-i", "ISO-8859-8" },
	{ "iso-8859-9", "CP1254" }, { "iso-8859-10", "ISO-8859-10" }, { "iso-8859-13", "ISO-8859-13" },
	{ "iso-8859-14", "ISO-8859-14" }, { "iso-8859-15", "ISO-8859-15" }, { "iso-8859-16", "ISO-8859-16" },
	{ "windows-1250", "CP1250" }, { "windows-1251", "CP1251" }, { "windows-1253", "CP1253" },
	{ "windows-1254", "CP1254" }, { "windows-1255", "CP1255" }, { "windows-1256", "CP1256" },
	{ "windows-1257", "CP1257" }, { "windows-1258", "CP1258" }, { "cp1250", "CP1250" }, { "cp1251", "CP1251" },
	{ "cp1252", "CP1252" }, { "ibm850", "IBM850" }, { "cp850", "IBM850" }, { "cp437", "IBM437" },
	{ "ibm866", "IBM866" }, { "cp866", "IBM866" }, { "macintosh", "MACINTOSH" } };

/*
 * Opening a converter takes longer than using it, so every thread keeps the
 * last few open until it ends. The one piece of state in this room; a
 * converter is reset before each use, so no text leaks into the next.
 */
static _Thread_local struct {
	const char *name;
	iconv_t converter;
} opened[CONVERTERS_MAX];
static _Thread_local unsigned opened_next;

static bool
open_converter(const char *name, iconv_t *converter)
{
	unsigned i;

	for (i = 0; i < CONVERTERS_MAX; i++)
		if (opened[i].name != NULL && strcmp(opened[i].name, name) == 0) {
			*converter = opened[i].converter;
			iconv(*converter, NULL, NULL, NULL, NULL);
			return true;
		}
	*converter = iconv_open("UTF-8", name);
	if (*converter == (iconv_t)-1)
		return false;
	i = opened_next++ % CONVERTERS_MAX;
	if (opened[i].name != NULL)
		iconv_close(opened[i].converter);
	opened[i].name = name;
	opened[i].converter = *converter;
	return true;
}

/* "Windows-31J", " SHIFT_JIS", "x-sjis": as the list writes them. */
static void
normalise_label(struct span label, char *name)
{
	size_t n = 0;

	label = span_trim(label);
	if (span_starts_folded(label, "x-"))
		label = span_skip(label, 2);
	for (; n < label.len && n < LABEL_SIZE_MAX - 1; n++)
		name[n] = label.at[n] == '_' ? '-' : ascii_lower(label.at[n]);
	name[n] = '\0';
	if (strncmp(name, "iso8859-", 8) == 0 && n < LABEL_SIZE_MAX - 1) {
		memmove(name + 4, name + 3, n - 3 + 1);
		name[3] = '-';
	}
}

/* NULL: unknown, or one that charset_to_utf8 knows by itself. */
static const char *
iconv_name_of(struct span label)
{
	char name[LABEL_SIZE_MAX];

	if (label.len == 0)
		return NULL;
	normalise_label(label, name);
	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
		if (strcmp(name, charsets[i].label) == 0)
			return charsets[i].iconv_name;
	return NULL;
}

static bool
is_wide(const char *name)
{
	return strncmp(name, "UTF-16", 6) == 0;
}

/* Charsets whose text may look like plain ASCII. */
static bool
is_seven_bit(const char *name)
{
	return name != NULL && (strcmp(name, "UTF-7") == 0 || is_wide(name) || strncmp(name, "ISO-2022-", 9) == 0);
}

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* One character of more than one byte; 0: malformed.
   UTF8-2 / UTF8-3 / UTF8-4. RFC 3629 section 4 */
static size_t
utf8_char_len(const unsigned char *p, size_t len)
{
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		return len >= 2 && is_tail(p[1]) ? 2 : 0;
	if ((p[0] & 0xf0) == 0xe0) {
		if (len < 3 || !is_tail(p[1]) || !is_tail(p[2]))
			return 0;
		if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (p[0] < 0xf0 || p[0] > 0xf4 || len < 4)
		return 0;
	if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3]) ? 4 : 0;
}

static size_t
ascii_len(struct span s)
{
	size_t i = 0;
	uint64_t eight;

	for (; i + 8 <= s.len; i += 8) {
		memcpy(&eight, s.at + i, 8);
		if (eight & 0x8080808080808080u)
			break;
	}
	while (i < s.len && (unsigned char)s.at[i] < 0x80)
		i++;
	return i;
}

size_t
charset_utf8_len(struct span s)
{
	const unsigned char *p = (const unsigned char *)s.at;
	size_t i = 0, n;

	while (i < s.len) {
		if (p[i] < 0x80) {
			i += ascii_len(span_skip(s, i));
			continue;
		}
		n = utf8_char_len(p + i, s.len - i);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

struct conversion {
	struct span text;
	size_t n_bad;
};

/* A bad character whose trail byte is clearly no ASCII goes as a whole, lest
   the rest of the line be read one byte out of step. */
static size_t
bad_len(const char *name, const char *at, size_t left)
{
	bool two = is_wide(name) ||
	    ((signed char)at[0] < 0 && left > 1 && (signed char)at[1] < 0 && name[0] != 'K' &&
		strncmp(name, "CP12", 4) != 0);

	return two && left > 1 ? 2 : 1;
}

/* A byte becomes three of UTF-8 at most; so does one that is bad. */
static bool
convert(struct arena *arena, struct span bytes, const char *name, struct conversion *c)
{
	size_t size = bytes.len * 3 + 16, room = size, left = bytes.len, bad;
	char *start, *to, *in = (char *)bytes.at; /* iconv's prototype forgets const */
	iconv_t converter;

	if (!open_converter(name, &converter))
		return false;
	to = start = arena_take(arena, size);
	c->n_bad = 0;
	while (left > 0 && iconv(converter, &in, &left, &to, &room) == (size_t)-1) {
		if (errno == E2BIG || room < 4 || left == 0)
			break;
		c->n_bad++;
		to += utf8_put(0xfffd, to);
		room -= 3;
		bad = bad_len(name, in, left);
		in += bad;
		left -= bad;
	}
	c->text = (struct span){ start, (size_t)(to - start) };
	arena_grow(arena, start, size, c->text.len + 1);
	return true;
}

/* Latin letters where nothing else fits. Works without any converter too. */
static struct span
convert_bytes(struct arena *arena, struct span bytes)
{
	struct conversion c;
	char *start, *to;

	if (convert(arena, bytes, "CP1252", &c))
		return c.text;
	to = start = arena_take(arena, bytes.len * 2 + 1);
	for (size_t i = 0; i < bytes.len; i++)
		to += utf8_put((unsigned char)bytes.at[i], to);
	return (struct span){ start, (size_t)(to - start) };
}

struct looks {
	bool sound;
	size_t kana, kanji; /* characters that speak for the charset */
};

/* Only the end may be cut: log lines and quotes are. */
static struct looks
look_as_euc_jp(struct span s)
{
	struct looks l = { .sound = true };
	const unsigned char *p = (const unsigned char *)s.at;
	size_t i = 0;

	while (l.sound && i < s.len) {
		size_t n = p[i] < 0x80 ? 1 : p[i] == 0x8f ? 3 : 2;

		if (n > 1 && i + n <= s.len) {
			bool row = p[i] == 0x8e || p[i] == 0x8f || p[i] == 0xad || (p[i] >= 0xa1 && p[i] <= 0xa8) ||
			    (p[i] >= 0xb0 && p[i] <= 0xfc);

			l.sound = row && p[i + 1] >= 0xa1 && p[i + 1] < 0xff;
			l.kana += p[i] == 0xa4 || p[i] == 0xa5;
			l.kanji += p[i] >= 0xb0 || p[i] == 0xa1;
		} else if (n > 1) {
			l.sound = p[i] >= 0x8e;
		}
		i += n;
	}
	return l;
}

static bool
is_half_kana(unsigned char c)
{
	return c >= 0xa1 && c <= 0xdf;
}

/* A lead byte with an ASCII letter behind it is as likely "\xe9t" in Latin-1
   as a kanji, so it does not speak for Shift_JIS. */
static struct looks
look_as_shift_jis(struct span s)
{
	struct looks l = { .sound = true };
	const unsigned char *p = (const unsigned char *)s.at;
	size_t i = 0;

	while (l.sound && i < s.len) {
		size_t n = p[i] < 0x80 || is_half_kana(p[i]) ? 1 : 2;

		if (n == 2 && i + 1 < s.len) {
			l.sound = p[i] > 0x80 && p[i] != 0xa0 && p[i] <= 0xfc && p[i + 1] >= 0x40 && p[i + 1] != 0x7f &&
			    p[i + 1] <= 0xfc;
			l.kana += (p[i] == 0x82 && p[i + 1] >= 0x9f) || (p[i] == 0x83 && p[i + 1] <= 0x96);
			l.kanji += p[i + 1] >= 0x80;
		} else if (n == 1 && i > 0 && is_half_kana(p[i])) {
			l.kanji += is_half_kana(p[i - 1]) && i + 1 < s.len;
		}
		i += n;
	}
	return l;
}

/* Which Japanese charset unlabelled bytes look like; NULL: none. */
static const char *
guess_japanese(struct span s, size_t kana_min)
{
	struct looks euc = look_as_euc_jp(s), sjis = look_as_shift_jis(s);
	size_t euc_score = euc.sound ? euc.kana * 3 + euc.kanji : 0;
	size_t sjis_score = sjis.sound ? sjis.kana * 3 + sjis.kanji : 0;

	if (euc_score > 0 && euc_score * 2 > sjis_score && euc.kana >= kana_min)
		return "EUC-JP-MS";
	return sjis_score > 0 && sjis.kana >= kana_min ? "CP932" : NULL;
}

/* Bytes that are not UTF-8. A Latin label is what software writes that knows
   none, so Japanese that can hardly be anything else overrules it. */
static struct span
convert_by_label(struct arena *arena, struct span bytes, const char *name)
{
	bool latin = name != NULL && strcmp(name, "CP1252") == 0;
	const char *guess = name == NULL || latin ? guess_japanese(bytes, latin ? 2 : 0) : NULL;
	struct conversion c, other;

	if (guess != NULL && convert(arena, bytes, guess, &c))
		return c.text;
	if (name == NULL || !convert(arena, bytes, name, &c))
		return convert_bytes(arena, bytes);
	guess = c.n_bad > 0 ? guess_japanese(bytes, 1) : NULL;
	if (guess != NULL && convert(arena, bytes, guess, &other) && other.n_bad < c.n_bad)
		return other.text;
	return c.text;
}

static size_t
copy_valid(struct span s, char *to)
{
	size_t n = charset_utf8_len(s);

	memcpy(to, s.at, n);
	return n;
}

static size_t
eight_bit_count(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (unsigned char)s.at[i] >= 0x80;
	return n;
}

/* A malformed character, with the tails that follow it. */
static size_t
malformed_len(struct span s)
{
	size_t n = 1;

	while (n < s.len && is_tail((unsigned char)s.at[n]))
		n++;
	return n;
}

/* UTF-8 damaged in a few places, or cut at its end, is still UTF-8. */
static bool
is_mostly_utf8(struct span s)
{
	size_t good = 0, bad = 0;

	while (s.len > 0) {
		size_t n = charset_utf8_len(s);

		good += eight_bit_count(span_first(s, n));
		s = span_skip(s, n);
		n = s.len > 0 ? malformed_len(s) : 0;
		bad += n > 0 && n < s.len ? n : 0;
		s = span_skip(s, n);
	}
	return good > 0 && good >= bad * 4;
}

static struct span
mend_utf8(struct arena *arena, struct span s)
{
	size_t size = s.len * 3 + 1;
	char *start = arena_take(arena, size), *to = start;

	while (s.len > 0) {
		size_t n = copy_valid(s, to);

		to += n;
		s = span_skip(s, n);
		if (s.len == 0)
			break;
		to += utf8_put(0xfffd, to);
		s = span_skip(s, malformed_len(s));
	}
	arena_grow(arena, start, size, (size_t)(to - start) + 1);
	return (struct span){ start, (size_t)(to - start) };
}

/* Any text without escapes. */
static struct span
convert_plain(struct arena *arena, struct span bytes, const char *name)
{
	if (charset_utf8_len(bytes) == bytes.len)
		return bytes;
	if (name == NULL && is_mostly_utf8(bytes))
		return mend_utf8(arena, bytes);
	return convert_by_label(arena, bytes, name);
}

enum jis_set {
	JIS_ASCII,
	JIS_KANA, /* JIS X 0201 katakana, 7 bits */
	JIS_KANJI, /* JIS X 0208 with vendors' rows */
	JIS_KANJI_2, /* JIS X 0212 */
};

/* ESC "(" B / J / I, ESC "$" @ / B, ESC "$(" @ / B / D. RFC 1468, RFC 2237 */
static size_t
escape_len(struct span s, enum jis_set *set)
{
	static const struct {
		const char *sequence;
		enum jis_set set;
	} escapes[] = { { "(B", JIS_ASCII }, { "(J", JIS_ASCII }, { "(H", JIS_ASCII }, { "(I", JIS_KANA },
		{ "$@", JIS_KANJI }, { "$B", JIS_KANJI }, { "$(@", JIS_KANJI }, { "$(B", JIS_KANJI },
		{ "$(D", JIS_KANJI_2 } };

	if (s.len == 0 || s.at[0] != ESC)
		return 0;
	s = span_skip(s, 1);
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		struct span e = span_of(escapes[i].sequence);

		if (s.len >= e.len && memcmp(s.at, e.at, e.len) == 0) {
			*set = escapes[i].set;
			return e.len + 1;
		}
	}
	return 0;
}

static bool
has_jis_escape(struct span s)
{
	enum jis_set set;

	for (;;) {
		s = span_skip(s, span_index(s, ESC));
		if (s.len == 0)
			return false;
		if (escape_len(s, &set) > 0)
			return true;
		s = span_skip(s, 1);
	}
}

/* The bytes up to the next change of set: an escape, a shift, a line's end. */
static size_t
run_len(struct span s, enum jis_set set)
{
	enum jis_set next;
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.at[i];

		if (c == SHIFT_OUT || c == SHIFT_IN || (c == ESC && escape_len(span_skip(s, i), &next) > 0))
			break;
		if (set != JIS_ASCII && ((signed char)c <= ' ' || c == 127))
			break; /* controls, blanks and 8 bits: in no JIS set */
	}
	return i;
}

/* As EUC-JP has it: glibc's own ISO-2022-JP knows no vendor's row (the
   circled digits, the abbreviated kabushiki-gaisha), nor kana. */
static struct span
convert_run(struct arena *arena, struct span run, enum jis_set set)
{
	size_t width = set == JIS_KANJI_2 || set == JIS_KANJI ? 2 : 1, i = 0;
	char *euc, *to;
	struct conversion c;

	if (set == JIS_ASCII)
		return convert_plain(arena, run, NULL);
	to = euc = arena_take(arena, run.len * 2 + 2);
	while (i < run.len) {
		if (set == JIS_KANA)
			*to++ = (char)0x8e;
		if (set == JIS_KANJI_2)
			*to++ = (char)0x8f;
		for (size_t k = 0; k < width && i < run.len; k++)
			*to++ = (char)(run.at[i++] | 0x80);
	}
	run = (struct span){ euc, (size_t)(to - euc) };
	return convert(arena, run, "EUC-JP-MS", &c) ? c.text : (struct span){ "\xef\xbf\xbd", 3 };
}

struct gathered {
	struct arena *arena;
	char *at;
	size_t len, size;
};

static void
gather(struct gathered *g, struct span s)
{
	if (g->size - g->len < s.len) {
		size_t size = (g->size + s.len) * 2;

		g->at = arena_grow(g->arena, g->at, g->size, size);
		g->size = size;
	}
	if (s.len > 0)
		memcpy(g->at + g->len, s.at, s.len);
	g->len += s.len;
}

/* Lines begin in ASCII. RFC 1468 */
static struct span
convert_jis(struct arena *arena, struct span s)
{
	struct gathered g = { .arena = arena, .size = s.len * 2 + 16 };
	enum jis_set set = JIS_ASCII, before = JIS_ASCII;
	size_t n;

	g.at = arena_take(arena, g.size);
	while (s.len > 0) {
		n = escape_len(s, &set);
		if (n == 0 && (s.at[0] == SHIFT_OUT || s.at[0] == SHIFT_IN)) {
			if (s.at[0] == SHIFT_OUT && set != JIS_KANA)
				before = set;
			set = s.at[0] == SHIFT_OUT ? JIS_KANA : before;
			n = 1;
		} else if (n == 0 && (n = run_len(s, set)) > 0) {
			gather(&g, convert_run(arena, span_first(s, n), set));
		} else if (n == 0) {
			bool eight_bits = (signed char)s.at[0] < 0;

			gather(&g, eight_bits ? (struct span){ "\xef\xbf\xbd", 3 } : span_first(s, 1));
			set = s.at[0] == '\n' || s.at[0] == '\r' ? JIS_ASCII : set;
			n = 1;
		}
		s = span_skip(s, n);
	}
	return (struct span){ g.at, g.len };
}

static bool
is_jis_kana(struct span bytes, struct span label)
{
	return span_starts_folded(span_trim(label), "iso-2022-jp") && span_index(bytes, SHIFT_OUT) < bytes.len;
}

struct span
charset_to_utf8(struct arena *arena, struct span bytes, struct span label)
{
	const char *name = iconv_name_of(label);
	struct conversion c;

	if (is_seven_bit(name) && convert(arena, bytes, name, &c) && c.n_bad == 0)
		return c.text;
	if (has_jis_escape(bytes) || is_jis_kana(bytes, label))
		return convert_jis(arena, bytes);
	return convert_plain(arena, bytes, is_seven_bit(name) ? NULL : name);
}

void
charset_prepare(void)
{
	static iconv_t held[sizeof(charsets) / sizeof(charsets[0])]; /* glibc unloads what nobody holds open */

	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
		if (held[i] == NULL)
			held[i] = iconv_open("UTF-8", charsets[i].iconv_name);
}
