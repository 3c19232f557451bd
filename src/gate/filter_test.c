#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "auth/dkim_sign.h"
#include "catalog/builtin.h"
#include "dns/zone.h"
#include "gate/filter.h"
#include "gate/filter_log.h"

enum { NOW = 1764000000, ALL_ACTIONS = 0x1ff, ALL_EVENTS = 0x1fffff, WITHOUT_BLANKS = 0x0fffff };

#define ZONE \
	"example.jp. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n" \
	"_dmarc.example.jp. TXT \"v=DMARC1; p=reject\"\n" \
	"quarantine.example. TXT \"v=spf1 -all\"\n" \
	"_dmarc.quarantine.example. TXT \"v=DMARC1; p=quarantine\"\n" \
	"1.113.0.203.in-addr.arpa. PTR mail.stranger.example.\nmail.stranger.example. A 203.0.113.1\n" \
	"slow.example. SERVFAIL\n_dmarc.slow.example. TXT \"v=DMARC1; p=reject\"\n"

/* A session, and what came of its message. */
struct bench {
	struct arena arena;
	struct filter_settings settings;
	struct network internal;
	struct signing_table keys;
	struct crypto *crypto;
	struct zone zone;
	struct milter m;
	struct filter f;
	struct out told; /* packets as text, a line each: "i0 Name: value" */
	struct out log;
	struct public_suffixes *suffixes;
};

struct mail {
	const char *address; /* NULL: local */
	const char *helo; /* NULL: none */
	const char *user, *daemon; /* macros; NULL: none */
	const char *sender;
	const char *header; /* lines with LF, "Name:value" */
	const char *body;
	bool emulated; /* no port */
};

static const struct mail from_outside = { "192.0.2.1", "mail.example.jp", NULL, "smtpd", "<taro@example.jp>",
	"From: taro@example.jp\nSubject: order\n", "Thank you.\r\n", false };

static bool
fetch_key(void *context, struct arena *arena, struct span path, struct span *pem)
{
	struct crypto_private *key = crypto_make_private(
	    span_equal(path, span_of("rsa")) ? DKIM_KEY_RSA : DKIM_KEY_ED25519, 2048);

	(void)context;
	*pem = crypto_write_private(arena, key);
	crypto_free_private(key);
	return !span_equal(path, span_of("missing"));
}

static void
open_bench(struct bench *b)
{
	struct signing_fault fault;
	struct zone_fault zone_fault;

	*b = (struct bench){ .crypto = crypto_create(), .suffixes = public_suffixes_builtin() };
	assert_true(network_read(span_of("198.51.100.0/24"), &b->internal));
	assert_true(signing_table_read(
	    &b->arena, span_of("example.jp mail rsa\nexample.jp ed ed # both\n"), fetch_key, NULL, &b->keys, &fault));
	assert_true(zone_parse(&b->arena, span_of(ZONE), &b->zone, &zone_fault));
	b->settings = (struct filter_settings){ .authserv_id = span_of("mx.example.com"),
		.internal = &b->internal,
		.n_internal = 1,
		.keys = &b->keys,
		.policy = policy_built_in("standard"),
		.catalog = &catalog_builtin };
	filter_init(&b->f, &b->settings, b->crypto);
}

static void
close_bench(struct bench *b)
{
	filter_deinit(&b->f);
	milter_deinit(&b->m);
	signing_table_free(&b->keys);
	crypto_free(b->crypto);
	public_suffixes_free(b->suffixes);
	out_deinit(&b->told);
	out_deinit(&b->log);
	arena_deinit(&b->arena);
}

