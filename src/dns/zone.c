#include "dns/zone.h"

#include <stdlib.h>

#include "grammar/ip_address.h"

enum { TOKENS_MAX = 256, SERVFAIL = 0xff00 };

struct zone_entry {
	struct span name; /* in lower case, no dot at its end */
	unsigned type; /* enum dns_type, or SERVFAIL */
	uint32_t ttl;
	struct dns_record record;
};

struct token {
	struct span text; /* quotes and escapes are gone */
	bool quoted;
};

struct reader {
	struct zone *z;
	struct zone_fault *fault;
	struct span rest, origin, owner;
	uint32_t ttl;
	unsigned line, first_line; /* where the entry being read began */
	struct token tokens[TOKENS_MAX];
	size_t n_tokens;
	bool blank_first; /* the entry began with a blank: the last owner's */
};

static bool
blame(struct reader *r, const char *what, struct span detail)
{
	*r->fault = (struct zone_fault){ r->first_line, what, detail };
	return false;
}

/* "\." and "\046". RFC 1035 section 5.1 */
static char
take_escaped(struct span *s)
{
	uint16_t n = 0;
	struct span three = span_first(*s, 3);

	if (three.len == 3 && span_take_digits(&three, 3, 3, &n) && n < 256) {
		*s = span_skip(*s, 3);
		return (char)n;
	}
	if (s->len == 0)
		return '\\';
	*s = span_skip(*s, 1);
	return s->at[-1];
}

static bool
take_token(struct reader *r)
{
	const bool quoted = span_take_char(&r->rest, '"');
	char *to = arena_take(r->z->arena, r->rest.len < 65536 ? r->rest.len + 1 : 65536);
	size_t n = 0;

	while (r->rest.len > 0 && n < 65535) {
		char c = r->rest.at[0];

		if (quoted ? c == '"'
			   : ascii_is_line_blank(c) || c == '\n' || c == ';' || c == '(' || c == ')' || c == '"')
			break;
		r->rest = span_skip(r->rest, 1);
		r->line += c == '\n';
		to[n++] = c == '\\' ? take_escaped(&r->rest) : c;
	}
	if (quoted && !span_take_char(&r->rest, '"'))
		return blame(r, "a string is not closed", (struct span){ "", 0 });
	if (r->n_tokens == TOKENS_MAX)
		return blame(r, "an entry is too long", (struct span){ "", 0 });
	arena_grow(r->z->arena, to, r->rest.len < 65536 ? r->rest.len + 1 : 65536, n + 1);
	r->tokens[r->n_tokens++] = (struct token){ { to, n }, quoted };
	return true;
}

/* Reads one entry's tokens: to the line's end, or past it within parentheses. */
static bool
read_entry(struct reader *r)
{
	unsigned depth = 0;

	r->n_tokens = 0;
	r->first_line = r->line;
	r->blank_first = r->rest.len > 0 && ascii_is_line_blank(r->rest.at[0]);
	while (r->rest.len > 0) {
		char c = r->rest.at[0];

		if (c == '\n' && depth == 0) {
			r->rest = span_skip(r->rest, 1);
			r->line++;
			return true;
		}
		if (c == ';')
			r->rest = span_skip(r->rest, span_index(r->rest, '\n'));
		else if (ascii_is_line_blank(c) || c == '\n' || c == '(' || c == ')') {
			depth += c == '(';
			depth -= c == ')' && depth > 0;
			r->line += c == '\n';
			r->rest = span_skip(r->rest, 1);
		} else if (!take_token(r)) {
			return false;
		}
	}
	return depth == 0 || blame(r, "a parenthesis is not closed", (struct span){ "", 0 });
}

/* Relative to the origin, "@" is the origin itself. */
static struct span
absolute(struct reader *r, struct span name)
{
	char *to;
	size_t n;

	if (span_equal(name, span_of("@")))
		return r->origin;
	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	else if (r->origin.len > 0) {
		to = arena_take(r->z->arena, name.len + 1 + r->origin.len);
		memcpy(to, name.at, name.len);
		to[name.len] = '.';
		memcpy(to + name.len + 1, r->origin.at, r->origin.len);
		name = (struct span){ to, name.len + 1 + r->origin.len };
	}
	to = arena_take(r->z->arena, name.len + 1);
	for (n = 0; n < name.len; n++)
		to[n] = ascii_lower(name.at[n]);
	return (struct span){ to, n };
}

