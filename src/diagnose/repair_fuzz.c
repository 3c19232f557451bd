/* A scenario's SPF: a record that is handed out as proved passes when it stands there, within every limit. */
#include <stdlib.h>

#include "auth/fuzz_scenario.h"
#include "catalog/builtin.h"
#include "diagnose/repair.h"
#include "dns/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 128 };

static bool
answer(const struct scenario *s, struct dns_answers *answers, unsigned *rounds)
{
	if ((*rounds)++ == ROUNDS_MAX || answers->n_wanted == 0)
		abort();
	zone_answer(&s->zone, answers);
	return true;
}

static void
evaluate(const struct scenario *s, const struct spf_query *q, struct dns_answers *answers, struct spf_evaluation *e)
{
	unsigned rounds = 0;

	do
		spf_evaluate(s->arena, q, answers, e);
	while (e->result == SPF_NEEDS_ANSWERS && answer(s, answers, &rounds));
}

/* In place of what stands there, no other SPF record beside it. */
static void
check_proof(
    const struct scenario *s, const struct spf_query *q, struct dns_answers *answers, const struct repair_spf *r)
{
	struct dns_record record = { .data = r->after };
	struct spf_evaluation e;

	if (r->after.len == 0 || r->after.len > REPAIR_RECORD_MAX || r->proof.result != SPF_PASS)
		abort();
	dns_answers_put(answers,
	    &(struct dns_answer){
		.name = r->name, .type = DNS_TXT, .result = DNS_ANSWERED, .records = &record, .n_records = 1 });
	evaluate(s, q, answers, &e);
	if (e.result != SPF_PASS || e.lookups > SPF_LOOKUPS_MAX)
		abort();
}

static void
mend(const struct scenario *s)
{
	const struct spf_query q = {
		.ip = s->ip, .helo = s->helo, .mail_from = s->mail_from, .receiver = { "", 0 }, .now = SCENARIO_NOW
	};
	struct dns_answers *answers = arena_take(s->arena, sizeof(*answers));
	struct out before = { 0 }, behind = { 0 };
	struct spf_evaluation e;
	struct repair_spf repair;
	unsigned rounds = 0;

	dns_answers_init(answers, s->arena);
	evaluate(s, &q, answers, &e);
	while (!repair_spf(s->arena, &catalog_builtin, &q, answers, &e, &repair))
		answer(s, answers, &rounds);
	answers->n_wanted = 0;
	evidence_write(&before, answers, SCENARIO_NOW);
	if (!repair_spf(s->arena, &catalog_builtin, &q, answers, &e, &repair))
		abort();
	evidence_write(&behind, answers, SCENARIO_NOW);
	if (!span_equal(out_view(&before), out_view(&behind)))
		abort(); /* the answers are left as they were */
	if ((e.result == SPF_PASS) != (repair.obstacle == REPAIR_NOT_NEEDED))
		abort();
	if (repair.obstacle == REPAIR_NONE)
		check_proof(s, &q, answers, &repair);
	out_deinit(&before);
	out_deinit(&behind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct scenario s;

	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size }))
		mend(&s);
	scenario_end(&s);
	return 0;
}
