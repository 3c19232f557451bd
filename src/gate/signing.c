#include "gate/signing.h"

#include <stdlib.h>

#include "dns/idn.h"

static bool
fail(struct signing_fault *fault, unsigned line, const char *what, struct span at)
{
	*fault = (struct signing_fault){ .line = line, .what = what, .at = at };
	return false;
}

static struct span
take_word(struct span *s)
{
	struct span word;
	size_t n = 0;

	*s = span_trim(*s);
	while (n < s->len && !ascii_is_space(s->at[n]))
		n++;
	word = span_first(*s, n);
	*s = span_skip(*s, n);
	return word;
}

static bool
read_row(struct arena *arena, struct span line, signing_fetch *fetch, void *context, struct signing_key *k,
    struct signing_fault *fault)
{
	const struct span domain = take_word(&line), selector = take_word(&line), path = take_word(&line);
	struct span pem;

	if (path.len == 0 || span_trim(line).len > 0)
		return fail(fault, k->line, "a row has three columns: domain, selector, key file", domain);
	if (!idn_to_ascii(arena, domain, &k->domain))
		return fail(fault, k->line, "not a domain", domain);
	if (!idn_to_ascii(arena, selector, &k->selector))
		return fail(fault, k->line, "not a selector", selector);
	if (!fetch(context, arena, path, &pem))
		return fail(fault, k->line, "the key cannot be read", path);
	k->key = crypto_read_private(pem);
	if (k->key == NULL)
		return fail(fault, k->line, "not a private key in PEM, RSA or Ed25519, without a password", path);
	return true;
}

static int
compare_domains(struct span a, struct span b)
{
	const int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct signing_key *x = a, *y = b;
	const int order = compare_domains(x->domain, y->domain);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static size_t
count_lines(struct span text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += text.at[i] == '\n';
	return n;
}

bool
signing_table_read(struct arena *arena, struct span text, signing_fetch *fetch, void *context,
    struct signing_table *table, struct signing_fault *fault)
{
	const size_t lines = count_lines(text);
	unsigned line = 0;

	*table = (struct signing_table){ .n = 0 };
	if (lines > 2 * SIGNING_KEYS_MAX)
		return fail(fault, 0, "too many lines", (struct span){ "", 0 });
	table->keys = arena_take_items(arena, lines, sizeof(*table->keys));
	while (text.len > 0) {
		const size_t n = span_index(text, '\n');
		struct span row = span_first(text, n);

		text = span_skip(text, n < text.len ? n + 1 : n);
		line++;
		row = span_trim(span_first(row, span_index(row, '#')));
		if (row.len == 0)
			continue;
		table->keys[table->n].line = line;
		if (!read_row(arena, row, fetch, context, &table->keys[table->n], fault)) {
			signing_table_free(table);
			return false;
		}
		table->n++;
	}
	if (table->n > 0)
		qsort(table->keys, table->n, sizeof(*table->keys), compare_keys);
	return true;
}

void
signing_table_free(struct signing_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		crypto_free_private(table->keys[i].key);
	table->n = 0;
}

/* Where the first key of the domain stands, or would stand. */
static size_t
find_first(const struct signing_table *table, struct span domain)
{
	size_t low = 0, high = table->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_domains(table->keys[middle].domain, domain) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
signing_find(
    struct arena *arena, const struct signing_table *table, struct span domain, const struct signing_key **keys)
{
	struct span name;

	if (table == NULL || table->n == 0 || !idn_to_ascii(arena, domain, &name))
		return 0;
	while (name.len > 0) {
		const size_t first = find_first(table, name), dot = span_index(name, '.');
		size_t n = 0;

		while (n < SIGNING_KEYS_A_DOMAIN_MAX && first + n < table->n &&
		    span_equal(table->keys[first + n].domain, name))
			n++;
		*keys = &table->keys[first];
		if (n > 0)
			return n;
		name = span_skip(name, dot < name.len ? dot + 1 : dot);
	}
	return 0;
}