static void
note_packets(struct bench *b)
{
	struct span s = out_view(&b->m.to_mta);

	while (s.len >= 5) {
		const uint8_t *at = (const uint8_t *)s.at;
		const size_t n = (size_t)at[2] << 8 | at[3];
		struct span data = { s.at + 5, n - 1 };

		out_char(&b->told, s.at[4]);
		if (s.at[4] == 'i' || s.at[4] == 'm') {
			out_number(&b->told, (uint8_t)data.at[3]);
			out_char(&b->told, ' ');
			data = span_skip(data, 4);
		}
		for (size_t i = 0; i < data.len; i++)
			out_char(&b->told, data.at[i] == '\0' ? '|' : data.at[i] == '\n' ? '~' : data.at[i]);
		out_char(&b->told, '\n');
		s = span_skip(s, 4 + n);
	}
	out_clear(&b->m.to_mta);
}

static void
judge(struct bench *b)
{
	struct authentication *found = arena_take(&b->arena, sizeof(*found));
	struct rfc5322_form *form = arena_take_items(&b->arena, 1, sizeof(*form));
	struct receiver_answer answer;
	struct dns_answers answers;

	b->f.query.suffixes = b->suffixes;
	dns_answers_init(&answers, &b->arena);
	authentication_init(&b->arena, b->crypto, &b->f.query, found);
	while (!authentication_evaluate(&b->arena, &b->f.query, &answers, found))
		zone_answer(&b->zone, &answers);
	rfc5322_form_check(&b->arena, b->f.query.message, false, form);
	b->f.facts.found = found;
	b->f.facts.form = form;
	receiver_judge(&b->f.facts, &answer);
	filter_conclude(&b->f, &b->m, found, &answer);
}

/* One packet, of texts each with its NUL. */
static void
give(struct bench *b, char letter, const struct out *data)
{
	const uint32_t n = (uint32_t)data->len + 1;
	struct out packet = { 0 };
	struct milter_event e;
	struct span bytes;

	out_span(&packet, (struct span){ (char[]){ 0, (char)(n >> 16), (char)(n >> 8), (char)n, letter }, 5 });
	out_span(&packet, out_view(data));
	bytes = out_view(&packet);
	while (milter_take(&b->m, &bytes, &e) == PARSE_OK)
		if (e.kind != MILTER_NEGOTIATE && filter_take(&b->f, &b->m, &e) && filter_decide(&b->f, &b->m, NOW))
			judge(b);
	assert_null(b->m.fault);
	out_deinit(&packet);
}

static void
put_text(struct out *out, struct span text)
{
	out_span(out, text);
	out_char(out, '\0');
}

static void
give_texts(struct bench *b, const char *letters, const char *first, const char *second)
{
	struct out data = { 0 };

	out_str(&data, letters + 1);
	if (first != NULL)
		put_text(&data, span_of(first));
	if (second != NULL)
		put_text(&data, span_of(second));
	give(b, letters[0], &data);
	out_deinit(&data);
}

static void
give_header(struct bench *b, struct span header)
{
	while (header.len > 0) {
		struct out data = { 0 };
		size_t end = span_index(header, '\n');

		while (end + 1 < header.len && ascii_is_blank(header.at[end + 1]))
			end += 1 + span_index(span_skip(header, end + 1), '\n');
		put_text(&data, span_first(header, span_index(header, ':')));
		put_text(&data, span_skip(span_first(header, end), span_index(header, ':') + 1));
		give(b, 'L', &data);
		header = span_skip(header, end + 1);
		out_deinit(&data);
	}
}

static void
give_client(struct bench *b, const struct mail *mail)
{
	struct out data = { 0 };

	put_text(&data, span_of("client.example"));
	out_str(&data, mail->address == NULL ? "L" : strchr(mail->address, ':') != NULL ? "6" : "4");
	out_span(&data, (struct span){ mail->emulated ? "\0\0" : "\0\x19", 2 });
	put_text(&data, span_of(mail->address != NULL ? mail->address : "/run/socket"));
	give(b, 'C', &data);
	out_deinit(&data);
}

