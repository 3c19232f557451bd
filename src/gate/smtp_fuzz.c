/*
 * A session of any bytes; how it is cut, and what the owner answers, is told
 * by the first bytes.
 */
#include <stdlib.h>

#include "catalog/builtin.h"
#include "gate/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 4 };

static void
answer(struct smtp *s, enum smtp_event event, unsigned how)
{
	static const struct receiver_reply refusal = { .rule = SPAN_INIT("google.rate-ip") };

	if (event == SMTP_STARTS_TLS)
		smtp_has_tls(s);
	else if (event == SMTP_CLIENT_CHANGED)
		smtp_greet(s);
	else if (how % 8 == 7)
		smtp_refuse(s, &refusal);
	else if (how % 8 == 6)
		smtp_answer(s, (struct span)SPAN_INIT("550 5.1.1 No\r\n"));
	else
		smtp_accept(s);
}

/* Replies are lines with a code each, whatever was said. */
static void
check_replies(const struct smtp *s)
{
	struct span rest = out_view(&s->out), line;

	while (span_take_line(&rest, &line))
		if (line.len < 4 || line.at[0] < '2' || line.at[0] > '5' || span_index(line, '\r') < line.len)
			abort();
	if (rest.len > 0 || s->n_recipients > SMTP_RECIPIENTS_MAX || s->message.len > s->options->size_limit)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct smtp s;
	const struct smtp_options o = { .policy = policy_built_in("google"),
		.catalog = &catalog_builtin,
		.host = span_of("mx.example.jp"),
		.size_limit = 500,
		.offers_tls = true,
		.offers_xclient = true };
	const struct smtp_client client = { .name = { "", 0 } };
	const size_t step = size > HEAD ? (size_t)data[0] + 1 : 1;
	unsigned n = 0;

	if (size <= HEAD)
		return 0;
	smtp_init(&s, &o, &client);
	smtp_greet(&s);
	for (size_t at = HEAD; at < size; at += step) {
		struct span in = { (const char *)data + at, size - at < step ? size - at : step };
		enum smtp_event event;

		while ((event = smtp_feed(&s, &in)) != SMTP_MORE && event != SMTP_CLOSES) {
			answer(&s, event, data[1 + n % (HEAD - 1)] + n);
			n++;
		}
		if (event == SMTP_CLOSES)
			break;
	}
	check_replies(&s);
	smtp_deinit(&s);
	return 0;
}