/* "3600", "1h30m" */
static bool
read_ttl(struct span s, uint32_t *ttl)
{
	uint64_t all = 0;

	while (s.len > 0) {
		uint64_t n = 0;
		size_t digits = 0;

		for (; digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9'; digits++)
			n = n * 10 + (uint64_t)(s.at[digits] - '0');
		if (digits == 0 || digits > 10)
			return false;
		s = span_skip(s, digits);
		if (s.len > 0) {
			switch (ascii_lower(s.at[0])) {
			case 's': break;
			case 'm': n *= 60; break;
			case 'h': n *= 3600; break;
			case 'd': n *= 86400; break;
			case 'w': n *= 604800; break;
			default: return false;
			}
			s = span_skip(s, 1);
		}
		all += n;
	}
	*ttl = (uint32_t)(all < UINT32_MAX ? all : UINT32_MAX);
	return true;
}

static bool
read_type(struct span s, unsigned *type)
{
	static const enum dns_type known[] = { DNS_A, DNS_AAAA, DNS_CNAME, DNS_MX, DNS_NS, DNS_PTR, DNS_TXT };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_equal_folded(s, span_of(dns_type_name(known[i])))) {
			*type = known[i];
			return true;
		}
	*type = SERVFAIL;
	return span_equal_folded(s, span_of("SERVFAIL"));
}

static struct span
joined(struct reader *r, size_t from)
{
	size_t len = 0, n = 0;
	char *to;

	for (size_t i = from; i < r->n_tokens; i++)
		len += r->tokens[i].text.len;
	to = arena_take(r->z->arena, len + 1);
	for (size_t i = from; i < r->n_tokens; i++) {
		memcpy(to + n, r->tokens[i].text.at, r->tokens[i].text.len);
		n += r->tokens[i].text.len;
	}
	return (struct span){ to, len };
}

static bool
read_address(struct reader *r, struct span text, bool is_v6, struct dns_record *record)
{
	uint8_t *bytes = arena_take(r->z->arena, 16);
	struct span rest = text;

	if (is_v6 ? !ip_address_read_v6(text, bytes) : !ip_address_take_v4(&rest, bytes) || rest.len > 0)
		return blame(r, "not an address", text);
	record->data = (struct span){ (const char *)bytes, is_v6 ? 16 : 4 };
	return true;
}

/* RFC 1035 section 3.3; AAAA: RFC 3596 section 2.4 */
static bool
read_data(struct reader *r, unsigned type, size_t at, struct dns_record *record)
{
	const size_t n = r->n_tokens - at;
	struct span first = n > 0 ? r->tokens[at].text : (struct span){ "", 0 };

	*record = (struct dns_record){ .data = { "", 0 } };
	if (type == SERVFAIL)
		return n == 0 || blame(r, "SERVFAIL takes nothing", first);
	if (n == 0)
		return blame(r, "the data is missing", (struct span){ "", 0 });
	switch (type) {
	case DNS_A: return read_address(r, first, false, record);
	case DNS_AAAA: return read_address(r, first, true, record);
	case DNS_TXT: record->data = joined(r, at); return true;
	case DNS_MX:
		if (n != 2 || !span_take_digits(&first, 1, 5, &record->preference) || first.len > 0)
			return blame(r, "MX takes a number and a name", first);
		record->data = absolute(r, r->tokens[at + 1].text);
		return true;
	default: record->data = absolute(r, first); return true;
	}
}

static bool
add(struct reader *r, const struct zone_entry *e)
{
	struct zone *z = r->z;

	if (z->n == ZONE_RECORDS_MAX)
		return blame(r, "too many records", (struct span){ "", 0 });
	if (z->n == z->room) {
		size_t more = z->room ? z->room * 2 : 64;

		z->entries = arena_grow(z->arena, z->entries, z->room * sizeof(*e), more * sizeof(*e));
		z->room = more;
	}
	z->entries[z->n++] = *e;
	return true;
}