/* All of a message; b->told gets the packets of its end. */
static void
send_mail(struct bench *b, uint32_t events, const struct mail *mail)
{
	static const char offer[8] = { 0, 0, 0, 6, 0, 0, 1, (char)0xff };
	struct out data = { 0 };

	out_span(&data, (struct span){ offer, sizeof(offer) });
	out_span(&data, (struct span){ (char[]){ 0, (char)(events >> 16), (char)(events >> 8), (char)events }, 4 });
	give(b, 'O', &data);
	out_deinit(&data);
	if (mail->daemon != NULL)
		give_texts(b, "DC", "{daemon_name}", mail->daemon);
	give_client(b, mail);
	if (mail->helo != NULL)
		give_texts(b, "DH", "{tls_version}", "TLSv1.3");
	if (mail->helo != NULL)
		give_texts(b, "H", mail->helo, NULL);
	if (mail->user != NULL)
		give_texts(b, "DM", "{auth_authen}", mail->user);
	give_texts(b, "M", mail->sender, NULL);
	give_texts(b, "R", "<hanako@example.com>", NULL);
	give_header(b, span_of(mail->header));
	give_texts(b, "N", NULL, NULL);
	data = (struct out){ 0 };
	out_str(&data, mail->body);
	give(b, 'B', &data);
	out_deinit(&data);
	out_clear(&b->m.to_mta);
	out_clear(&b->told);
	give_texts(b, "E", NULL, NULL);
	note_packets(b);
	out_clear(&b->log);
	filter_write_log(&b->log, LANG_EN, &b->f, span_of("ABC"));
}

static bool
told(const struct bench *b, const char *words)
{
	return span_holds(out_view(&b->told), words);
}

static const struct {
	const char *what;
	enum filter_mode mode;
	const char *address, *helo, *user, *daemon;
	enum filter_role role;
	bool emulated;
} roles[] = {
	{ "a stranger", FILTER_ENFORCE, "192.0.2.1", "mx", NULL, "smtpd", FILTER_VERIFIES, false },
	{ "a stranger, watched", FILTER_MONITOR, "192.0.2.1", "mx", NULL, "smtpd", FILTER_VERIFIES, false },
	{ "a stranger at the way out", FILTER_OUTGOING, "192.0.2.1", "mx", NULL, "smtpd", FILTER_PASSES, false },
	{ "who authenticated", FILTER_ENFORCE, "192.0.2.1", "mx", "taro", "smtpd", FILTER_SIGNS, false },
	{ "who authenticated as nobody", FILTER_ENFORCE, "192.0.2.1", "mx", "", "smtpd", FILTER_VERIFIES, false },
	{ "an internal client", FILTER_ENFORCE, "198.51.100.7", "pc", NULL, "smtpd", FILTER_SIGNS, false },
	{ "one beside the network", FILTER_ENFORCE, "198.51.101.7", "pc", NULL, "smtpd", FILTER_VERIFIES, false },
	{ "the port for submission", FILTER_ENFORCE, "192.0.2.1", "pc", NULL, "ORIGINATING", FILTER_SIGNS, false },
	{ "sendmail(1)", FILTER_ENFORCE, "127.0.0.1", NULL, NULL, NULL, FILTER_SIGNS, false },
	{ "Postfix's sendmail(1)", FILTER_ENFORCE, "127.0.0.1", "localhost", NULL, "smtpd", FILTER_SIGNS, true },
	{ "a stranger without a port", FILTER_ENFORCE, "192.0.2.1", "localhost", NULL, "smtpd", FILTER_VERIFIES, true },
	{ "sendmail(1) over a socket", FILTER_ENFORCE, NULL, NULL, NULL, NULL, FILTER_SIGNS, false },
	{ "loopback that greets", FILTER_ENFORCE, "127.0.0.1", "localhost", NULL, "smtpd", FILTER_VERIFIES, false },
	{ "a stranger of IPv6", FILTER_ENFORCE, "2001:db8::1", "mx", NULL, "smtpd", FILTER_VERIFIES, false },
	{ "no HELO from afar", FILTER_ENFORCE, "192.0.2.1", NULL, NULL, "smtpd", FILTER_VERIFIES, false },
};

