/*
 * Who sent a message of any bytes. What nobody but the receiver could write is told of the hop at the border alone, and
 * what the sender could have written never gives the return path.
 */
#include <stdlib.h>

#include "intake/sender.h"
#include "message/header.h"
#include "message/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
law(bool holds)
{
	if (!holds)
		abort();
}

static bool
has_results(struct span header)
{
	struct header_field f;

	while (header_take_field(&header, &f))
		if (span_equal_folded(f.name, span_of("authentication-results")))
			return true;
	return false;
}

static void
check_border(struct span message, const struct sender_sources *v)
{
	struct span header, body, below;
	struct received r;

	header_split(header_start(message), &header, &body);
	below = header;
	if (!received_take_border(&below, &r)) {
		law(v->border.n == 0 && v->ip == SENDER_UNKNOWN);
		return;
	}
	law(v->border.n <= BORDER_RESULTS_MAX);
	if (v->border.n > 0)
		law(has_results(v->border.trusted ? span_first(header, header.len - below.len) : below));
	if (v->border.n > 0 && !v->border.trusted)
		law(span_equal_folded(v->border.authserv_id, r.by));
	if (v->mail_from == SENDER_BORDER_RESULTS)
		law(v->border.n > 0 && v->border.trusted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct span empty = { "", 0 };
	struct authentication_query q = {
		.message = { (const char *)data, size }, .helo = empty, .mail_from = empty, .receiver = empty
	};
	struct arena arena = { 0 };
	struct sender_sources v;

	sender_take_from_message(&arena, &q, &v);
	law((v.mail_from != SENDER_UNKNOWN) == q.has_mail_from && (v.ip != SENDER_UNKNOWN) == q.has_ip);
	check_border(q.message, &v);
	arena_deinit(&arena);
	return 0;
}