static bool
read_directive(struct reader *r)
{
	struct span name = r->tokens[0].text;

	if (r->n_tokens == 2 && span_equal_folded(name, span_of("$ORIGIN"))) {
		r->origin = absolute(r, r->tokens[1].text);
		return true;
	}
	if (r->n_tokens == 2 && span_equal_folded(name, span_of("$TTL")))
		return read_ttl(r->tokens[1].text, &r->ttl) || blame(r, "not a time to live", r->tokens[1].text);
	return blame(r, "no such directive", name);
}

/* [owner] [TTL] [class] type data, TTL and class in either order */
static bool
read_record(struct reader *r)
{
	struct zone_entry e = { .ttl = r->ttl };
	size_t at = 0;

	if (!r->blank_first)
		r->owner = absolute(r, r->tokens[at++].text);
	if (r->owner.at == NULL)
		return blame(r, "a record without a name", (struct span){ "", 0 });
	for (size_t i = 0; i < 2 && at < r->n_tokens; i++)
		if (span_equal_folded(r->tokens[at].text, span_of("IN")) ||
		    (r->tokens[at].text.len > 0 && r->tokens[at].text.at[0] >= '0' && r->tokens[at].text.at[0] <= '9' &&
			read_ttl(r->tokens[at].text, &e.ttl)))
			at++;
	if (at == r->n_tokens)
		return blame(r, "a record without a type", (struct span){ "", 0 });
	if (!read_type(r->tokens[at].text, &e.type))
		return true; /* a type that nobody here asks for */
	e.name = r->owner;
	return read_data(r, e.type, at + 1, &e.record) && add(r, &e);
}

static int
compare_spans(struct span a, struct span b)
{
	int c = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

	return c != 0 ? c : a.len < b.len ? -1 : a.len > b.len;
}

static int
compare_entries(const void *a, const void *b)
{
	return compare_spans(((const struct zone_entry *)a)->name, ((const struct zone_entry *)b)->name);
}

/* By merging, which keeps the order of a name's records; qsort does not. */
static void
sort(struct zone *z)
{
	struct zone_entry *from = z->entries, *to = arena_take(z->arena, (z->n + 1) * sizeof(*to));

	for (size_t width = 1; width < z->n; width *= 2) {
		for (size_t start = 0; start < z->n; start += 2 * width) {
			size_t middle = start + width < z->n ? start + width : z->n;
			size_t end = start + 2 * width < z->n ? start + 2 * width : z->n, i = start, k = middle;

			for (size_t n = start; n < end; n++)
				to[n] = i < middle && (k == end || compare_entries(&from[i], &from[k]) <= 0)
				    ? from[i++]
				    : from[k++];
		}
		struct zone_entry *other = from;
		from = to;
		to = other;
	}
	z->entries = from;
}

static int
compare_names(const void *a, const void *b)
{
	return compare_spans(*(const struct span *)a, *(const struct span *)b);
}

static struct span
without_label(struct span name)
{
	const size_t dot = span_index(name, '.');

	return span_skip(name, dot < name.len ? dot + 1 : dot);
}

/* Every name with records, and every one above it. RFC 4592 section 2.2.2 */
static void
collect_names(struct zone *z)
{
	size_t room = 0, n = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < z->n; i++) {
			struct span name = z->entries[i].name;

			if (i > 0 && span_equal(name, z->entries[i - 1].name))
				continue;
			for (; name.len > 0; name = without_label(name)) {
				if (pass == 0)
					room++;
				else
					z->names[n++] = name;
			}
		}
		if (pass == 0)
			z->names = arena_take_items(z->arena, room + 1, sizeof(*z->names));
	}
	if (n > 0)
		qsort(z->names, n, sizeof(*z->names), compare_names);
	for (size_t i = 0; i < n; i++)
		if (z->n_names == 0 || !span_equal(z->names[z->n_names - 1], z->names[i]))
			z->names[z->n_names++] = z->names[i];
}

