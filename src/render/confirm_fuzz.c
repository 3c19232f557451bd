/* A refusal and the DNS as a scenario has it: confirmed, the same twice, and said in every form. */
#include "auth/fuzz_scenario.h"
#include "catalog/builtin.h"
#include "render/confirm.h"
#include "render/fuzz_look.h"
#include "render/report_text.h"
#include "render/verdict_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 200 };

static void
confirm(const struct scenario *s, const struct verdict *v, struct confirmation *c)
{
	const struct confirm_tools tools = { &catalog_builtin, s->crypto, scenario_query(s).suffixes, SCENARIO_NOW };
	struct dns_answers *answers = arena_take(s->arena, sizeof(*answers));
	struct confirmation *again = arena_take_items(s->arena, 1, sizeof(*again));
	unsigned rounds = 0;

	dns_answers_init(answers, s->arena);
	while (!confirm_evaluate(s->arena, &tools, v, answers, c)) {
		if (rounds++ == ROUNDS_MAX || answers->n_wanted == 0)
			abort();
		zone_answer(&s->zone, answers);
	}
	if (!confirm_evaluate(s->arena, &tools, v, answers, again) || again->state != c->state ||
	    again->hints != c->hints)
		abort();
	if (c->repair.obstacle == REPAIR_NONE && c->about == CONFIRM_SPF && c->state == CONFIRM_STILL &&
	    c->repair.proof.result != SPF_PASS)
		abort();
}

static void
say(const struct verdict *v, const struct confirmation *c)
{
	static const struct json_source source = { .file = SPAN_INIT("b.eml"), .message = 1, .line = 1 };
	const struct terminal t = { .colour = false, .width = 80 };
	struct report_page page;
	struct out out = { 0 };

	report_page_init(&page);
	report_page_add(&page, v, &source);
	page.groups[0]->dns = c;
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		confirm_say(&out, (enum lang)lang, c);
		fuzz_look_at_text(&out);
		report_text_write(&page, &out, &t, (enum lang)lang);
		fuzz_look_at_text(&out);
	}
	json_write_verdict(&out, v, &source, c);
	fuzz_look_at_json(&out);
	report_page_deinit(&page);
	out_deinit(&out);
}

/* The first line is the reply, the rest a scenario. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, reply;
	struct arena arena = { 0 };
	struct verdict *v = arena_take_items(&arena, 1, sizeof(*v));
	struct confirmation *c = arena_take_items(&arena, 1, sizeof(*c));
	struct scenario s = { .arena = &arena };
	struct failure f = { .told_by = FAILURE_REPORT, .recipient = SPAN_INIT("hanako@example.com") };

	if (span_take_line(&rest, &reply) && scenario_read(&s, &arena, rest)) {
		f.reply = reply;
		f.sender = s.mail_from;
		f.null_sender = s.mail_from.len == 0;
		f.returned = s.message;
		f.returned_whole = size % 4 != 0;
		verdict_reach(&arena, &catalog_builtin, &f, true, v);
		confirm(&s, v, c);
		say(v, c);
	}
	scenario_end(&s);
	return 0;
}
