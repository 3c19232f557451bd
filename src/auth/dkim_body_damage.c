#include "auth/dkim_body_damage.h"

#include "auth/canonical.h"
#include "grammar/transfer_encoding.h"
#include "message/header.h"
#include "message/message.h"

static void
gather(void *context, struct span bytes)
{
	out_span(context, bytes);
}

static void
put_body(struct out *out, enum canonicalization way, struct span body)
{
	struct canonical_body c;

	out_clear(out);
	canonical_body_init(&c, way, UINT64_MAX, gather, out);
	canonical_body_add(&c, body);
	canonical_body_end(&c);
}

/* The body as it may have been, against bh=. */
struct body_trial {
	struct dkim_message *m;
	const struct dkim_signature *s;
	struct crypto_hash wanted;
	struct out out; /* canonical */
	uint64_t spent; /* bytes hashed */
	unsigned trials;
};

/* Whether another trial over so many bytes may be made. */
static bool
spend(struct body_trial *t, size_t bytes)
{
	if (t->spent + bytes > DKIM_DAMAGE_HASHED_MAX)
		return false;
	t->spent += bytes;
	t->trials++;
	return true;
}

static bool
fits(struct body_trial *t, enum canonicalization way, struct span body)
{
	struct crypto_hash hash;
	struct span all;

	if (!spend(t, body.len))
		return false;
	put_body(&t->out, way, body);
	all = out_view(&t->out);
	if (t->s->has_length && t->s->length < all.len)
		all = span_first(all, (size_t)t->s->length);
	hash = dkim_hash(t->m, all);
	return memcmp(hash.bytes, t->wanted.bytes, CRYPTO_HASH_SIZE) == 0;
}

static bool
is_wanted(const struct body_trial *t, struct crypto_hash hash)
{
	return memcmp(hash.bytes, t->wanted.bytes, CRYPTO_HASH_SIZE) == 0;
}

/* The canonical body by lines; the last begins where it ends. */
struct lines {
	struct span all;
	size_t *at;
	size_t n;
};

static struct span
line_at(const struct lines *l, size_t i)
{
	return (struct span){ l->all.at + l->at[i], l->at[i + 1] - l->at[i] };
}

static bool
split(struct body_trial *t, struct lines *l)
{
	size_t at = 0;

	put_body(&t->out, t->s->body, t->m->body);
	l->all = arena_copy(t->m->arena, out_view(&t->out));
	l->at = arena_take(t->m->arena, (DKIM_DAMAGE_LINES_MAX + 1) * sizeof(*l->at));
	for (l->n = 0; at < l->all.len; l->n++) {
		if (l->n == DKIM_DAMAGE_LINES_MAX)
			return false;
		l->at[l->n] = at;
		at += span_index(span_skip(l->all, at), '\n');
		at += at < l->all.len;
	}
	l->at[l->n] = at;
	return true;
}

/* The first line with something in it, of those from i on. */
static struct span
first_words(const struct lines *l, size_t i)
{
	while (i < l->n && span_trim(line_at(l, i)).len == 0)
		i++;
	return i < l->n ? span_trim(line_at(l, i)) : (struct span){ "", 0 };
}

/* Where the lines from `begin` on fit if the rest is left out; 0: nowhere. */
static size_t
fit_up_to(struct body_trial *t, const struct lines *l, size_t begin)
{
	static const struct span nothing = { "", 0 };

	if (!spend(t, l->all.len - l->at[begin]))
		return 0;
	crypto_hash_begin(t->m->crypto);
	for (size_t i = begin; i < l->n; i++) {
		const struct span line = line_at(l, i);

		crypto_hash_add(t->m->crypto, line);
		if (span_trim(line).len > 0 && is_wanted(t, crypto_hash_peek(t->m->crypto, nothing)))
			return i + 1;
	}
	return 0;
}

static enum dkim_body_damage
say_added(struct dkim_damage *d, enum dkim_body_damage what, struct span added, uint64_t kept)
{
	d->added = added;
	d->kept = kept;
	return what;
}

