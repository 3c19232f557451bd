#include "dns/answers.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 256 };

static const struct {
	enum dns_type type;
	const char *name;
} types[] = { { DNS_A, "A" }, { DNS_NS, "NS" }, { DNS_CNAME, "CNAME" }, { DNS_SOA, "SOA" }, { DNS_PTR, "PTR" },
	{ DNS_MX, "MX" }, { DNS_TXT, "TXT" }, { DNS_AAAA, "AAAA" } };

const char *
dns_type_name(enum dns_type type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].name;
	return "?";
}

static struct span
without_dot(struct span name)
{
	return name.len > 0 && name.at[name.len - 1] == '.' ? span_first(name, name.len - 1) : name;
}

bool
dns_name_is_sound(struct span name)
{
	name = without_dot(name);
	if (name.len == 0 || name.len > DNS_NAME_SIZE_MAX)
		return false;
	for (;;) {
		size_t n = span_index(name, '.');

		if (n == 0 || n > DNS_LABEL_SIZE_MAX)
			return false;
		if (n == name.len)
			return true;
		name = span_skip(name, n + 1);
	}
}

void
dns_answers_init(struct dns_answers *answers, struct arena *arena)
{
	*answers = (struct dns_answers){ .arena = arena };
	answers->n_slots = SLOTS_FIRST;
	answers->slots = arena_take_items(arena, answers->n_slots, sizeof(*answers->slots));
}

static uint32_t
hash_of(struct span name, enum dns_type type)
{
	uint32_t h = 2166136261u + (uint32_t)type;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)ascii_lower(name.at[i])) * 16777619u;
	return h ^ h >> 15;
}

static uint32_t *
slot_of(const struct dns_answers *answers, struct span name, enum dns_type type)
{
	uint32_t i = hash_of(name, type) % answers->n_slots;

	for (; answers->slots[i] != 0; i = (i + 1) % answers->n_slots) {
		const struct dns_answer *a = &answers->all[answers->slots[i] - 1];

		if (a->type == type && span_equal_folded(a->name, name))
			break;
	}
	return &answers->slots[i];
}

/* At most half of the slots are taken. */
static void
grow_slots(struct dns_answers *answers)
{
	answers->n_slots *= 2;
	answers->slots = arena_take_items(answers->arena, answers->n_slots, sizeof(*answers->slots));
	for (size_t i = 0; i < answers->n; i++)
		*slot_of(answers, answers->all[i].name, answers->all[i].type) = (uint32_t)i + 1;
}

static struct span
copy_lower(struct arena *arena, struct span s)
{
	struct span copy = arena_copy(arena, s);
	char *at = (char *)copy.at;

	for (size_t i = 0; i < copy.len; i++)
		at[i] = ascii_lower(at[i]);
	return copy;
}

static int
compare_records(const void *a, const void *b)
{
	const struct dns_record *x = *(const struct dns_record *const *)a, *y = *(const struct dns_record *const *)b;
	const size_t n = x->data.len < y->data.len ? x->data.len : y->data.len;
	const int order = n > 0 ? memcmp(x->data.at, y->data.at, n) : 0;

	if (order != 0 || x->data.len != y->data.len)
		return order ? order : x->data.len < y->data.len ? -1 : 1;
	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return x < y ? -1 : x > y; /* the first of equals stays the first */
}

/* An RRset holds each record once, so two that are equal are one. RFC 2181 section 5 */
static size_t
copy_records(struct arena *arena, const struct dns_answer *answer, struct dns_record *to)
{
	const struct dns_record **sorted = arena_take_items(arena, answer->n_records + 1, sizeof(*sorted));
	bool *again = arena_take_items(arena, answer->n_records + 1, sizeof(*again));
	size_t n = 0;

	for (size_t i = 0; i < answer->n_records; i++)
		sorted[i] = &answer->records[i];
	qsort(sorted, answer->n_records, sizeof(*sorted), compare_records);
	for (size_t i = 1; i < answer->n_records; i++)
		again[sorted[i] - answer->records] = sorted[i]->preference == sorted[i - 1]->preference &&
		    span_equal(sorted[i]->data, sorted[i - 1]->data);
	for (size_t i = 0; i < answer->n_records; i++)
		if (!again[i]) {
			to[n] = answer->records[i];
			to[n++].data = arena_copy(arena, answer->records[i].data);
		}
	return n;
}

bool
dns_answers_put(struct dns_answers *answers, const struct dns_answer *answer)
{
	const struct span name = without_dot(answer->name);
	uint32_t *slot = slot_of(answers, name, answer->type);
	struct dns_record *records = arena_take_items(answers->arena, answer->n_records + 1, sizeof(*records));
	struct dns_answer *to;

	if (*slot == 0) {
		if (answers->n == DNS_ANSWERS_MAX)
			return false;
		if (answers->n == answers->room) {
			size_t more = answers->room ? answers->room * 2 : 64;

			answers->all = arena_grow(
			    answers->arena, answers->all, answers->room * sizeof(*to), more * sizeof(*to));
			answers->room = more;
		}
		*slot = (uint32_t)++answers->n;
	}
	to = &answers->all[*slot - 1];
	*to = *answer;
	to->name = copy_lower(answers->arena, name);
	to->records = records;
	if (2 * answers->n > answers->n_slots)
		grow_slots(answers);
	to->n_records = copy_records(answers->arena, answer, records);
	return true;
}

static void
want(struct dns_answers *answers, struct span name, enum dns_type type)
{
	for (size_t i = 0; i < answers->n_wanted; i++)
		if (answers->wanted[i].type == type && span_equal_folded(answers->wanted[i].name, name))
			return;
	if (answers->n_wanted < DNS_WANTED_MAX)
		answers->wanted[answers->n_wanted++] = (struct dns_question){ copy_lower(answers->arena, name), type };
}

const struct dns_answer *
dns_answers_find(struct dns_answers *answers, struct span name, enum dns_type type)
{
	uint32_t slot;

	name = without_dot(name);
	slot = *slot_of(answers, name, type);
	if (slot != 0)
		return &answers->all[slot - 1];
	want(answers, name, type);
	return NULL;
}
