#include <stdlib.h>

#include "auth/spf.h"
#include "dns/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROUNDS_MAX = 200 };

/* A zone, and a first line that says who sends: whatever stands there, the limits hold and it ends. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest = { (const char *)data, len }, line;
	struct spf_query query = { .helo = span_of("mail.example.jp"), .ip = { { 192, 0, 2, 1 }, false } };
	struct spf_evaluation e = { .result = SPF_NEEDS_ANSWERS };
	struct arena arena = { 0 };
	struct dns_answers answers;
	struct zone_fault fault;
	struct zone zone;

	if (span_take_line(&rest, &line) && zone_parse(&arena, rest, &zone, &fault)) {
		query.mail_from = line;
		dns_answers_init(&answers, &arena);
		for (unsigned round = 0; e.result == SPF_NEEDS_ANSWERS; round++) {
			if (round == ROUNDS_MAX)
				abort(); /* each round brings answers */
			zone_answer(&zone, &answers);
			spf_evaluate(&arena, &query, &answers, &e);
		}
		if ((e.lookups > SPF_LOOKUPS_MAX || e.void_lookups > SPF_VOID_LOOKUPS_MAX) && e.result != SPF_PERMERROR)
			abort();
		if (e.n_steps > SPF_STEPS_MAX)
			abort();
	}
	arena_deinit(&arena);
	return 0;
}
