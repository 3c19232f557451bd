#include "auth/dkim_header_damage.h"

#include "auth/canonical.h"
#include "grammar/transfer_encoding.h"
#include "message/header.h"
#include "message/mailbox.h"

enum { GUESSES_MAX = 24, GROUPS_MAX = 8, TOGETHER_MAX = 3 };

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

/* What one field may have been; empty: nothing, it was added. */
struct guesses {
	const struct dkim_field *field;
	struct span before[GUESSES_MAX];
	size_t n;
};

/* Several fields at once. */
struct search {
	struct guesses *groups;
	size_t n;
	struct dkim_change chosen[TOGETHER_MAX];
	size_t n_chosen;
};

static bool
is_what_was_signed(struct header_trial *t, const struct dkim_signature *s, struct span field,
    const struct dkim_change *changes, size_t n)
{
	struct out out = { 0 };
	struct crypto_hash hash;

	if (t->trials >= DKIM_DAMAGE_TRIALS_MAX)
		return false;
	t->trials++;
	dkim_put_headers(t->m, s, field, changes, n, &out);
	hash = dkim_hash(t->m, out_view(&out));
	out_deinit(&out);
	return t->recovered ? memcmp(hash.bytes, t->signed_hash.bytes, CRYPTO_HASH_SIZE) == 0
			    : crypto_verify(t->m->crypto, t->key, &hash, t->signature);
}

