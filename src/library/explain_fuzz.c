/* todoku_explain(): every accessor of every verdict; a stream tells the same; little memory is said, and nothing else. */
#include <stdlib.h>

#include <todoku/todoku.h>

#include "grammar/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LITTLE_MEMORY = 96 * 1024, PIECE = 7 };

struct told {
	size_t n, sum; /* verdicts, and of the bytes of all their JSON */
	bool short_of_memory;
};

static void
look_at_texts(const todoku_verdict *v)
{
	static const char *const facts[] = { "recipient", "domain", "ip", "queue_id", "no such fact" };
	unsigned status[3];
	uint32_t count;

	for (int l = TODOKU_ENGLISH; l <= TODOKU_JAPANESE; l++) {
		todoku_verdict_title(v, (todoku_language)l);
		todoku_verdict_why(v, (todoku_language)l);
		todoku_verdict_remedy(v, (todoku_language)l);
	}
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		todoku_verdict_fact(v, facts[i]);
	if (todoku_verdict_status(v, status) && (status[0] > 999 || status[1] > 999 || status[2] > 999))
		abort();
	if (todoku_verdict_code(v) > 999)
		abort();
	todoku_verdict_suppress(v, &count);
	todoku_verdict_suppress(v, NULL);
}

static bool
tell(void *context, const todoku_verdict *v)
{
	struct told *t = context;
	const todoku_span json = todoku_verdict_json(v);
	struct span rest = { json.at, json.len }, value;

	t->n++;
	for (size_t i = 0; i < json.len; i++)
		t->sum = t->sum * 31 + (uint8_t)json.at[i];
	if (!t->short_of_memory && json.len > 0 && !json_take_value(&rest, &value))
		abort();
	if (todoku_verdict_outcome(v) == TODOKU_EXPLAINED && todoku_verdict_cause(v).len == 0)
		abort();
	look_at_texts(v);
	todoku_verdict_recipient(v);
	todoku_verdict_sender(v);
	todoku_verdict_receiver(v);
	todoku_verdict_reply(v);
	todoku_verdict_rule(v);
	todoku_verdict_permanence(v);
	todoku_verdict_confidence(v);
	todoku_verdict_retry_after(v);
	return t->n < 1000;
}

struct source {
	const char *at;
	size_t left;
};

static ptrdiff_t
read_piece(void *context, char *to, size_t size)
{
	struct source *s = context;
	const size_t most = size < PIECE ? size : PIECE, n = s->left < most ? s->left : most;

	if (n > 0)
		memcpy(to, s->at, n);
	s->at += n;
	s->left -= n;
	return (ptrdiff_t)n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	todoku_explainer *e = todoku_explainer_create(0),
			 *little = todoku_explainer_create(LITTLE_MEMORY + size % 4096);
	struct told whole = { 0 }, stream = { 0 }, short_told = { .short_of_memory = true };
	struct source source = { (const char *)data, size };
	todoku_status status = todoku_explain(e, data, size, "a", tell, &whole);

	if (todoku_explain_stream(e, read_piece, &source, "a", tell, &stream) != status || stream.n != whole.n ||
	    stream.sum != whole.sum)
		abort();
	if (status != TODOKU_OK && status != TODOKU_STOPPED && status != TODOKU_UNREADABLE)
		abort();
	status = todoku_explain(little, data, size, "a", tell, &short_told);
	if (status == TODOKU_NO_MEMORY &&
	    todoku_explain(little, data, size, "a", tell, &short_told) != TODOKU_NO_MEMORY)
		abort();
	todoku_explainer_free(e);
	todoku_explainer_free(little);
	return 0;
}
