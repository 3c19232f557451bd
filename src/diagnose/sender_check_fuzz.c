/* A scenario's domain and message checked: it ends, within its list, and says the same of the same answers. */
#include <stdlib.h>

#include "auth/fuzz_scenario.h"
#include "catalog/builtin.h"
#include "diagnose/sender_check.h"
#include "message/rfc5322_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 128 };

static bool
are_equal(const struct sender_check *a, const struct sender_check *b)
{
	bool equal = a->n == b->n && a->n_failed == b->n_failed && a->n_warned == b->n_warned;

	for (size_t i = 0; equal && i < a->n; i++)
		equal = a->items[i].what == b->items[i].what && a->items[i].state == b->items[i].state &&
		    a->items[i].problem == b->items[i].problem && span_equal(a->items[i].seen, b->items[i].seen) &&
		    span_equal(a->items[i].value, b->items[i].value) &&
		    span_equal(a->items[i].record, b->items[i].record) && a->items[i].proved == b->items[i].proved;
	return equal;
}

static bool
is_sound(const struct sender_check_item *item)
{
	return item->what < CHECK_WHATS && item->state <= CHECK_UNKNOWN &&
	    (item->record.len == 0 || item->name.len > 0) && (!item->proved || item->record.len > 0);
}

static void
check(const struct scenario *s, bool bulk)
{
	static const struct span selectors[] = { SPAN_INIT("mail"), SPAN_INIT("ed") };
	const struct authentication_query mail = scenario_query(s);
	struct authentication *found = arena_take(s->arena, sizeof(*found));
	struct sender_check *one = arena_take_items(s->arena, 1, sizeof(*one)),
			    *two = arena_take_items(s->arena, 1, sizeof(*two));
	struct dns_answers *answers = arena_take(s->arena, sizeof(*answers));
	struct rfc5322_form form;
	struct sender_check_query q = { .domain = s->domain,
		.catalog = &catalog_builtin,
		.ips = &s->ip,
		.n_ips = 1,
		.helo = s->helo,
		.selectors = selectors,
		.n_selectors = s->domain.len % 3 == 0 ? 0 : 2,
		.public_key = { "", 0 },
		.bulk = bulk,
		.mail = found,
		.mail_query = &mail,
		.form = &form,
		.crypto = s->crypto,
		.now = SCENARIO_NOW };
	unsigned rounds = 0;
	bool known;

	rfc5322_form_check(s->arena, s->message, bulk, &form);
	dns_answers_init(answers, s->arena);
	authentication_init(s->arena, s->crypto, &mail, found);
	for (known = false; !known;) {
		known = authentication_evaluate(s->arena, &mail, answers, found);
		known = sender_check_evaluate(s->arena, &q, answers, one) && known;
		if (!known && (rounds++ == ROUNDS_MAX || answers->n_wanted == 0))
			abort();
		zone_answer(&s->zone, answers);
	}
	if (!sender_check_evaluate(s->arena, &q, answers, two) || !are_equal(one, two) || one->n > CHECK_ITEMS_MAX)
		abort();
	for (size_t i = 0; i < one->n; i++)
		if (!is_sound(&one->items[i]))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct scenario s;

	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size }) && dns_name_is_sound(s.domain))
		check(&s, size % 2 != 0);
	scenario_end(&s);
	return 0;
}
