/* Signing through the library: what it signs, its own judge lets pass; what it refuses, it says. */
#include <stdlib.h>

#include <todoku/todoku.h>

#include "base/out.h"
#include "grammar/line_ends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1764000000 };

static todoku_span
take_line(struct span *rest)
{
	struct span line = { "", 0 };

	span_take_line(rest, &line);
	return (todoku_span){ line.at, line.len };
}

/* With the key's record at the one name that is asked for. */
static void
verify(todoku_key *key, todoku_span message)
{
	const todoku_message_query q = { .message = message, .now = NOW };
	const todoku_span record = todoku_key_record(key);
	const todoku_record txt = { .data = record };
	todoku_evaluation *e;
	todoku_span said;

	if (todoku_dkim_create(&q, &e) != TODOKU_OK)
		abort();
	while (todoku_evaluate(e) == TODOKU_WANTS_ANSWERS)
		for (size_t i = todoku_n_wanted(e); i > 0; i--)
			todoku_put(e,
			    &(todoku_answer){ .question = todoku_wanted(e, i - 1),
				.result = TODOKU_DNS_ANSWERED,
				.records = &txt,
				.n_records = 1 });
	said = todoku_result(e, "dkim");
	if (said.len != 4 || memcmp(said.at, "pass", 4) != 0)
		abort();
	todoku_evaluation_free(e);
}

/* Domain, selector and identity, a line each; the rest is the message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static todoku_key *key;
	struct span rest = { (const char *)data, size };
	todoku_signing signing = { .domain = take_line(&rest), .now = NOW };
	todoku_span field;
	struct arena arena = { 0 };
	struct out out = { 0 };
	todoku_key *none = NULL;

	if (key == NULL && todoku_key_make(TODOKU_ED25519, 0, &key) != TODOKU_OK)
		abort();
	if (todoku_key_read((const char *)data, size, &none) == TODOKU_OK)
		todoku_key_free(none);
	signing.selector = take_line(&rest);
	signing.identity = take_line(&rest);
	if (todoku_sign(key, &signing, (todoku_span){ rest.at, rest.len }, &field) == TODOKU_OK) {
		out_span(&out, (struct span){ field.at, field.len });
		out_span(&out, line_ends_restore(&arena, rest, NULL)); /* as it was signed */
		verify(key, (todoku_span){ out.at, out.len });
		out_deinit(&out);
	}
	arena_deinit(&arena);
	return 0;
}
