#include "auth/dkim_damage.h"

#include "auth/canonical.h"
#include "wire/header.h"
#include "wire/message.h"
#include "wire/mime.h"

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
};

static bool
fits(struct body_trial *t, enum canonicalization way, struct span body)
{
	struct crypto_hash hash;
	struct span all;

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

/* A prefix of whole lines, with a last line end of its own where the original had none. */
static bool
fits_prefix(struct body_trial *t, struct dkim_damage *d)
{
	struct span rest, line;

	put_body(&t->out, t->s->body, t->m->body);
	rest = out_view(&t->out);
	crypto_hash_begin(t->m->crypto);
	for (size_t n = 0; n < DKIM_DAMAGE_LINES_MAX && rest.len > 0; n++) {
		size_t len = span_index(rest, '\n');

		len += len < rest.len;
		line = span_first(rest, len);
		crypto_hash_add(t->m->crypto, line);
		rest = span_skip(rest, len);
		d->kept += len;
		if (rest.len > 0 && span_trim(line).len > 0 && is_wanted(t, crypto_hash_peek(t->m->crypto))) {
			while (rest.len > 0 && span_trim(span_first(rest, span_index(rest, '\n'))).len == 0)
				rest = span_skip(rest, span_index(rest, '\n') + (span_index(rest, '\n') < rest.len));
			d->added = arena_copy(t->m->arena, span_trim(span_first(rest, span_index(rest, '\n'))));
			return true;
		}
	}
	d->kept = 0;
	return false;
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

/* A part's header as it was before a relay encoded it. */
static void
put_plain_header(struct out *out, struct span header)
{
	struct header_field f;
	struct span rest = header;
	const char *at = header.at;

	while (header_take_field(&rest, &f))
		if (span_equal_folded(f.name, span_of("content-transfer-encoding"))) {
			out_span(out, (struct span){ at, (size_t)(f.value.at - at) });
			out_str(out, "8bit");
			at = f.value.at + f.value.len;
		}
	out_span(out, (struct span){ at, (size_t)(header.at + header.len - at) });
}

/* The whole body with every text part's transfer encoding undone. */
static struct span
decoded(struct body_trial *t)
{
	struct message message;
	struct out out = { 0 };
	const char *at = t->m->body.at, *end = at + t->m->body.len;
	struct span copy;

	message_parse(t->m->arena, t->m->bytes, &message);
	for (size_t i = 0; i < message.n_parts; i++) {
		const struct mime_part *p = &message.parts[i];

		if (p->encoding == MIME_IDENTITY || !span_equal_folded(p->type, span_of("text")) || p->body.at < at ||
		    p->body.at + p->body.len > end)
			continue;
		if (p->header.at >= at && p->header.at + p->header.len <= p->body.at) {
			out_span(&out, (struct span){ at, (size_t)(p->header.at - at) });
			put_plain_header(&out, p->header);
			at = p->header.at + p->header.len;
		}
		out_span(&out, (struct span){ at, (size_t)(p->body.at - at) });
		out_span(&out, mime_decode(t->m->arena, p));
		at = p->body.at + p->body.len;
	}
	out_span(&out, (struct span){ at, (size_t)(end - at) });
	copy = arena_copy(t->m->arena, out_view(&out));
	out_deinit(&out);
	return copy;
}

static bool
read_wanted(struct body_trial *t)
{
	const struct span told = mime_decode_base64(t->m->arena, t->s->body_hash);

	if (told.len != CRYPTO_HASH_SIZE)
		return false;
	memcpy(t->wanted.bytes, told.at, CRYPTO_HASH_SIZE);
	return true;
}

static enum dkim_body_damage
look_at_body(struct body_trial *t, struct dkim_damage *d)
{
	const enum canonicalization way = t->s->body,
				    other = way == CANONICALIZATION_RELAXED ? CANONICALIZATION_SIMPLE
									    : CANONICALIZATION_RELAXED;

	if (!read_wanted(t) || t->m->body.len > DKIM_DAMAGE_SIZE_MAX)
		return DKIM_BODY_UNKNOWN;
	if (fits(t, other, t->m->body) || fits(t, way, each_line(t, restore_dashes)))
		return DKIM_BODY_BLANKS;
	if (fits_prefix(t, d))
		return DKIM_BODY_APPENDED;
	if (fits(t, way, decoded(t)))
		return DKIM_BODY_ENCODED;
	if (fits(t, way, each_line(t, undouble_dot)) || fits(t, way, each_line(t, double_dot)))
		return DKIM_BODY_DOTS;
	if (fits(t, way, each_line(t, unquote_from)))
		return DKIM_BODY_FROM_LINES;
	if (fits(t, way, each_line(t, whole_line_end)) || fits(t, way, each_line(t, bare_line_end)))
		return DKIM_BODY_LINE_ENDS;
	return span_trim(t->m->body).len == 0 ? DKIM_BODY_EMPTIED : DKIM_BODY_UNKNOWN;
}

/* The header as it may have been, against what the key signed. */
struct header_trial {
	struct dkim_message *m;
	const struct dkim_check *check;
	const struct crypto_key *key;
	struct crypto_hash signed_hash;
	unsigned trials;
	bool recovered; /* RSA tells what was signed; Ed25519 only whether it is this */
	struct span signature;
};

static bool
header_fits(struct header_trial *t, const struct dkim_signature *s, const struct dkim_change *change)
{
	struct out out = { 0 };
	struct crypto_hash hash;

	if (t->trials++ >= DKIM_DAMAGE_TRIALS_MAX)
		return false;
	dkim_put_headers(t->m, s, t->check->field, change, &out);
	hash = dkim_hash(t->m, out_view(&out));
	out_deinit(&out);
	return t->recovered ? memcmp(hash.bytes, t->signed_hash.bytes, CRYPTO_HASH_SIZE) == 0
			    : crypto_verify(t->m->crypto, t->key, &hash, t->signature);
}

static bool
is_signed(const struct dkim_signature *s, struct span name)
{
	struct span rest = s->headers, one;

	while (tag_take_item(&rest, ':', &one))
		if (span_equal_folded(one, name))
			return true;
	return false;
}

static struct span
make_field(struct arena *arena, struct span name, struct span value)
{
	struct out out = { 0 };
	struct span field;

	out_span(&out, name);
	out_str(&out, ": ");
	out_span(&out, value);
	out_str(&out, "\r\n");
	field = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return field;
}

static bool
altered(struct header_trial *t, const struct dkim_field *f, struct span before, struct dkim_damage *d)
{
	const struct dkim_change change = { .field = f->whole, .before = make_field(t->m->arena, f->name, before) };

	if (!header_fits(t, &t->check->signature, &change))
		return false;
	d->header = DKIM_HEADER_ALTERED;
	d->field = f->whole;
	d->before = change.before;
	return true;
}

static struct span
value_of(struct span field)
{
	const size_t colon = span_index(field, ':');

	return span_trim(span_skip(field, colon < field.len ? colon + 1 : colon));
}

/* "[list] Re: x" → "Re: x"; also a mark that stands behind "Re: ". */
static bool
without_tag(struct header_trial *t, const struct dkim_field *f, struct dkim_damage *d)
{
	const struct span value = value_of(f->whole);
	const size_t close = span_index(value, ']');
	struct out out = { 0 };
	struct span inner = value;
	size_t open = span_index(value, '[');
	bool found = false;

	for (unsigned words = 0; words < 4 && !found; words++) { /* "[EXTERNAL] ", "***SPAM*** ", "(list 12) " */
		const size_t blank = span_index(inner, ' ');

		if (blank == inner.len)
			break;
		inner = span_trim(span_skip(inner, blank));
		found = altered(t, f, inner, d);
	}
	if (!found && open < close && close < value.len) {
		out_span(&out, span_first(value, open));
		out_span(&out, span_trim(span_skip(value, close + 1)));
		found = altered(t, f, arena_copy(t->m->arena, out_view(&out)), d);
	}
	out_deinit(&out);
	return found;
}

/* dkim-quoted-printable. RFC 6376 section 2.11 */
static struct span
decode_copy(struct arena *arena, struct span s)
{
	char *to = arena_take(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		const int high = s.at[i] == '=' && i + 2 < s.len + 0 ? ascii_hex_value(s.at[i + 1]) : -1;
		const int low = high >= 0 ? ascii_hex_value(s.at[i + 2]) : -1;

		if (s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\r' || s.at[i] == '\n')
			continue;
		to[n++] = low >= 0 ? (char)(high * 16 + low) : s.at[i];
		i += low >= 0 ? 2 : 0;
	}
	return (struct span){ to, n };
}

static bool
same_text(struct span a, struct span b)
{
	struct out x = { 0 }, y = { 0 };
	bool same;

	canonical_header(&x, CANONICALIZATION_RELAXED, a, (struct span){ "", 0 });
	canonical_header(&y, CANONICALIZATION_RELAXED, b, (struct span){ "", 0 });
	same = span_equal(out_view(&x), out_view(&y));
	out_deinit(&x);
	out_deinit(&y);
	return same;
}

/* The first field that z= tells otherwise: it is what the signer saw. */
static bool
told_by_copy(struct header_trial *t, struct dkim_damage *d)
{
	struct span rest = t->check->signature.copied, item;

	while (tag_take_item(&rest, '|', &item)) {
		const size_t colon = span_index(item, ':');
		const struct span name = span_trim(span_first(item, colon));
		const struct dkim_field *last = NULL;
		struct span before;
		bool same = false;

		if (colon == item.len)
			continue;
		before = make_field(t->m->arena, name, decode_copy(t->m->arena, span_skip(item, colon + 1)));
		for (size_t i = 0; i < t->m->n_fields; i++)
			if (span_equal_folded(t->m->fields[i].name, name)) {
				last = &t->m->fields[i];
				same = same || same_text(last->whole, before);
			}
		if (!same) {
			d->header = last ? DKIM_HEADER_ALTERED : DKIM_HEADER_UNKNOWN;
			d->field = last ? last->whole : (struct span){ "", 0 };
			d->before = before;
			return true;
		}
	}
	return false;
}

static bool
changed_usually(struct header_trial *t, const struct dkim_field *f, struct dkim_damage *d)
{
	static const char *const encodings[] = { "7bit", "8bit", "quoted-printable", "base64" };

	if (span_equal_folded(f->name, span_of("subject")))
		return without_tag(t, f, d);
	if (span_equal_folded(f->name, span_of("content-transfer-encoding")))
		for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
			if (altered(t, f, span_of(encodings[i]), d))
				return true;
	if (span_equal_folded(f->name, span_of("from")))
		for (size_t i = 0; i < t->m->n_fields; i++)
			if ((span_equal_folded(t->m->fields[i].name, span_of("x-original-from")) ||
				span_equal_folded(t->m->fields[i].name, span_of("reply-to"))) &&
			    altered(t, f, value_of(t->m->fields[i].whole), d))
				return true;
	return false;
}

/* "Name: value" on one line, single blanks within: how most fields leave their author. */
static struct span
on_one_line(struct arena *arena, const struct dkim_field *f)
{
	struct out out = { 0 };
	struct span value;

	canonical_header(&out, CANONICALIZATION_RELAXED, f->whole, (struct span){ "", 0 });
	value = arena_copy(arena, value_of(out_view(&out)));
	out_deinit(&out);
	return make_field(arena, f->name, value);
}

/* Under "simple" a fold made on the way is a change: all of them undone, or one. */
static bool
folded_anew(struct header_trial *t, struct dkim_damage *d)
{
	struct dkim_message unfolded = *t->m;
	struct header_trial trial = *t;

	if (t->check->signature.header != CANONICALIZATION_SIMPLE)
		return false;
	unfolded.fields = arena_take(t->m->arena, t->m->n_fields * sizeof(*unfolded.fields));
	for (size_t i = 0; i < t->m->n_fields; i++) {
		unfolded.fields[i] = t->m->fields[i];
		if (t->m->fields[i].whole.at != t->check->field.at)
			unfolded.fields[i].whole = on_one_line(t->m->arena, &t->m->fields[i]);
	}
	trial.m = &unfolded;
	if (header_fits(&trial, &t->check->signature, NULL)) {
		d->header = DKIM_HEADER_BLANKS;
		return true;
	}
	for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX; i++) {
		const struct dkim_change change = { t->m->fields[i].whole, unfolded.fields[i].whole };

		if (is_signed(&t->check->signature, t->m->fields[i].name) &&
		    header_fits(t, &t->check->signature, &change)) {
			d->header = DKIM_HEADER_BLANKS;
			d->field = t->m->fields[i].whole;
			return true;
		}
	}
	return false;
}

static void
look_at_header(struct header_trial *t, struct dkim_damage *d)
{
	const struct dkim_signature *s = &t->check->signature;

	if (folded_anew(t, d))
		return;
	for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX; i++) {
		const struct dkim_field *f = &t->m->fields[i];
		const struct dkim_change without = { .field = f->whole, .before = { "", 0 } };

		if (f->whole.at == t->check->field.at || !is_signed(s, f->name))
			continue;
		if (header_fits(t, s, &without)) {
			d->header = DKIM_HEADER_ADDED;
			d->field = f->whole;
			return;
		}
		if (changed_usually(t, f, d))
			return;
	}
	told_by_copy(t, d);
}

/* The first name in h= of which the message has no field: it may have been taken out. */
static struct span
first_missing(const struct dkim_message *m, const struct dkim_signature *s)
{
	struct span rest = s->headers, name;

	while (tag_take_item(&rest, ':', &name)) {
		bool there = false;

		for (size_t i = 0; i < m->n_fields && !there; i++)
			there = span_equal_folded(m->fields[i].name, name);
		if (!there)
			return name;
	}
	return (struct span){ "", 0 };
}

void
dkim_look_at_damage(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *d)
{
	struct body_trial body = { .m = m, .s = &check->signature };
	struct header_trial header = { .m = m, .check = check };
	const char *problem;

	*d = (struct dkim_damage){ .added = { "", 0 }, .field = { "", 0 }, .before = { "", 0 }, .removed = { "", 0 } };
	if (!check->body_hash_matches)
		d->body = look_at_body(&body, d);
	out_deinit(&body.out);
	if (check->header_matches || check->key_bits == 0)
		return;
	d->header = DKIM_HEADER_UNKNOWN;
	d->removed = first_missing(m, &check->signature);
	header.key = crypto_read_key(m->crypto, check->key.kind, check->key.key, &problem);
	header.signature = mime_decode_base64(m->arena, check->signature.signature);
	if (header.key == NULL || m->header.len > DKIM_DAMAGE_HEADER_SIZE_MAX)
		return;
	header.recovered = crypto_recover(m->crypto, header.key, header.signature, &header.signed_hash);
	if (!header.recovered && check->key.kind == DKIM_KEY_RSA)
		d->header = DKIM_HEADER_OTHER_KEY;
	else
		look_at_header(&header, d);
}

bool
dkim_findings_collect(struct dkim_message *m, const struct dkim_evaluation *e, struct dns_answers *answers,
    struct dkim_findings *findings)
{
	unsigned looked_at = 0;
	bool known = true;

	for (size_t i = 0; i < e->n; i++) {
		const struct dkim_check *check = &e->checks[i];

		findings->damage[i] = (struct dkim_damage){ .body = DKIM_BODY_WHOLE };
		findings->search[i] = (struct dkim_key_search){ .damage = DKIM_KEY_OTHER, .name = { "", 0 } };
		if (check->result == DKIM_FAIL && looked_at++ < DKIM_DAMAGES_MAX)
			dkim_look_at_damage(m, check, &findings->damage[i]);
		if (check->result == DKIM_PERMERROR && check->key_name.len > 0 && dns_name_is_sound(check->key_name))
			known = dkim_search_key(m, check, answers, &findings->search[i]) && known;
	}
	return known;
}