static void
ours_is_signed_and_the_rest_verified_never_both(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct mail mail = from_outside;
		struct bench b;

		open_bench(&b);
		b.settings.mode = roles[i].mode;
		mail.address = roles[i].address;
		mail.helo = roles[i].helo;
		mail.user = roles[i].user;
		mail.daemon = roles[i].daemon;
		mail.emulated = roles[i].emulated;
		send_mail(&b, ALL_EVENTS, &mail);
		if (b.f.report.role != roles[i].role ||
		    told(&b, "DKIM-Signature|") != (roles[i].role == FILTER_SIGNS) ||
		    (told(&b, "i0 Authentication-Results|") || told(&b, "y550")) != (roles[i].role == FILTER_VERIFIES))
			fail_msg("%s: %.*s", roles[i].what, (int)b.told.len, b.told.at);
		close_bench(&b);
	}
}

static const struct {
	const char *given, *wanted;
	uint32_t events;
} forms[] = {
	{ "A: b\n", "A: b\r\n\r\nx", ALL_EVENTS },
	{ "A:b\n", "A:b\r\n\r\nx", ALL_EVENTS },
	{ "A:  b\t\n", "A:  b\t\r\n\r\nx", ALL_EVENTS },
	{ "A:\n b\n\tc\n", "A:\r\n b\r\n\tc\r\n\r\nx", ALL_EVENTS },
	{ "A:\n", "A:\r\n\r\nx", ALL_EVENTS },
	{ "A: b\r\n c\n", "A: b\r\n c\r\n\r\nx", ALL_EVENTS },
	{ "A:b\n", "A: b\r\n\r\nx", WITHOUT_BLANKS }, /* the blank was taken away by the MTA */
	{ "A:\tb\n", "A:\tb\r\n\r\nx", WITHOUT_BLANKS },
	{ "A:\n b\n", "A:\r\n b\r\n\r\nx", WITHOUT_BLANKS },
};

static void
a_message_is_put_together_as_it_came(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct mail mail = from_outside;
		struct bench b;

		open_bench(&b);
		mail.header = forms[i].given;
		mail.body = "x";
		send_mail(&b, forms[i].events, &mail);
		if (!span_equal(out_view(&b.f.message), span_of(forms[i].wanted)))
			fail_msg("%s: %.*s", forms[i].given, (int)b.f.message.len, b.f.message.at);
		close_bench(&b);
	}
}

static void
forged_results_of_ours_go_from_the_last_to_the_first(void **state)
{
	struct mail mail = from_outside;
	struct bench b;

	(void)state;
	open_bench(&b);
	mail.header = "Authentication-Results: MX.example.com; dkim=pass header.d=bank.example\n"
		      "Authentication-Results: mx.example.org; spf=pass\n"
		      "authentication-results: (a (b) c) \"mx.example.com\" 1; spf=pass\n"
		      "From: taro@example.jp\n"
		      "Authentication-Results: i=1; mx.example.com; spf=pass\n"
		      "Authentication-Results: (open mx.example.com; spf=pass\n"
		      "Authentication-Results: other.mx.example.com; spf=pass\n";
	send_mail(&b, ALL_EVENTS, &mail);
	assert_true(span_starts(out_view(&b.told),
	    "m5 Authentication-Results||\nm4 Authentication-Results||\nm3 Authentication-Results||\n"
	    "m1 Authentication-Results||\ni0 Authentication-Results| mx.example.com;"));
	assert_int_equal(b.f.report.n_removed, 4);
	close_bench(&b);
}

static void
what_passes_is_taken_and_told(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	send_mail(&b, ALL_EVENTS, &from_outside);
	assert_true(told(&b, "spf=pass smtp.mailfrom=taro@example.jp;"));
	assert_true(told(&b, "dmarc=pass header.from=example.jp policy.dmarc=reject|\na\n"));
	assert_true(
	    span_holds(out_view(&b.log), "ABC: judged taro@example.jp from 192.0.2.1 (mail.example.jp): spf=pass"));
	close_bench(&b);
}

