/* All that is said of a scenario – SPF, DKIM, DMARC, the whole, the check of its domain –, in every form. */
#include "auth/fuzz_scenario.h"
#include "catalog/builtin.h"
#include "message/rfc5322_form.h"
#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/fuzz_look.h"
#include "render/html_check.h"
#include "render/html_verify.h"
#include "render/repair.h"
#include "render/spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 200 };

struct seen { /* what was found */
	struct authentication_query query;
	struct authentication found;
	struct prospect prospect;
	struct rfc5322_form form;
	struct sender_check check;
};

static void
evaluate(const struct scenario *s, struct seen *v)
{
	static const struct span selectors[] = { SPAN_INIT("mail"), SPAN_INIT("ed") };
	struct dns_answers *answers = arena_take(s->arena, sizeof(*answers));
	const struct sender_check_query check = { .domain = s->domain,
		.catalog = &catalog_builtin,
		.ips = &s->ip,
		.n_ips = 1,
		.helo = s->helo,
		.selectors = selectors,
		.n_selectors = 2,
		.public_key = { "", 0 },
		.mail = &v->found,
		.mail_query = &v->query,
		.form = &v->form,
		.crypto = s->crypto,
		.now = SCENARIO_NOW };
	unsigned rounds = 0;
	bool known = false;

	dns_answers_init(answers, s->arena);
	rfc5322_form_check(s->arena, s->message, false, &v->form);
	authentication_init(s->arena, s->crypto, &v->query, &v->found);
	while (!known) {
		known = authentication_evaluate(s->arena, &v->query, answers, &v->found) &&
		    prospect_evaluate(s->arena, &catalog_builtin, &v->query, false, &v->found, answers, &v->prospect) &&
		    sender_check_evaluate(s->arena, &check, answers, &v->check);
		if (!known && (rounds++ == ROUNDS_MAX || answers->n_wanted == 0))
			abort();
		zone_answer(&s->zone, answers);
	}
}

static void
say(const struct terminal *t, enum lang lang, const struct seen *v, struct out *out)
{
	const struct authentication *a = &v->found;
	const struct dmarc_query dmarc = { .authors = &a->authors,
		.identifiers = a->identifiers,
		.n_identifiers = a->n_identifiers,
		.suffixes = v->query.suffixes };
	const struct spf_query spf = { .ip = v->query.ip,
		.helo = v->query.helo,
		.mail_from = v->query.mail_from,
		.receiver = { "", 0 },
		.now = SCENARIO_NOW };

	if (a->has_spf) {
		spf_write_result(out, t, lang, &spf, &a->spf);
		spf_write_trace(out, t, lang, &a->spf);
		fuzz_look_at_text(out);
	}
	dkim_write_text(out, t, lang, &a->dkim, &a->findings);
	fuzz_look_at_text(out);
	dmarc_write_text(out, t, lang, &dmarc, &a->dmarc);
	fuzz_look_at_text(out);
	if (v->prospect.mended) {
		const struct repair_view r = { &v->prospect.query, &v->prospect.repair, &a->iprev, v->prospect.zone };

		repair_write_text(out, t, lang, &r, (enum record_format)(t->width % 3));
		fuzz_look_at_text(out);
	}
}

static void
say_whole(const struct terminal *t, enum lang lang, const struct scenario *s, const struct seen *v, struct out *out)
{
	const struct forecast *forecast = &v->prospect.forecast;
	const struct verify_view verify = { .query = &v->query,
		.found = &v->found,
		.authserv_id = s->helo,
		.prospect = &v->prospect,
		.catalog = &catalog_builtin,
		.accepted = authentication_acceptance(&v->found) == AUTHENTICATION_ACCEPTED };
	const struct check_view check = {
		.domain = s->domain, .check = &v->check, .forecast = forecast, .catalog = &catalog_builtin, .ip = &s->ip
	};

	verify_write_text(out, t, lang, &verify);
	fuzz_look_at_text(out);
	html_verify_write(out, lang, &verify);
	fuzz_look_at_text(out);
	verify_write_json(out, &verify);
	fuzz_look_at_json(out);
	sender_check_write_text(out, t, lang, &check);
	fuzz_look_at_text(out);
	html_check_write(out, lang, &check);
	fuzz_look_at_text(out);
	sender_check_write_json(out, &check);
	fuzz_look_at_json(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct terminal t = { .colour = false, .width = size % 2 == 0 ? 0 : 40 };
	struct arena arena = { 0 };
	struct seen *v = arena_take_items(&arena, 1, sizeof(*v));
	struct out out = { 0 };
	struct scenario s;

	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size }) && dns_name_is_sound(s.domain)) {
		v->query = scenario_query(&s);
		evaluate(&s, v);
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			say(&t, (enum lang)lang, v, &out);
			say_whole(&t, (enum lang)lang, &s, v, &out);
		}
	}
	out_deinit(&out);
	scenario_end(&s);
	return 0;
}
