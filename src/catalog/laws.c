#include "catalog/laws.h"

#include "catalog/match.h"
#include "catalog/stanza.h"
#include "failure/diagnostic_code.h"

enum stage
catalog_stage_of(struct span command)
{
	static const struct {
		const char *begins;
		enum stage stage;
	} commands[] = { { "rcpt", STAGE_RCPT }, { "data", STAGE_DATA }, { "end of data", STAGE_DATA },
		{ ".", STAGE_DATA }, { "bdat", STAGE_DATA }, { "mail", STAGE_MAIL }, { "helo", STAGE_HELO },
		{ "ehlo", STAGE_HELO }, { "lhlo", STAGE_HELO }, { "auth", STAGE_AUTH }, { "conn", STAGE_CONNECT },
		{ "initial", STAGE_CONNECT }, { "starttls", STAGE_HELO } };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (span_starts_folded(command, commands[i].begins))
			return commands[i].stage;
	return STAGE_UNKNOWN;
}

/* A rule's only stage, so that its samples are judged at it. */
static enum stage
sample_stage(const struct rule_conditions *a, struct span command)
{
	enum stage said = catalog_stage_of(command);

	return said != STAGE_UNKNOWN ? said : (enum stage)a->stages;
}

static void
check_sample(struct arena *arena, const struct catalog *c, uint32_t i, const struct stanza_field *f,
    struct catalog_faults *faults)
{
	struct diagnostic_code d;
	struct catalog_scan scan;
	struct catalog_query q = { .provider = c->rules[i].provider, .provider_by_mark = true };
	struct catalog_match m, by_codes;

	diagnostic_code_read(arena, f->value, false, &d);
	q.code = d.code;
	q.status = d.status;
	q.stage = sample_stage(&c->conditions[i], d.command);
	catalog_scan(c, d.text, &scan);
	m = catalog_choose(c, &scan, &q, &by_codes);
	if (m.rule != &c->rules[i])
		catalog_fault_note(faults,
		    (struct catalog_fault){ c->conditions[i].file, f->line,
			m.rule ? "this sample is claimed by another rule" : "no rule claims this sample",
			m.rule ? m.rule->name : c->rules[i].name });
	else if (m.tied)
		catalog_fault_note(faults,
		    (struct catalog_fault){ c->conditions[i].file, f->line,
			"this sample is claimed by two rules of the same rank", c->rules[i].name });
}

bool
catalog_laws_check(
    struct arena *arena, const struct catalog *c, struct catalog_faults *faults, struct catalog_counts *counts)
{
	*counts = (struct catalog_counts){ c->n_causes, c->n_providers, c->n_rules, c->words.n, 0 };
	for (uint32_t i = 0; i < c->n_rules; i++) {
		struct stanza st = { c->rules[i].stanza, c->conditions[i].line };
		struct stanza_field f;

		while (stanza_take_field(&st, &f))
			if (span_equal(f.name, span_of("Sample"))) {
				check_sample(arena, c, i, &f, faults);
				counts->samples++;
			}
	}
	return faults->n == 0;
}