bool
zone_parse(struct arena *arena, struct span text, struct zone *z, struct zone_fault *fault)
{
	struct reader r = { .z = z, .fault = fault, .rest = text, .origin = { "", 0 }, .ttl = 3600, .line = 1 };

	*z = (struct zone){ .arena = arena };
	*fault = (struct zone_fault){ 0 };
	if (text.len > ZONE_SIZE_MAX)
		return blame(&r, "the zone is too long", (struct span){ "", 0 });
	while (r.rest.len > 0) {
		if (!read_entry(&r))
			return false;
		if (r.n_tokens > 0 &&
		    !(r.tokens[0].text.len > 0 && r.tokens[0].text.at[0] == '$' ? read_directive(&r) : read_record(&r)))
			return false;
	}
	sort(z);
	collect_names(z);
	return true;
}

/* The first entry of a name, or where it would stand. */
static size_t
find(const struct zone *z, struct span name)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_spans(z->entries[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the name is there, if only because one below it is. */
static bool
exists(const struct zone *z, struct span name)
{
	return z->n_names > 0 && bsearch(&name, z->names, z->n_names, sizeof(*z->names), compare_names) != NULL;
}

/* The entries that answer for a name: its own, else its wildcard's. */
static size_t
source_of(const struct zone *z, struct span name, struct span *source, char *wildcard)
{
	size_t at = find(z, name);

	*source = name;
	if ((at < z->n && span_equal(z->entries[at].name, name)) || exists(z, name))
		return at;
	for (struct span rest = name; span_index(rest, '.') < rest.len;) {
		rest = span_skip(rest, span_index(rest, '.') + 1);
		wildcard[0] = '*';
		wildcard[1] = '.';
		memcpy(wildcard + 2, rest.at, rest.len);
		*source = (struct span){ wildcard, rest.len + 2 };
		at = find(z, *source);
		if (at < z->n && span_equal(z->entries[at].name, *source))
			return at;
		if (exists(z, rest))
			break; /* the closest encloser has no wildcard. RFC 4592 section 3.3.1 */
	}
	return z->n;
}

static void
answer_one(const struct zone *z, struct dns_answers *answers, const struct dns_question *question)
{
	struct dns_answer a = {
		.name = question->name, .type = question->type, .result = DNS_NO_DATA, .ttl = UINT32_MAX
	};
	struct dns_record *records = NULL;
	char wildcard[DNS_NAME_SIZE_MAX + 8];
	struct span name = question->name, source;
	size_t room = 0;

	for (unsigned hops = 0; hops <= ZONE_CNAMES_MAX; hops++) {
		struct span target = { NULL, 0 };
		size_t at = name.len > DNS_NAME_SIZE_MAX ? z->n : source_of(z, name, &source, wildcard);

		if (at == z->n && (name.len > DNS_NAME_SIZE_MAX || !exists(z, name))) {
			a.result = DNS_NO_NAME;
			break;
		}
		for (; at < z->n && span_equal(z->entries[at].name, source); at++) {
			const struct zone_entry *e = &z->entries[at];

			if (e->type == SERVFAIL)
				a.result = DNS_FAILED;
			if (e->type == DNS_CNAME && question->type != DNS_CNAME)
				target = e->record.data;
			if (e->type != question->type)
				continue;
			if (a.n_records == room) {
				size_t more = room ? room * 2 : 16;

				records = arena_grow(
				    answers->arena, records, room * sizeof(*records), more * sizeof(*records));
				room = more;
			}
			records[a.n_records++] = e->record;
			a.ttl = e->ttl < a.ttl ? e->ttl : a.ttl;
		}
		if (target.at == NULL || a.n_records > 0 || a.result == DNS_FAILED)
			break;
		name = target;
		if (hops == ZONE_CNAMES_MAX)
			a.result = DNS_FAILED; /* a loop */
	}
	if (a.n_records > 0)
		a.result = DNS_ANSWERED;
	a.records = records;
	dns_answers_put(answers, &a);
}

void
zone_answer(const struct zone *z, struct dns_answers *answers)
{
	for (size_t i = 0; i < answers->n_wanted; i++)
		answer_one(z, answers, &answers->wanted[i]);
	answers->n_wanted = 0;
}