static const struct {
	const char *what;
	enum filter_mode mode;
	const char *policy;
	bool quarantine;
	const char *address, *domain; /* of MAIL FROM and From: */
	const char *told, *log;
} fates[] = {
	{ "DMARC rejects", FILTER_ENFORCE, "google", false, "203.0.113.1", "example.jp", "y550-5.7.26 ", "refused\n" },
	{ "DMARC rejects, by the RFCs", FILTER_ENFORCE, "standard", false, "203.0.113.1", "example.jp", "y550 5.7.1 ",
	    "refused\n" },
	{ "DMARC would reject", FILTER_MONITOR, "standard", false, "203.0.113.1", "example.jp", "a\n",
	    "would be refused\n" },
	{ "DMARC quarantines", FILTER_ENFORCE, "standard", true, "203.0.113.1", "quarantine.example", "qDMARC",
	    "held" },
	{ "a quarantine nobody wants", FILTER_ENFORCE, "standard", false, "203.0.113.1", "quarantine.example", "a\n",
	    "taken" },
	{ "the DNS fails", FILTER_ENFORCE, "standard", false, "203.0.113.1", "slow.example", "spf=temperror",
	    ": taken\n" },
	{ "the DNS fails, and it may wait", FILTER_ENFORCE, "google", false, "203.0.113.1", "slow.example",
	    "y451-4.7.26 ", "refused for now\n" },
};

static void
a_message_is_refused_only_where_that_is_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
		char sender[64], header[64];
		struct mail mail = from_outside;
		struct bench b;

		open_bench(&b);
		b.settings.mode = fates[i].mode;
		b.settings.quarantine = fates[i].quarantine;
		b.settings.policy = policy_built_in(fates[i].policy);
		snprintf(sender, sizeof(sender), "<taro@%s>", fates[i].domain);
		snprintf(header, sizeof(header), "From: taro@%s\nMessage-ID: <1@x.example>\n", fates[i].domain);
		mail.address = fates[i].address;
		mail.sender = sender;
		mail.header = header;
		send_mail(&b, ALL_EVENTS, &mail);
		if (!told(&b, fates[i].told) || !span_holds(out_view(&b.log), fates[i].log))
			fail_msg("%s: %.*s%.*s", fates[i].what, (int)b.told.len, b.told.at, (int)b.log.len, b.log.at);
		close_bench(&b);
	}
}

static void
a_refusal_in_the_log_says_what_to_change(void **state)
{
	struct mail mail = from_outside;
	struct bench b;

	(void)state;
	open_bench(&b);
	mail.address = "203.0.113.1";
	send_mail(&b, ALL_EVENTS, &mail);
	assert_true(span_holds(out_view(&b.log), "ABC:   550 5.7.1 "));
	assert_true(span_holds(out_view(&b.log), "DMARC"));
	assert_true(span_holds(out_view(&b.log), "DKIM"));
	close_bench(&b);
}

/* The signatures that were inserted, in front of the message as it came. */
static void
build_signed(const struct bench *b, struct out *out)
{
	for (size_t i = b->f.report.n_signatures; i-- > 0;)
		out_span(out, b->f.signatures[i]);
	out_span(out, out_view(&b->f.message));
}

static void
publish(struct bench *b, struct dns_answers *answers)
{
	dns_answers_init(answers, &b->arena);
	for (size_t i = 0; i < b->keys.n; i++) {
		struct dns_record *record = arena_take_items(&b->arena, 1, sizeof(*record));
		struct out name = { 0 };

		out_span(&name, b->keys.keys[i].selector);
		out_str(&name, "._domainkey.example.jp");
		record->data = dkim_key_record(&b->arena, b->keys.keys[i].key);
		dns_answers_put(answers,
		    &(struct dns_answer){ .name = out_view(&name),
			.type = DNS_TXT,
			.result = DNS_ANSWERED,
			.records = record,
			.n_records = 1 });
		out_deinit(&name);
	}
}

