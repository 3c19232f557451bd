#include "dns/answers.h"

enum { SLOTS = 2 * DNS_ANSWERS_MAX };

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
	answers->slots = arena_take_items(arena, SLOTS, sizeof(*answers->slots));
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
	uint32_t i = hash_of(name, type) % SLOTS;

	for (; answers->slots[i] != 0; i = (i + 1) % SLOTS) {
		const struct dns_answer *a = &answers->all[answers->slots[i] - 1];

		if (a->type == type && span_equal_folded(a->name, name))
			break;
	}
	return &answers->slots[i];
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
	for (size_t i = 0; i < answer->n_records; i++) {
		records[i] = answer->records[i];
		records[i].data = arena_copy(answers->arena, answer->records[i].data);
	}
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