/* A footer, a banner, or both: whole lines before and behind what was signed. */
static enum dkim_body_damage
look_around(struct body_trial *t, const struct lines *l, struct dkim_damage *d)
{
	size_t end = l->n > 0 ? fit_up_to(t, l, 0) : 0;

	if (end > 0)
		return say_added(d, DKIM_BODY_APPENDED, first_words(l, end), l->at[end]);
	for (size_t i = 1; i < l->n && i <= DKIM_DAMAGE_BANNER_MAX; i++) {
		const struct span rest = span_skip(l->all, l->at[i]);

		crypto_hash_begin(t->m->crypto);
		if (spend(t, rest.len) && is_wanted(t, crypto_hash_peek(t->m->crypto, rest)))
			return say_added(d, DKIM_BODY_PREPENDED, first_words(l, 0), rest.len);
	}
	for (size_t i = 1; i < l->n && i <= DKIM_DAMAGE_BANNER_MAX && l->n <= DKIM_DAMAGE_AROUND_MAX; i++) {
		end = fit_up_to(t, l, i);
		if (end > 0)
			return say_added(d, DKIM_BODY_AROUND, first_words(l, 0), l->at[end] - l->at[i]);
	}
	return DKIM_BODY_UNKNOWN;
}

/* Where what was put into a part may end: at a delimiter, or before the end of a page. RFC 2046 section 5.1.1 */
static bool
may_resume(const struct lines *l, size_t i)
{
	static const char *const ends[] = { "--", "</body", "</html", "</div", "</td" };
	const struct span line = i < l->n ? span_trim(line_at(l, i)) : (struct span){ "--", 2 };

	for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++)
		if (span_starts_folded(line, ends[k]))
			return true;
	return line.len == 0 && may_resume(l, i + 1);
}

/* Lines [i, j) were put in: any of them where the body is small, else those that end where something may. The hash of what
   stands before goes on with what is taken to stand behind. */
static size_t
find_end_of_insertion(struct body_trial *t, const struct lines *l, size_t i)
{
	const bool any = l->n <= DKIM_DAMAGE_ANY_MAX;

	for (size_t j = i + 1; j <= l->n; j++) {
		const struct span rest = span_skip(l->all, l->at[j]);

		if (!any && (j - i > DKIM_DAMAGE_INSERTED_MAX || !may_resume(l, j)))
			continue;
		if (!spend(t, rest.len))
			return 0;
		if (is_wanted(t, crypto_hash_peek(t->m->crypto, rest)))
			return j;
	}
	return 0;
}

static enum dkim_body_damage
look_within(struct body_trial *t, const struct lines *l, struct dkim_damage *d)
{
	if (l->n > DKIM_DAMAGE_WITHIN_MAX)
		return DKIM_BODY_UNKNOWN;
	for (size_t i = 0; i < l->n; i++) {
		size_t j;

		/* the trial before began the hash anew */
		if (!spend(t, l->at[i]))
			break;
		crypto_hash_begin(t->m->crypto);
		crypto_hash_add(t->m->crypto, span_first(l->all, l->at[i]));
		j = find_end_of_insertion(t, l, i);
		if (j > 0)
			return say_added(d, DKIM_BODY_INSERTED, first_words(l, i), l->all.len - (l->at[j] - l->at[i]));
	}
	return DKIM_BODY_UNKNOWN;
}

/* The same footer in the text and in the page: two insertions, each before a place where something may end. */
static enum dkim_body_damage
look_within_two(struct body_trial *t, const struct lines *l, struct dkim_damage *d)
{
	for (size_t r = 1; r < l->n && l->n <= DKIM_DAMAGE_WITHIN_MAX; r++) {
		for (size_t i = r > DKIM_DAMAGE_FOOTER_MAX ? r - DKIM_DAMAGE_FOOTER_MAX : 0; may_resume(l, r) && i < r;
		     i++) {
			if (!spend(t, l->at[i] + l->all.len - l->at[r]))
				return DKIM_BODY_UNKNOWN;
			crypto_hash_begin(t->m->crypto);
			crypto_hash_add(t->m->crypto, span_first(l->all, l->at[i]));
			for (size_t k = r; k < l->n; k++) {
				size_t end = k + 1;

				while (end < l->n && end - k < DKIM_DAMAGE_FOOTER_MAX && !may_resume(l, end))
					end++;
				if (k > r && may_resume(l, end)) {
					const struct span rest = span_skip(l->all, l->at[end]);

					if (!spend(t, rest.len))
						return DKIM_BODY_UNKNOWN;
					if (is_wanted(t, crypto_hash_peek(t->m->crypto, rest)))
						return say_added(d, DKIM_BODY_INSERTED, first_words(l, i), 0);
				}
				crypto_hash_add(t->m->crypto, line_at(l, k));
			}
		}
	}
	return DKIM_BODY_UNKNOWN;
}

