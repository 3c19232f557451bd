/*
 * A session of any packets through machine and filter, judged by answers made
 * of the input: no packet is sent that is none, and a message gets one answer.
 *
 *	input: settings, then packets, two bytes in front of each: a letter and a length
 */
#include <stdlib.h>

#include "catalog/builtin.h"
#include "gate/filter.h"
#include "gate/filter_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1764000000, ROUNDS_MAX = 32, TEXTS = 4 };

/* What a message may hold, so that results, chains and signatures are reached without guessing them. */
static const char *const fields[] = { "From\0 a@example.jp", "Authentication-Results\0 mx.example.com; spf=pass",
	"Authentication-Results\0 (a) \"MX.example.com\" 1; spf=pass", "Received-SPF\0 pass",
	"ARC-Seal\0 i=1; a=rsa-sha256; cv=none; d=example.jp; s=a; b=AAAA",
	"DKIM-Signature\0 v=1; a=rsa-sha256; d=example.jp; s=a; h=from; bh=AAAA; b=AAAA", "Subject\0\n x", "To\0" };
static const size_t lengths[] = { 19, 49, 57, 19, 64, 78, 12, 4 };

static const char *const texts[TEXTS] = { "v=spf1 +all", "v=DMARC1; p=reject", "v=DKIM1; p=AAAA",
	"v=spf1 include:example.jp -all" };

/* The answer to a question is told by its name's length. */
static void
answer(struct dns_answers *answers)
{
	const size_t n = answers->n_wanted;

	answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++) {
		const size_t kind = answers->wanted[i].name.len % (TEXTS + 2);
		const struct dns_record record = { .data = span_of(texts[kind % TEXTS]) };
		const bool told = kind < TEXTS && answers->wanted[i].type == DNS_TXT;

		dns_answers_put(answers,
		    &(struct dns_answer){ .name = answers->wanted[i].name,
			.type = answers->wanted[i].type,
			.result = told ? DNS_ANSWERED
			    : kind % 2 ? DNS_FAILED
				       : DNS_NO_NAME,
			.records = told ? &record : NULL,
			.n_records = told });
	}
}

static void
judge(struct filter *f, struct milter *m, struct crypto *crypto)
{
	struct arena arena = { 0 };
	struct authentication *found = arena_take(&arena, sizeof(*found));
	struct rfc5322_form *form = arena_take_items(&arena, 1, sizeof(*form));
	struct receiver_answer told;
	struct dns_answers answers;

	dns_answers_init(&answers, &arena);
	authentication_init(&arena, crypto, &f->query, found);
	for (unsigned i = 0; !authentication_evaluate(&arena, &f->query, &answers, found); i++) {
		if (i == ROUNDS_MAX)
			abort();
		answer(&answers);
	}
	rfc5322_form_check(&arena, f->query.message, false, form);
	f->facts.found = found;
	f->facts.form = form;
	receiver_judge(&f->facts, &told);
	filter_conclude(f, m, found, &told);
	arena_deinit(&arena);
}

static void
put_packet(struct out *out, char letter, struct span data)
{
	const uint32_t n = (uint32_t)data.len + 1;

	out_span(out, (struct span){ (char[]){ 0, 0, (char)(n >> 8), (char)n, letter }, 5 });
	out_span(out, data);
}

static void
put_field(struct out *out, uint8_t which)
{
	const size_t n = which % (sizeof(fields) / sizeof(fields[0]));

	put_packet(out, 'L', (struct span){ fields[n], lengths[n] });
}

static void
make_stream(struct span in, struct out *out)
{
	while (in.len >= 2) {
		const char letter = in.at[0];
		const uint8_t n = (uint8_t)in.at[1];

		in = span_skip(in, 2);
		if (letter == 'F') {
			put_field(out, n);
			continue;
		}
		put_packet(out, letter, span_first(in, n & 0x3f));
		in = span_skip(in, (n & 0x3fU) < in.len ? (n & 0x3fU) : in.len);
	}
}

static void
check_sent(const struct milter *m)
{
	struct span s = out_view(&m->to_mta);

	while (s.len > 0) {
		const uint8_t *b = (const uint8_t *)s.at;
		const size_t n = s.len < 5 ? 0 : (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];

		if (n == 0 || n > s.len - 4)
			abort();
		s = span_skip(s, n + 4);
	}
}

static void
run(struct filter *f, struct milter *m, struct crypto *crypto, struct span bytes)
{
	struct milter_event e;
	struct out log = { 0 };

	while (milter_take(m, &bytes, &e) == PARSE_OK) {
		if (e.kind == MILTER_NEGOTIATE || !filter_take(f, m, &e))
			continue;
		if (filter_decide(f, m, NOW))
			judge(f, m, crypto);
		if (m->owes)
			abort();
		f->found = NULL; /* was of judge()'s arena */
		filter_write_log(&log, LANG_EN, f, milter_macro(m, "i"));
	}
	check_sent(m);
	out_deinit(&log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char offer[12] = { 0, 0, 0, 6, 0, 0, 1, (char)0xff, 0, 0x1f, (char)0xff, (char)0xff };
	static struct crypto *crypto;
	struct milter m = { .state = MILTER_FRESH };
	struct out stream = { 0 };
	struct filter_settings settings = { .mode = size > 0 ? (enum filter_mode)(data[0] % 3) : FILTER_ENFORCE,
		.authserv_id = span_of("mx.example.com"),
		.policy = policy_built_in(size > 0 && data[0] & 8 ? "google" : "standard"),
		.catalog = &catalog_builtin,
		.quarantine = size > 0 && (data[0] & 16) != 0,
		.refuse_outgoing = size > 0 && (data[0] & 32) != 0,
		.size_max = size > 0 && data[0] & 64 ? 100 : 0 };
	struct filter f;

	if (crypto == NULL)
		crypto = crypto_create();
	filter_init(&f, &settings, crypto);
	put_packet(&stream, 'O', (struct span){ offer, sizeof(offer) });
	make_stream(span_skip((struct span){ (const char *)data, size }, size > 0), &stream);
	run(&f, &m, crypto, out_view(&stream));
	out_deinit(&stream);
	filter_deinit(&f);
	milter_deinit(&m);
	return 0;
}