static void
what_is_signed_verifies_by_every_key_of_the_domain(void **state)
{
	struct mail mail = from_outside;
	struct out whole = { 0 };
	struct dkim_evaluation *e;
	struct dns_answers answers;
	struct dkim_message m;
	struct bench b;

	(void)state;
	open_bench(&b);
	mail.user = "taro";
	mail.header = "From: Taro <taro@sub.example.jp>\nSubject:\n order\n";
	send_mail(&b, ALL_EVENTS, &mail);
	build_signed(&b, &whole);
	publish(&b, &answers);
	e = arena_take(&b.arena, sizeof(*e));
	dkim_message_init(&m, &b.arena, b.crypto, out_view(&whole));
	dkim_verify(&m, NOW, &answers, e);
	assert_int_equal(e->n, 2);
	assert_int_equal(e->checks[0].result, DKIM_PASS);
	assert_int_equal(e->checks[1].result, DKIM_PASS);
	out_deinit(&whole);
	close_bench(&b);
}

static void
mail_going_out_is_looked_at_as_its_receivers_will(void **state)
{
	struct mail mail = from_outside;
	struct bench b;

	(void)state;
	open_bench(&b);
	b.settings.mode = FILTER_OUTGOING;
	b.settings.policy = policy_built_in("google");
	mail.user = "taro";
	send_mail(&b, ALL_EVENTS, &mail); /* without a Message-ID, and without a key in the DNS */
	assert_true(told(&b, "DKIM-Signature|") && told(&b, "a\n"));
	assert_true(span_holds(out_view(&b.log), "mail._domainkey.example.jp: ") &&
	    span_holds(out_view(&b.log), "would be refused") && span_holds(out_view(&b.log), "Message-ID"));
	b.settings.refuse_outgoing = true;
	milter_deinit(&b.m);
	send_mail(&b, ALL_EVENTS, &mail);
	assert_true(told(&b, "y550"));
	close_bench(&b);
}

static void
what_is_too_large_is_left_alone(void **state)
{
	struct mail mail = from_outside;
	struct bench b;

	(void)state;
	open_bench(&b);
	b.settings.size_max = 64;
	mail.header = "Authentication-Results: mx.example.com; spf=pass\nFrom: taro@example.jp\n";
	send_mail(&b, ALL_EVENTS, &mail);
	assert_true(span_equal(out_view(&b.told), span_of("m1 Authentication-Results||\na\n")));
	assert_true(b.f.report.too_large);
	close_bench(&b);
}

static void
what_is_passed_on_is_sealed_where_that_is_asked(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	b.settings.seal = &b.keys.keys[0];
	send_mail(&b, ALL_EVENTS, &from_outside);
	assert_true(span_starts(out_view(&b.told), "i0 ARC-Authentication-Results| i=1; mx.example.com;~"));
	assert_true(told(&b, "\ni0 ARC-Message-Signature| i=1;") && told(&b, "\ni0 ARC-Seal| i=1;"));
	close_bench(&b);
}

static const struct {
	const char *table, *what;
	unsigned line;
} tables[] = {
	{ "", NULL, 0 },
	{ "# nothing\n\n", NULL, 0 },
	{ "example.jp mail rsa", NULL, 0 },
	{ "例え.jp mail rsa # ours\r\n", NULL, 0 },
	{ "example.jp mail", "a row has three columns: domain, selector, key file", 1 },
	{ "\nexample.jp mail rsa more\n", "a row has three columns: domain, selector, key file", 2 },
	{ "a..b mail rsa", "not a domain", 1 },
	{ "example.jp a..b rsa", "not a selector", 1 },
	{ "example.jp mail rsa\nexample.jp mail missing", "the key cannot be read", 2 },
};