static bool
fits(struct header_trial *t, const struct dkim_change *changes, size_t n)
{
	return is_what_was_signed(t, &t->check->signature, t->check->field, changes, n);
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

static bool
is_called(const struct dkim_field *f, const char *name)
{
	return span_equal_folded(f->name, span_of(name));
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

static struct span
value_of(struct span field)
{
	const size_t colon = span_index(field, ':');

	return span_trim(span_skip(field, colon < field.len ? colon + 1 : colon));
}

static void
guess(struct header_trial *t, struct guesses *g, struct span value)
{
	if (g->n < GUESSES_MAX)
		g->before[g->n++] = make_field(t->m->arena, g->field->name, value);
}

static void
guess_nothing(struct guesses *g)
{
	if (g->n < GUESSES_MAX)
		g->before[g->n++] = (struct span){ "", 0 };
}

/* "[list] Re: x" → "Re: x", "[EXTERNAL] x", "***SPAM*** x", "(list 12) x"; also a mark that stands behind "Re: ". */
static void
guess_subject(struct header_trial *t, struct guesses *g)
{
	const struct span value = value_of(g->field->whole);
	const size_t close = span_index(value, ']'), open = span_index(value, '[');
	struct out out = { 0 };
	struct span inner = value;

	for (unsigned words = 0; words < 4; words++) {
		const size_t blank = span_index(inner, ' ');

		if (blank == inner.len)
			break;
		inner = span_trim(span_skip(inner, blank));
		guess(t, g, inner);
	}
	if (open < close && close < value.len) {
		out_span(&out, span_first(value, open));
		out_span(&out, span_trim(span_skip(value, close + 1)));
		guess(t, g, out_view(&out));
	}
	out_deinit(&out);
}

/* "'Sato, Taro' via Users" <users@lists.example.org> → Sato, Taro */
static struct span
name_before_list(struct span from)
{
	struct span name = span_trim(span_first(from, span_index(from, '<')));
	const char *via;

	if (name.len >= 2 && name.at[0] == '"' && name.at[name.len - 1] == '"')
		name = span_first(span_skip(name, 1), name.len - 2);
	via = name.len > 0 ? memmem(name.at, name.len, " via ", 5) : NULL;
	if (via != NULL)
		name.len = (size_t)(via - name.at);
	if (name.len >= 2 && name.at[0] == '\'' && name.at[name.len - 1] == '\'')
		name = span_first(span_skip(name, 1), name.len - 2);
	return name;
}

/* The author's name as the list kept it, with an address that it put elsewhere. */
static void
guess_named(struct header_trial *t, struct guesses *g, struct span name, struct span address)
{
	static const char *const around[][2] = { { "", "" }, { "\"", "\"" } };
	struct out out = { 0 };

	for (size_t i = 0; name.len > 0 && i < 2; i++) {
		out_clear(&out);
		out_str(&out, around[i][0]);
		out_span(&out, name);
		out_str(&out, around[i][1]);
		out_str(&out, " <");
		out_span(&out, address);
		out_char(&out, '>');
		guess(t, g, out_view(&out));
	}
	out_deinit(&out);
	guess(t, g, address);
}

/* One mailbox off a list, at a comma outside of quotes. */
static struct span
take_mailbox(struct span *list)
{
	bool quoted = false;
	size_t n = 0;
	struct span one;

	for (; n < list->len && (quoted || list->at[n] != ','); n++)
		quoted ^= list->at[n] == '"';
	one = span_trim(span_first(*list, n));
	*list = span_skip(*list, n < list->len ? n + 1 : n);
	return one;
}

/* Lists put their own address into From: and keep the author's in another field. RFC 9057 */
static void
guess_from(struct header_trial *t, struct guesses *g)
{
	static const char *const kept[] = { "x-original-from", "original-from", "x-google-original-from", "author",
		"x-from", "x-original-sender", "reply-to", "cc" };
	const struct span name = name_before_list(value_of(g->field->whole));

	for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
		for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX; i++) {
			struct span rest = value_of(t->m->fields[i].whole);

			if (!is_called(&t->m->fields[i], kept[k]))
				continue;
			for (unsigned n = 0; n < 4 && rest.len > 0; n++) {
				const struct span one = take_mailbox(&rest);
				const struct span address = mailbox_from_field(t->m->arena, one);

				guess(t, g, one);
				if (address.len > 0)
					guess_named(t, g, name, address);
			}
		}
}

/* What a relay or a mailing list usually does to a field. */
static void
guess_usual(struct header_trial *t, struct guesses *g)
{
	static const char *const encodings[] = { "7bit", "8bit", "quoted-printable", "base64" };

	if (is_called(g->field, "subject"))
		guess_subject(t, g);
	else if (is_called(g->field, "from"))
		guess_from(t, g);
	else if (is_called(g->field, "reply-to") || is_called(g->field, "sender") || is_called(g->field, "cc"))
		guess_nothing(g);
	for (size_t i = 0; is_called(g->field, "content-transfer-encoding") && i < 4; i++)
		guess(t, g, span_of(encodings[i]));
}

static bool
found(struct dkim_damage *d, const struct dkim_change *changes, size_t n)
{
	d->header = n == 1 && changes[0].before.len == 0 ? DKIM_HEADER_ADDED : DKIM_HEADER_ALTERED;
	for (size_t i = 0; i < n && d->n_changes < DKIM_CHANGES_MAX; i++)
		d->changes[d->n_changes++] = changes[i];
	return true;
}

/* So many fields changed at once, each as it may have been. */
static bool
combine(struct header_trial *t, struct search *s, size_t from, size_t together)
{
	if (together == 0)
		return fits(t, s->chosen, s->n_chosen);
	for (size_t g = from; g + together <= s->n; g++)
		for (size_t i = 0; i < s->groups[g].n; i++) {
			s->chosen[s->n_chosen++] = (struct dkim_change){ s->groups[g].field->whole,
				s->groups[g].before[i] };
			if (combine(t, s, g + 1, together - 1))
				return true;
			s->n_chosen--;
		}
	return false;
}

/* A list marks the subject and puts itself into From: at the same time, and adds Reply-To:. */
static bool
changed_together(struct header_trial *t, struct dkim_damage *d)
{
	struct search s = { .groups = arena_take_items(t->m->arena, GROUPS_MAX, sizeof(*s.groups)) };

	for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX && s.n < GROUPS_MAX; i++) {
		struct guesses *g = &s.groups[s.n];

		*g = (struct guesses){ .field = &t->m->fields[i] };
		if (t->m->fields[i].whole.at != t->check->field.at &&
		    is_signed(&t->check->signature, t->m->fields[i].name))
			guess_usual(t, g);
		s.n += g->n > 0;
	}
	for (size_t together = 2; together <= TOGETHER_MAX; together++)
		if (combine(t, &s, 0, together))
			return found(d, s.chosen, s.n_chosen);
	return false;
}

static bool
changed_alone(struct header_trial *t, struct dkim_damage *d)
{
	struct guesses *g = arena_take(t->m->arena, sizeof(*g));

	for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX; i++) {
		const struct dkim_field *f = &t->m->fields[i];

		if (f->whole.at == t->check->field.at || !is_signed(&t->check->signature, f->name))
			continue;
		*g = (struct guesses){ .field = f };
		guess_nothing(g);
		guess_usual(t, g);
		for (size_t k = 0; k < g->n; k++) {
			const struct dkim_change change = { f->whole, g->before[k] };

			if (fits(t, &change, 1))
				return found(d, &change, 1);
		}
	}
	return false;
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

