/* Zone text: whatever it answers is sound, is what it answers again, and outlives being written as evidence. */
#include <stdlib.h>

#include "dns/evidence.h"
#include "dns/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAMES_MAX = 32, NOW = 1764000000 };

static const enum dns_type types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_PTR, DNS_MX, DNS_TXT, DNS_AAAA };
enum { TYPES = sizeof(types) / sizeof(types[0]) };

static void
want_all(struct dns_answers *answers, struct span name)
{
	for (size_t i = 0; i < TYPES; i++)
		if (dns_name_is_sound(name))
			dns_answers_find(answers, name, types[i]);
}

static bool
is_sound(const struct dns_answer *a)
{
	bool sound = (a->result == DNS_ANSWERED) == (a->n_records > 0);

	for (size_t i = 0; i < a->n_records; i++)
		sound = sound && (a->type != DNS_A || a->records[i].data.len == 4) &&
		    (a->type != DNS_AAAA || a->records[i].data.len == 16);
	return sound;
}

static void
ask(const struct zone *z, struct dns_answers *answers, struct span known, struct span text)
{
	struct span word;

	for (size_t i = 0; i < z->n_names && i < NAMES_MAX; i++)
		want_all(answers, z->names[i]);
	zone_answer(z, answers);
	want_all(answers, known);
	for (size_t i = 0; i < NAMES_MAX && text.len > 0; i++) { /* names that are not there, and those under a * */
		word = span_first(text, span_index(text, ' '));
		text = span_skip(text, word.len < text.len ? word.len + 1 : word.len);
		want_all(answers, word);
		zone_answer(z, answers);
	}
	zone_answer(z, answers);
}

/* Read again from evidence. */
static void
replay(struct arena *arena, const struct dns_answers *answers)
{
	struct dns_answers *again = arena_take(arena, sizeof(*again));
	struct evidence_fault fault;
	struct out out = { 0 };
	uint64_t now;

	dns_answers_init(again, arena);
	evidence_write(&out, answers, NOW);
	if (!evidence_parse(out_view(&out), again, &now, &fault) || now != NOW || again->n != answers->n)
		abort();
	out_deinit(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { (const char *)data, size };
	struct arena arena = { 0 };
	struct dns_answers *answers = arena_take(&arena, sizeof(*answers));
	struct zone_fault fault = { 0 };
	struct zone zone;

	dns_answers_init(answers, &arena);
	if (zone_parse(&arena, text, &zone, &fault)) {
		ask(&zone, answers, span_of("a.b.example.jp"), text);
		for (size_t i = 0; i < answers->n; i++)
			if (!is_sound(&answers->all[i]))
				abort();
		replay(&arena, answers);
	} else if (fault.line == 0 || fault.what == NULL) {
		abort();
	}
	arena_deinit(&arena);
	return 0;
}