static void
a_key_table_is_read_or_its_fault_told(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct signing_fault fault = { .what = NULL };
		struct signing_table table;
		const bool sound = signing_table_read(
		    &arena, span_of(tables[i].table), fetch_key, NULL, &table, &fault);

		if (sound != (tables[i].what == NULL) ||
		    (!sound && (strcmp(fault.what, tables[i].what) != 0 || fault.line != tables[i].line)))
			fail_msg("%s: %s", tables[i].table, fault.what);
		signing_table_free(&table);
	}
	arena_deinit(&arena);
}

static const struct {
	const char *domain;
	size_t n;
} finds[] = { { "example.jp", 2 }, { "EXAMPLE.jp", 2 }, { "a.b.example.jp", 2 }, { "notexample.jp", 0 }, { "jp", 0 },
	{ "sub.example.org", 1 }, { "example.org", 0 }, { "xn--r8jz45g.jp", 1 }, { "例え.jp", 1 }, { "", 0 } };

static void
a_domain_is_signed_by_its_own_keys_or_those_above(void **state)
{
	struct arena arena = { 0 };
	const struct signing_key *keys;
	struct signing_fault fault;
	struct signing_table table;

	(void)state;
	assert_true(signing_table_read(&arena,
	    span_of("sub.example.org s ed\nexample.jp mail ed\n例え.jp x ed\nexample.jp other ed\n"), fetch_key, NULL,
	    &table, &fault));
	for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
		const size_t n = signing_find(&arena, &table, span_of(finds[i].domain), &keys);

		if (n != finds[i].n || (n == 2 && !span_equal(keys[0].selector, span_of("mail"))))
			fail_msg("%s: %zu", finds[i].domain, n);
	}
	signing_table_free(&table);
	arena_deinit(&arena);
}

static const struct {
	const char *text;
	bool sound;
	const char *in, *out;
} networks[] = {
	{ "192.0.2.0/24", true, "192.0.2.255", "192.0.3.0" },
	{ "192.0.2.7", true, "192.0.2.7", "192.0.2.6" },
	{ "2001:db8::/32", true, "2001:db8:1::1", "2001:db9::" },
	{ "0.0.0.0/0", true, "203.0.113.1", "2001:db8::1" },
	{ "192.0.2.1/24", false, NULL, NULL },
	{ "192.0.2.0/33", false, NULL, NULL },
	{ "192.0.2.0/", false, NULL, NULL },
	{ "192.0.2.0/24x", false, NULL, NULL },
	{ "example.jp", false, NULL, NULL },
	{ "", false, NULL, NULL },
};

static void
a_network_holds_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		struct ip_address ip;
		struct network n;

		if (network_read(span_of(networks[i].text), &n) != networks[i].sound)
			fail_msg("%s", networks[i].text);
		if (!networks[i].sound)
			continue;
		assert_true(ip_address_read(span_of(networks[i].in), &ip) && network_holds(&n, 1, &ip));
		assert_true(ip_address_read(span_of(networks[i].out), &ip) && !network_holds(&n, 1, &ip));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_is_signed_and_the_rest_verified_never_both),
		cmocka_unit_test(a_message_is_put_together_as_it_came),
		cmocka_unit_test(forged_results_of_ours_go_from_the_last_to_the_first),
		cmocka_unit_test(what_passes_is_taken_and_told),
		cmocka_unit_test(a_message_is_refused_only_where_that_is_wanted),
		cmocka_unit_test(a_refusal_in_the_log_says_what_to_change),
		cmocka_unit_test(what_is_signed_verifies_by_every_key_of_the_domain),
		cmocka_unit_test(mail_going_out_is_looked_at_as_its_receivers_will),
		cmocka_unit_test(what_is_too_large_is_left_alone),
		cmocka_unit_test(what_is_passed_on_is_sealed_where_that_is_asked),
		cmocka_unit_test(a_key_table_is_read_or_its_fault_told),
		cmocka_unit_test(a_domain_is_signed_by_its_own_keys_or_those_above),
		cmocka_unit_test(a_network_holds_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
