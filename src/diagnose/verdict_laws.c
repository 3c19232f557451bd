#include "diagnose/verdict_laws.h"

#include "catalog/stanza.h"
#include "diagnose/verdict.h"
#include "failure/diagnostic_code.h"

/* A sample and where it stands. */
struct trial {
	struct arena arena;
	const struct catalog *catalog;
	struct catalog_faults *faults;
	const char *file;
	unsigned line;
	const struct rule *rule;
	struct verdict verdict;
	struct failure failure;
};

static void
blame(struct trial *t, bool kept, const char *law)
{
	if (!kept)
		catalog_fault_note(t->faults, (struct catalog_fault){ t->file, t->line, law, t->rule->name });
}

static void
judge(struct trial *t, struct span reply, const char *command)
{
	t->failure = (struct failure){ .told_by = FAILURE_REPLY, .reply = reply, .command = span_of(command) };
	verdict_reach(&t->arena, t->catalog, &t->failure, false, &t->verdict);
}

static void
try_before_recipient(struct trial *t, struct span reply)
{
	static const char *const commands[] = { "initial connection", "EHLO", "STARTTLS", "AUTH", "MAIL FROM" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct verdict *v = &t->verdict;

		judge(t, reply, commands[i]);
		blame(t, v->cause == NULL || !span_starts_folded(v->cause->name, "recipient."),
		    "said before RCPT TO, this sample speaks of a recipient");
		blame(t, v->suppress.when == SUPPRESS_NEVER, "said before RCPT TO, this sample condemns a recipient");
	}
}

/* "451 " or "550 " before the words. */
static struct span
coded(struct trial *t, const char *code, struct span words)
{
	char *to = arena_take(&t->arena, words.len + 4);

	memcpy(to, code, 4);
	memcpy(to + 4, words.at, words.len);
	return (struct span){ to, words.len + 4 };
}

static void
check_consistency(struct trial *t)
{
	const struct verdict *v = &t->verdict;
	const bool passes = v->cause != NULL && v->cause->says.permanence == PERMANENCE_TEMPORARY;

	blame(t, v->permanence != PERMANENCE_PERMANENT || v->retry.after == 0, "permanent, and to be tried again");
	blame(t, v->permanence != PERMANENCE_PERMANENT || !passes || v->remedy[0].at != v->cause->says.remedy[0].at,
	    "permanent, with a remedy for what passes by itself: the rule needs a Remedy of its own");
}

static void
try_classes(struct trial *t, struct span reply)
{
	struct diagnostic_code d;

	judge(t, reply, "");
	check_consistency(t);
	diagnostic_code_read(&t->arena, reply, false, &d);
	judge(t, coded(t, "451 ", d.text), "");
	check_consistency(t);
	blame(t, t->verdict.permanence == PERMANENCE_TEMPORARY, "deferred by 451, this sample is not temporary");
	blame(t, t->verdict.cause == NULL || t->verdict.retry.after > 0, "deferred by 451, this sample is not retried");
	judge(t, coded(t, "550 ", d.text), "");
	check_consistency(t);
}

bool
verdict_laws_check(const struct catalog *c, struct catalog_faults *faults)
{
	struct trial t = { .catalog = c, .faults = faults };

	for (uint32_t i = 0; i < c->n_rules; i++) {
		struct stanza st = { c->rules[i].stanza, c->conditions[i].line };
		struct stanza_field f;

		t.rule = &c->rules[i];
		t.file = c->conditions[i].file;
		while (stanza_take_field(&st, &f)) {
			if (!span_equal(f.name, span_of("Sample")))
				continue;
			t.line = f.line;
			try_before_recipient(&t, f.value);
			try_classes(&t, f.value);
			arena_reset(&t.arena);
		}
	}
	arena_deinit(&t.arena);
	return faults->n == 0;
}
