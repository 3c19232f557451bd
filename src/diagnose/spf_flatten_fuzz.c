/* The first record of a scenario: flattened, it is a sound record within the ten look-ups. */
#include <stdlib.h>

#include "auth/fuzz_scenario.h"
#include "diagnose/spf_flatten.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 128 };

static struct span
find_record(const struct scenario *s, struct dns_answers *answers)
{
	const struct dns_answer *a = dns_answers_find(answers, s->domain, DNS_TXT);

	return a != NULL && a->n_records > 0 ? a->records[0].data : (struct span){ "", 0 };
}

static void
look(const struct scenario *s, struct dns_answers *answers, struct span text)
{
	struct spf_sample samples[SPF_SAMPLES_MAX];
	struct spf_flattened flat;
	struct spf_record record;
	unsigned rounds = 0;
	size_t n;

	while (!spf_flatten(s->arena, answers, s->domain, text, &flat)) {
		if (rounds++ == ROUNDS_MAX || answers->n_wanted == 0)
			abort();
		zone_answer(&s->zone, answers);
	}
	if (flat.text.len > SPF_FLATTEN_SIZE_MAX || flat.n_replaced > SPF_FLATTEN_REPLACED_MAX)
		abort();
	if (flat.text.len > 0 && (flat.lookups > SPF_LOOKUPS_MAX || !spf_record_parse(s->arena, flat.text, &record)))
		abort();
	while (!spf_sample(s->arena, answers, s->domain, text, samples, &n)) {
		if (rounds++ == 2 * ROUNDS_MAX || answers->n_wanted == 0)
			abort();
		zone_answer(&s->zone, answers);
	}
	if (n > SPF_SAMPLES_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct dns_answers *answers = arena_take(&arena, sizeof(*answers));
	struct spf_record record;
	struct scenario s;
	struct span text;

	dns_answers_init(answers, &arena);
	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size })) {
		find_record(&s, answers);
		zone_answer(&s.zone, answers);
		text = find_record(&s, answers);
		if (spf_record_is(text) && spf_record_parse(&arena, text, &record))
			look(&s, answers, text);
	}
	scenario_end(&s);
	return 0;
}