/* Every line as `change` has it. */
static struct span
each_line(struct body_trial *t, void (*change)(struct out *out, struct span line))
{
	struct out out = { 0 };
	struct span rest = t->m->body, copy;

	while (rest.len > 0) {
		size_t n = span_index(rest, '\n');

		n += n < rest.len;
		change(&out, span_first(rest, n));
		rest = span_skip(rest, n);
	}
	copy = arena_copy(t->m->arena, out_view(&out));
	out_deinit(&out);
	return copy;
}

static void
undouble_dot(struct out *out, struct span line)
{
	out_span(out, line.len > 1 && line.at[0] == '.' && line.at[1] == '.' ? span_skip(line, 1) : line);
}

static void
double_dot(struct out *out, struct span line)
{
	if (line.len > 0 && line.at[0] == '.')
		out_char(out, '.');
	out_span(out, line);
}

static void
unquote_from(struct out *out, struct span line)
{
	out_span(out, span_starts_folded(line, ">from ") ? span_skip(line, 1) : line);
}

/* "-- " begins a signature (RFC 3676 section 4.3), and is the blank that is taken off most. */
static void
restore_dashes(struct out *out, struct span line)
{
	if (line.len >= 3 && line.at[0] == '-' && line.at[1] == '-' && (line.at[2] == '\r' || line.at[2] == '\n')) {
		out_str(out, "-- ");
		line = span_skip(line, 2);
	}
	out_span(out, line);
}

/* Bare LF to CRLF */
static void
whole_line_end(struct out *out, struct span line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\n' && (line.len < 2 || line.at[line.len - 2] != '\r')) {
		out_span(out, span_first(line, line.len - 1));
		out_str(out, "\r\n");
	} else {
		out_span(out, line);
	}
}

static void
bare_line_end(struct out *out, struct span line)
{
	if (line.len >= 2 && line.at[line.len - 1] == '\n' && line.at[line.len - 2] == '\r') {
		out_span(out, span_first(line, line.len - 2));
		out_char(out, '\n');
	} else {
		out_span(out, line);
	}
}

/* How a part may have been encoded when it was signed. */
struct encoding {
	const char *name; /* NULL: it had no such field */
	enum { AS_IT_IS, PLAIN, BASE64, QUOTED } how;
	enum { ENDS_KEPT, LAST_END_TAKEN, LAST_END_ADDED, ENDS_IN_LF } ends; /* of the lines that were encoded */
};

static const struct encoding encodings[] = { { NULL, AS_IT_IS, ENDS_KEPT }, { "8bit", PLAIN, ENDS_KEPT },
	{ "7bit", PLAIN, ENDS_KEPT }, { NULL, PLAIN, ENDS_KEPT }, { "base64", BASE64, ENDS_KEPT },
	{ "base64", BASE64, LAST_END_TAKEN }, { "base64", BASE64, LAST_END_ADDED }, { "base64", BASE64, ENDS_IN_LF },
	{ "quoted-printable", QUOTED, ENDS_KEPT }, { "quoted-printable", QUOTED, LAST_END_TAKEN } };

enum { ENCODINGS = sizeof(encodings) / sizeof(encodings[0]), PARTS_MAX = 8, PARTS_APART_MAX = 2 };

