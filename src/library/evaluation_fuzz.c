/* A scenario through the library's judges: done or out of memory, JSON that is JSON, a record that passes. */
#include <stdlib.h>

#include <todoku/todoku.h>

#include "auth/fuzz_scenario.h"
#include "grammar/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static todoku_span
view(struct span s)
{
	return (todoku_span){ s.at, s.len };
}

static void
look(todoku_evaluation *e, size_t memory_max)
{
	static const char *const methods[] = { "spf", "dkim", "dmarc", "arc", "iprev", "none" };
	const todoku_span json = todoku_evaluation_json(e);
	struct span rest = { json.at, json.len }, value;

	if (json.len > 0 ? !json_take_value(&rest, &value) || !json_is_object(value) : memory_max == 0)
		abort();
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		todoku_result(e, methods[i]);
	todoku_suggested_record(e, NULL);
}

static void
finish(const struct scenario *s, todoku_status status, todoku_evaluation *e, size_t memory_max)
{
	const struct span zone = out_view(&s->zone_text);

	if ((status == TODOKU_OK) != (e != NULL) || (status == TODOKU_NO_MEMORY && memory_max == 0))
		abort();
	if (e == NULL)
		return;
	status = todoku_evaluate(e);
	if (status == TODOKU_WANTS_ANSWERS && todoku_n_wanted(e) == 0)
		abort();
	for (size_t i = 0; i < todoku_n_wanted(e); i++)
		if (todoku_wanted(e, i).name.len == 0)
			abort();
	status = todoku_evaluate_with_zone(e, zone.at, zone.len);
	if (status == TODOKU_OK)
		look(e, memory_max);
	else if (status != TODOKU_NO_MEMORY || memory_max == 0)
		abort();
	todoku_evaluation_free(e);
}

static void
judge(const struct scenario *s, size_t memory_max)
{
	char ip[IP_ADDRESS_TEXT_MAX];
	const todoku_span address = { ip, ip_address_write(&s->ip, ip) };
	const todoku_spf_query spf = { .ip = address,
		.mail_from = view(s->mail_from),
		.helo = view(s->helo),
		.repair = true,
		.now = SCENARIO_NOW,
		.memory_max = memory_max };
	const todoku_message_query known = { .message = view(s->message),
		.ip = address,
		.helo = view(s->helo),
		.mail_from = view(s->mail_from),
		.has_mail_from = true,
		.now = SCENARIO_NOW,
		.memory_max = memory_max };
	const todoku_message_query bare = {
		.message = view(s->message), .now = SCENARIO_NOW, .memory_max = memory_max
	};
	const todoku_dmarc_query dmarc = { .from = view(s->mail_from),
		.spf_domain = view(s->domain),
		.dkim_domain = view(s->helo),
		.memory_max = memory_max };
	todoku_evaluation *e;
	todoku_status status;

	status = todoku_spf_create(&spf, &e);
	finish(s, status, e, memory_max);
	status = todoku_dkim_create(&known, &e);
	finish(s, status, e, memory_max);
	status = todoku_verify_create(&known, &e);
	finish(s, status, e, memory_max);
	status = todoku_verify_create(&bare, &e);
	finish(s, status, e, memory_max);
	status = todoku_dmarc_create(&dmarc, &e);
	finish(s, status, e, memory_max);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct scenario s;

	if (scenario_read(&s, &arena, (struct span){ (const char *)data, size })) {
		judge(&s, 0);
		judge(&s, 16384 + size * 64 % 1048576);
	}
	scenario_end(&s);
	return 0;
}