/* The fields that z= tells otherwise: they are what the signer saw. RFC 6376 section 3.5 */
static void
told_by_copy(struct header_trial *t, struct dkim_damage *d)
{
	struct span rest = t->check->signature.copied, item;

	while (d->n_changes < DKIM_CHANGES_MAX && tag_take_item(&rest, '|', &item)) {
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
		if (same)
			continue;
		d->header = DKIM_HEADER_ALTERED;
		d->changes[d->n_changes++] = (struct dkim_change){ last ? last->whole : (struct span){ "", 0 },
			before };
	}
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
	if (fits(&trial, NULL, 0)) {
		d->header = DKIM_HEADER_BLANKS;
		return true;
	}
	for (size_t i = 0; i < t->m->n_fields && i < DKIM_DAMAGE_FIELDS_MAX; i++) {
		const struct dkim_change change = { t->m->fields[i].whole, unfolded.fields[i].whole };

		if (is_signed(&t->check->signature, t->m->fields[i].name) && fits(t, &change, 1)) {
			d->header = DKIM_HEADER_BLANKS;
			d->changes[d->n_changes++] = change;
			return true;
		}
	}
	return false;
}

/* bh= itself was damaged: with the hash of the body that is here the signature fits. */
static bool
hash_damaged(struct header_trial *t, struct dkim_damage *d)
{
	const struct dkim_signature *s = &t->check->signature;
	const struct crypto_hash hash = dkim_hash_body(t->m, s->body, s->has_length ? s->length : UINT64_MAX)->hash;
	const struct span whole = t->check->field, old = s->body_hash;
	struct dkim_signature sound;
	struct out out = { 0 };
	bool fitting;

	if (t->check->body_hash_matches)
		return false;
	out_span(&out, (struct span){ whole.at, (size_t)(old.at - whole.at) });
	out_span(&out, crypto_base64(t->m->arena, (struct span){ (const char *)hash.bytes, CRYPTO_HASH_SIZE }));
	out_span(&out, (struct span){ old.at + old.len, (size_t)(whole.at + whole.len - old.at - old.len) });
	fitting = dkim_signature_parse(DKIM_SIGNATURE, value_of(out_view(&out)), &sound) &&
	    is_what_was_signed(t, &sound, out_view(&out), NULL, 0);
	out_deinit(&out);
	if (!fitting)
		return false;
	d->body = DKIM_BODY_HASH_DAMAGED;
	d->header = DKIM_HEADER_WHOLE;
	return true;
}

/* Whether every mail has this field, so that its absence is news. RFC 5322 section 3.6, and custom */
static bool
is_always_there(struct span name)
{
	static const struct span names[] = { SPAN_INIT("message-id"), SPAN_INIT("date"), SPAN_INIT("subject"),
		SPAN_INIT("to"), SPAN_INIT("from") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(name, names[i]))
			return true;
	return false;
}

/* A name in h= of which the message has no field: it may have been taken out. One that every mail has goes first. */
static struct span
find_missing(const struct dkim_message *m, const struct dkim_signature *s)
{
	struct span rest = s->headers, name, first = { "", 0 };

	while (tag_take_item(&rest, ':', &name)) {
		bool there = false;

		for (size_t i = 0; i < m->n_fields && !there; i++)
			there = span_equal_folded(m->fields[i].name, name);
		if (!there && is_always_there(name))
			return name;
		if (!there && first.len == 0)
			first = name;
	}
	return first;
}

static void
look(struct header_trial *t, struct dkim_damage *d)
{
	if (folded_anew(t, d) || hash_damaged(t, d) || changed_alone(t, d) || changed_together(t, d))
		return;
	told_by_copy(t, d);
	if (d->header != DKIM_HEADER_UNKNOWN)
		return;
	if (is_always_there(d->removed))
		d->header = DKIM_HEADER_REMOVED;
	else if (!t->recovered)
		d->header = DKIM_HEADER_OR_KEY;
}

void
dkim_look_at_header(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *d)
{
	struct header_trial t = { .m = m, .check = check };
	enum problem problem;

	d->header = DKIM_HEADER_UNKNOWN;
	d->removed = find_missing(m, &check->signature);
	t.key = crypto_read_key(m->crypto, check->key.kind, check->key.key, &problem);
	t.signature = base64_decode(m->arena, check->signature.signature);
	if (t.key == NULL || m->header.len > DKIM_DAMAGE_HEADER_SIZE_MAX)
		return;
	t.recovered = crypto_recover(m->crypto, t.key, t.signature, &t.signed_hash);
	if (!t.recovered && check->key.kind == DKIM_KEY_RSA)
		d->header = DKIM_HEADER_OTHER_KEY;
	else
		look(&t, d);
	d->trials += t.trials;
}