/* A part's header as it was before a relay encoded the part anew. */
static void
put_header(struct out *out, struct span header, const struct encoding *e)
{
	struct header_field f;
	struct span rest = header;
	const char *at = header.at;

	while (header_take_field(&rest, &f))
		if (span_equal_folded(f.name, span_of("content-transfer-encoding"))) {
			out_span(out, (struct span){ at, (size_t)((e->name ? f.value.at : f.whole.at) - at) });
			if (e->name != NULL)
				out_str(out, e->name);
			at = e->name ? f.value.at + f.value.len : f.whole.at + f.whole.len;
		}
	out_span(out, (struct span){ at, (size_t)(header.at + header.len - at) });
}

static struct span
with_ends(struct arena *arena, struct span s, const struct encoding *e)
{
	struct out out = { 0 };

	if (e->ends == LAST_END_TAKEN && s.len >= 2 && s.at[s.len - 2] == '\r')
		return span_first(s, s.len - 2);
	if (e->ends == ENDS_KEPT || e->ends == LAST_END_TAKEN)
		return s;
	for (size_t i = 0; i < s.len; i++)
		if (e->ends != ENDS_IN_LF || s.at[i] != '\r' || i + 1 == s.len || s.at[i + 1] != '\n')
			out_char(&out, s.at[i]);
	if (e->ends == LAST_END_ADDED)
		out_str(&out, "\r\n");
	s = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return s;
}

/* Lines of 76 characters. RFC 2045 section 6.8 */
static void
put_base64(struct arena *arena, struct out *out, struct span s)
{
	struct span text = crypto_base64(arena, s);

	while (text.len > 0) {
		out_span(out, span_first(text, 76));
		text = span_skip(text, text.len < 76 ? text.len : 76);
		if (text.len > 0)
			out_str(out, "\r\n");
	}
}

static bool
is_quoted_bare(struct span s, size_t i)
{
	const char c = s.at[i];
	const bool last = i + 1 == s.len || s.at[i + 1] == '\r' || s.at[i + 1] == '\n';

	return c == '\t' || c == ' ' ? !last : c > ' ' && c < 0x7f && c != '=';
}

/* Lines of 76 characters, what must be escaped and no more. RFC 2045 section 6.7 */
static void
put_quoted(struct out *out, struct span s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t column = 0;

	for (size_t i = 0; i < s.len; i++) {
		const bool end = s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n';
		const bool bare = is_quoted_bare(s, i);
		const size_t width = bare ? 1 : 3;
		const bool last = i + 1 == s.len || s.at[i + 1] == '\r';

		if (end) {
			out_str(out, "\r\n");
			column = 0;
			i++;
			continue;
		}
		if (column + width > (last ? 76 : 75)) {
			out_str(out, "=\r\n");
			column = 0;
		}
		if (bare) {
			out_char(out, s.at[i]);
		} else {
			out_char(out, '=');
			out_char(out, hex[(uint8_t)s.at[i] >> 4]);
			out_char(out, hex[(uint8_t)s.at[i] & 15]);
		}
		column += width;
	}
}

static void
put_part(struct arena *arena, struct out *out, const struct mime_part *p, const struct encoding *e)
{
	const struct span text = with_ends(arena, mime_decode(arena, p), e);

	switch (e->how) {
	case BASE64: put_base64(arena, out, text); break;
	case QUOTED: put_quoted(out, text); break;
	default: out_span(out, text); break;
	}
}

/* The whole body, each of these parts as it may have been encoded. */
static struct span
encoded(struct body_trial *t, const struct mime_part *const *parts, const uint8_t *how, size_t n)
{
	const char *at = t->m->body.at, *const end = at + t->m->body.len;
	struct out out = { 0 };
	struct span copy;

	for (size_t i = 0; i < n; i++) {
		const struct mime_part *p = parts[i];
		const struct encoding *e = &encodings[how[i]];

		if (e->how == AS_IT_IS)
			continue;
		if (p->header.at >= at && p->header.at + p->header.len <= p->body.at) {
			out_span(&out, (struct span){ at, (size_t)(p->header.at - at) });
			put_header(&out, p->header, e);
			at = p->header.at + p->header.len;
		}
		out_span(&out, (struct span){ at, (size_t)(p->body.at - at) });
		put_part(t->m->arena, &out, p, e);
		at = p->body.at + p->body.len;
	}
	out_span(&out, (struct span){ at, (size_t)(end - at) });
	copy = arena_copy(t->m->arena, out_view(&out));
	out_deinit(&out);
	return copy;
}

