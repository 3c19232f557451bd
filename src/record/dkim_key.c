#include "record/dkim_key.h"

#include "grammar/transfer_encoding.h"

static bool
fail(struct dkim_key *key, enum problem problem, struct span at)
{
	key->problem = problem;
	key->problem_at = at;
	return false;
}

static bool
lists(struct span list, const char *wanted)
{
	struct span item;

	while (tag_take_item(&list, ':', &item))
		if (span_equal_folded(item, span_of(wanted)))
			return true;
	return false;
}

bool
dkim_key_allows(const struct dkim_key *key, const char *hash)
{
	return key->hashes.len == 0 || lists(key->hashes, hash);
}

bool
dkim_key_is(struct span text)
{
	struct tag_list tags;

	tag_list_parse(text, &tags);
	return tag_list_find(&tags, "p") != NULL || span_starts_folded(span_trim(text), "v=DKIM1");
}

/* Base64 and nothing else: what DNS editors leave in it is a fault worth a word. */
static enum problem
foreign_byte(struct span p, struct span *at)
{
	if (tag_is_base64(p))
		return PROBLEM_NONE;
	for (size_t i = 0; i < p.len; i++) {
		const char c = p.at[i], l = ascii_lower(c);

		*at = (struct span){ p.at + i, 1 };
		if (c == '"')
			return PROBLEM_KEY_QUOTE;
		if (c == '\\')
			return PROBLEM_KEY_BACKSLASH;
		if (!(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9') && c != '+' && c != '/' && c != '=')
			return PROBLEM_KEY_BASE64;
	}
	return PROBLEM_NONE;
}

static bool
read_flags(const struct tag_list *tags, struct dkim_key *key)
{
	const struct tag *s = tag_list_find(tags, "s"), *h = tag_list_find(tags, "h");

	key->testing = lists(tag_list_value(tags, "t"), "y");
	key->strict = lists(tag_list_value(tags, "t"), "s");
	key->for_mail = s == NULL || lists(s->value, "*") || lists(s->value, "email");
	key->hashes = h ? h->value : (struct span){ "", 0 };
	if (h != NULL && h->value.len == 0)
		return fail(key, PROBLEM_KEY_NO_HASH, h->name);
	return true;
}

static bool
read_kind(const struct tag_list *tags, struct dkim_key *key)
{
	const struct tag *k = tag_list_find(tags, "k");

	key->kind_name = k ? k->value : span_of("rsa");
	key->kind = span_equal_folded(key->kind_name, span_of("rsa")) ? DKIM_KEY_RSA
	    : span_equal_folded(key->kind_name, span_of("ed25519"))   ? DKIM_KEY_ED25519
								      : DKIM_KEY_UNKNOWN;
	return key->kind != DKIM_KEY_UNKNOWN || fail(key, PROBLEM_KEY_KIND, key->kind_name);
}

bool
dkim_key_parse(struct arena *arena, struct span text, struct dkim_key *key)
{
	const struct tag *v, *p;
	struct tag_list tags;
	enum problem foreign;
	struct span base64, at;

	*key = (struct dkim_key){
		.key = { "", 0 }, .hashes = { "", 0 }, .kind_name = { "", 0 }, .problem_at = { "", 0 }
	};
	if (!tag_list_parse(text, &tags))
		return fail(key, tags.problem, tags.problem_at);
	v = tag_list_find(&tags, "v");
	if (v != NULL && (v != &tags.tags[0] || !span_equal(v->value, span_of("DKIM1"))))
		return fail(key, PROBLEM_KEY_VERSION, v->value);
	p = tag_list_find(&tags, "p");
	if (p == NULL)
		return fail(key, PROBLEM_NO_P, text);
	if (!read_kind(&tags, key) || !read_flags(&tags, key))
		return false;
	base64 = tag_without_blanks(arena, p->value);
	foreign = foreign_byte(base64, &at);
	if (foreign != PROBLEM_NONE)
		return fail(key, foreign, at);
	key->key = base64_decode(arena, base64);
	return true;
}