/* The text parts, in order, that stand in the body. */
static size_t
find_parts(struct body_trial *t, const struct mime_part **parts)
{
	struct message *const message = arena_take(t->m->arena, sizeof(*message));
	const char *at = t->m->body.at, *const end = at + t->m->body.len;
	size_t n = 0;

	message_parse(t->m->arena, (struct span){ t->m->header.at, (size_t)(end - t->m->header.at) }, message);
	for (size_t i = 0; i < message->n_parts && n < PARTS_MAX; i++) {
		const struct mime_part *p = &message->parts[i];

		if (!span_equal_folded(p->type, span_of("text")) || p->body.at < at || p->body.at + p->body.len > end)
			continue;
		at = p->body.at + p->body.len;
		parts[n++] = p;
	}
	return n;
}

/* All parts alike, then one or two of them each in its own way. */
static bool
fits_encoded(struct body_trial *t)
{
	const struct mime_part *parts[PARTS_MAX];
	const size_t n = find_parts(t, parts);
	uint8_t how[PARTS_MAX];

	for (int e = 1; e < ENCODINGS; e++) {
		memset(how, e, sizeof(how));
		if (n > 0 && fits(t, t->s->body, encoded(t, parts, how, n)))
			return true;
	}
	for (size_t i = 0; i < n && n > 1; i++)
		for (int e = 0; e < ENCODINGS * ENCODINGS; e++) {
			memset(how, 0, sizeof(how));
			how[i] = (uint8_t)(e % ENCODINGS);
			if (i + 1 < n)
				how[i + 1] = (uint8_t)(e / ENCODINGS);
			if (t->spent < DKIM_DAMAGE_ENCODED_MAX && fits(t, t->s->body, encoded(t, parts, how, n)))
				return true;
		}
	return false;
}

static bool
read_wanted(struct body_trial *t)
{
	const struct span told = base64_decode(t->m->arena, t->s->body_hash);

	if (told.len != CRYPTO_HASH_SIZE)
		return false;
	memcpy(t->wanted.bytes, told.at, CRYPTO_HASH_SIZE);
	return true;
}

static enum dkim_body_damage
look(struct body_trial *t, struct dkim_damage *d)
{
	const enum canonicalization way = t->s->body,
				    other = way == CANONICALIZATION_RELAXED ? CANONICALIZATION_SIMPLE
									    : CANONICALIZATION_RELAXED;
	enum dkim_body_damage found = DKIM_BODY_UNKNOWN;
	struct lines lines;

	if (!read_wanted(t))
		return DKIM_BODY_HASH_DAMAGED;
	if (t->m->body.len > DKIM_DAMAGE_SIZE_MAX)
		return DKIM_BODY_UNKNOWN;
	if (fits(t, other, t->m->body) || fits(t, way, each_line(t, restore_dashes)))
		return DKIM_BODY_BLANKS;
	if (split(t, &lines) && (found = look_around(t, &lines, d)) != DKIM_BODY_UNKNOWN)
		return found;
	if (fits_encoded(t))
		return DKIM_BODY_ENCODED;
	if (fits(t, way, each_line(t, undouble_dot)) || fits(t, way, each_line(t, double_dot)))
		return DKIM_BODY_DOTS;
	if (fits(t, way, each_line(t, unquote_from)))
		return DKIM_BODY_FROM_LINES;
	if (fits(t, way, each_line(t, whole_line_end)) || fits(t, way, each_line(t, bare_line_end)))
		return DKIM_BODY_LINE_ENDS;
	if (span_trim(t->m->body).len == 0)
		return DKIM_BODY_EMPTIED;
	found = look_within(t, &lines, d);
	return found != DKIM_BODY_UNKNOWN ? found : look_within_two(t, &lines, d);
}

void
dkim_look_at_body(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *d)
{
	struct body_trial t = { .m = m, .s = &check->signature };

	d->body = look(&t, d);
	d->trials += t.trials;
	out_deinit(&t.out);
}
