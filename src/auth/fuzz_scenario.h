/*
 * A small language that bytes of any kind are read as: a zone, a message that
 * is signed, sealed and changed on its way, and who hands it in. A mutation
 * makes another scenario, never a syntax error, so that fuzzers reach behind
 * signatures and records.
 *
 *	client 192.0.2.25 mail.example.jp a@example.jp
 *	spf example.jp a include:b.example.jp -all
 *	dmarc example.jp p=reject; adkim=s
 *	key rsa mail example.jp
 *	field Subject: order
 *	body Thank you.
 *	sign rsa relaxed/relaxed example.jp mail
 *	tag
 *
 * One step a line. A word that is not known stands for one that is.
 */
#ifndef AUTH_FUZZ_SCENARIO_H
#define AUTH_FUZZ_SCENARIO_H

#include "auth/arc_seal.h"
#include "auth/authentication.h"
#include "auth/dkim_sign.h"
#include "dns/reverse.h"
#include "dns/zone.h"

enum { SCENARIO_STEPS_MAX = 64, SCENARIO_SIGNATURES_MAX = 6, SCENARIO_KEYS = 3, SCENARIO_NOW = 1764000000 };

struct scenario {
	struct arena *arena;
	struct crypto *crypto;
	struct crypto_private *keys[SCENARIO_KEYS];
	struct out zone_text;
	struct zone zone;
	struct span message;
	struct ip_address ip;
	struct span helo, mail_from, domain; /* domain: of the first record */
	unsigned n_signatures;
};

struct scenario_words {
	const char *const *words;
	size_t n;
};

#define SCENARIO_WORDS(list) ((struct scenario_words){ list, sizeof(list) / sizeof((list)[0]) })

static inline struct span
scenario_take_word(struct span *rest)
{
	const size_t n = span_index(*rest, ' ');
	const struct span word = span_first(*rest, n);

	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return word;
}

static inline size_t
scenario_sum(struct span word)
{
	size_t sum = 0;

	for (size_t i = 0; i < word.len; i++)
		sum = sum * 31 + (uint8_t)word.at[i];
	return sum;
}

/* Which of the words is next. */
static inline size_t
scenario_pick(struct span *rest, struct scenario_words list)
{
	const struct span word = scenario_take_word(rest);

	for (size_t i = 0; i < list.n; i++)
		if (span_equal(word, span_of(list.words[i])))
			return i;
	return scenario_sum(word) % list.n;
}

static inline struct span
scenario_take_name(struct span *rest)
{
	static const char *const names[] = { "example.jp", "mail.example.jp", "b.example.jp", "example.com", "jp",
		"_dmarc.example.jp", "list.example.org", "*.example.jp" };
	const struct span word = span_first(*rest, span_index(*rest, ' '));

	for (size_t i = 0; i < word.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.*", word.at[i]) == NULL || word.at[i] == '\0')
			return span_of(names[scenario_pick(rest, SCENARIO_WORDS(names))]);
	if (word.len < 2 || word.at[word.len - 1] == '.' || !dns_name_is_sound(word))
		return span_of(names[scenario_pick(rest, SCENARIO_WORDS(names))]);
	return scenario_take_word(rest);
}

static inline struct ip_address
scenario_take_ip(struct span *rest)
{
	static const char *const addresses[] = { "192.0.2.25", "192.0.2.1", "2001:db8::25", "10.0.0.1", "127.0.0.1" };
	struct span word = scenario_take_word(rest);
	struct ip_address ip;

	if (!ip_address_read(word, &ip))
		ip_address_read(span_of(addresses[scenario_pick(&word, SCENARIO_WORDS(addresses))]), &ip);
	return ip;
}

static inline void
scenario_put_record(struct scenario *s, struct span name, const char *type, struct span data)
{
	out_span(&s->zone_text, name);
	out_str(&s->zone_text, ". ");
	out_str(&s->zone_text, type);
	out_char(&s->zone_text, ' ');
	out_span(&s->zone_text, data);
	out_char(&s->zone_text, '\n');
}

/* As strings of zone text: all but letters and digits as \DDD. */
static inline void
scenario_put_text(struct scenario *s, struct span name, const char *before, struct span text)
{
	struct out data = { 0 };

	out_char(&data, '"');
	out_str(&data, before);
	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = (uint8_t)text.at[i];

		if (i % 200 == 199)
			out_str(&data, "\" \"");
		if (ascii_is_alnum((char)c)) {
			out_char(&data, (char)c);
			continue;
		}
		out_char(&data, '\\');
		out_char(&data, (char)('0' + c / 100));
		out_char(&data, (char)('0' + c / 10 % 10));
		out_char(&data, (char)('0' + c % 10));
	}
	out_char(&data, '"');
	if (s->domain.len == 0)
		s->domain = arena_copy(s->arena, name);
	scenario_put_record(s, name, "TXT", out_view(&data));
	out_deinit(&data);
}

static inline struct span
scenario_join(struct scenario *s, const char *label, struct span name)
{
	struct out out = { 0 };
	struct span joined;

	out_str(&out, label);
	out_span(&out, name);
	joined = arena_copy(s->arena, out_view(&out));
	out_deinit(&out);
	return joined;
}

/* a, b and c, one behind the other. */
static inline void
scenario_set_message(struct scenario *s, struct span a, struct span b, struct span c)
{
	struct out out = { 0 };

	out_span(&out, a);
	out_span(&out, b);
	out_span(&out, c);
	s->message = arena_copy(s->arena, out_view(&out));
	out_deinit(&out);
}

static inline void
scenario_prepend(struct scenario *s, struct span field)
{
	scenario_set_message(s, field, s->message, (struct span){ "", 0 });
}

static inline void
scenario_client(struct scenario *s, struct span rest)
{
	s->ip = scenario_take_ip(&rest);
	s->helo = scenario_take_word(&rest);
	s->mail_from = rest;
}

static inline void
scenario_spf(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);

	scenario_put_text(s, name, "v=spf1 ", rest);
}

static inline void
scenario_dmarc(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);

	scenario_put_text(s, scenario_join(s, "_dmarc.", name), "v=DMARC1; ", rest);
}

static inline void
scenario_txt(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);

	scenario_put_text(s, name, "", rest);
}

static inline void
scenario_address(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);
	const struct ip_address ip = scenario_take_ip(&rest);
	char text[IP_ADDRESS_TEXT_MAX];

	scenario_put_record(s, name, ip.is_v6 ? "AAAA" : "A", (struct span){ text, ip_address_write(&ip, text) });
}

/* A record that holds a name: `mx example.jp mail.example.jp`. */
static inline void
scenario_put_named(struct scenario *s, struct span name, const char *type, const char *before, struct span rest)
{
	const struct span target = scenario_join(s, before, scenario_take_name(&rest));

	scenario_put_record(s, name, type, scenario_join(s, "", target));
	s->zone_text.at[s->zone_text.len - 1] = '.';
	out_char(&s->zone_text, '\n');
}

static inline void
scenario_mx(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);

	scenario_put_named(s, name, "MX", "10 ", rest);
}

static inline void
scenario_cname(struct scenario *s, struct span rest)
{
	const struct span name = scenario_take_name(&rest);

	scenario_put_named(s, name, "CNAME", "", rest);
}

static inline void
scenario_ptr(struct scenario *s, struct span rest)
{
	const struct ip_address ip = scenario_take_ip(&rest);

	scenario_put_named(s, dns_reverse_name(s->arena, &ip), "PTR", "", rest);
}

static inline void
scenario_fails(struct scenario *s, struct span rest)
{
	scenario_put_record(s, scenario_take_name(&rest), "SERVFAIL", (struct span){ "", 0 });
}

static inline struct crypto_private *
scenario_take_key(struct scenario *s, struct span *rest)
{
	static const char *const names[SCENARIO_KEYS] = { "rsa", "ed25519", "other" };

	return s->keys[scenario_pick(rest, SCENARIO_WORDS(names))];
}

static inline void
scenario_key(struct scenario *s, struct span rest)
{
	struct crypto_private *key = scenario_take_key(s, &rest);
	const struct span selector = scenario_take_name(&rest), domain = scenario_take_name(&rest);
	const struct span below = scenario_join(s, "._domainkey.", domain);
	struct out name = { 0 };

	out_span(&name, selector);
	out_span(&name, below);
	if (dns_name_is_sound(out_view(&name)))
		scenario_put_text(s, out_view(&name), "", dkim_key_record(s->arena, key));
	out_deinit(&name);
}

static inline void
scenario_field(struct scenario *s, struct span rest)
{
	scenario_prepend(s, span_of("\r\n"));
	scenario_prepend(s, rest);
}

static inline void
scenario_body(struct scenario *s, struct span rest)
{
	scenario_set_message(s, s->message, rest, span_of("\r\n"));
}

static inline void
scenario_sign(struct scenario *s, struct span rest)
{
	static const char *const ways[] = { "relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple" };
	struct dkim_signing signing = { .key = scenario_take_key(s, &rest), .now = SCENARIO_NOW };
	const size_t way = scenario_pick(&rest, SCENARIO_WORDS(ways));
	struct dkim_message m;

	signing.header = way < 2 ? CANONICALIZATION_RELAXED : CANONICALIZATION_SIMPLE;
	signing.body = way % 2 == 0 ? CANONICALIZATION_RELAXED : CANONICALIZATION_SIMPLE;
	signing.domain = scenario_take_name(&rest);
	signing.selector = scenario_take_name(&rest);
	signing.headers = (struct span){ "", 0 };
	signing.identity = (struct span){ "", 0 };
	signing.copy = span_equal(rest, span_of("copies"));
	if (s->n_signatures++ >= SCENARIO_SIGNATURES_MAX)
		return;
	dkim_message_init(&m, s->arena, s->crypto, s->message);
	scenario_prepend(s, dkim_sign(&m, &signing));
}

/* With the zone as it is so far. */
static inline bool
scenario_parse_zone(struct scenario *s)
{
	struct zone_fault fault;

	return zone_parse(s->arena, out_view(&s->zone_text), &s->zone, &fault);
}

static inline void
scenario_seal(struct scenario *s, struct span rest)
{
	struct arc_sealing sealing = { .key = scenario_take_key(s, &rest),
		.results = span_of("mx.example.org; spf=pass smtp.mailfrom=a@example.jp"),
		.now = SCENARIO_NOW };
	struct arc_evaluation *found = arena_take_items(s->arena, 1, sizeof(*found));
	struct dns_answers *answers = arena_take_items(s->arena, 1, sizeof(*answers));
	struct dkim_message m;
	struct arc_seal seal;

	sealing.domain = scenario_take_name(&rest);
	sealing.selector = scenario_take_name(&rest);
	if (s->n_signatures++ >= SCENARIO_SIGNATURES_MAX || !scenario_parse_zone(s))
		return;
	dns_answers_init(answers, s->arena);
	dkim_message_init(&m, s->arena, s->crypto, s->message);
	arc_validate(&m, SCENARIO_NOW, answers, found);
	zone_answer(&s->zone, answers);
	arc_validate(&m, SCENARIO_NOW, answers, found);
	if (found->result == ARC_NEEDS_ANSWERS || !arc_seal(&m, found, &sealing, &seal))
		return;
	scenario_prepend(s, seal.results);
	scenario_prepend(s, seal.signature);
	scenario_prepend(s, seal.seal);
}

/* One byte of the message becomes another: `change 120 x`. */
static inline void
scenario_change(struct scenario *s, struct span rest)
{
	const struct span number = scenario_take_word(&rest);
	size_t at = 0;

	for (size_t i = 0; i < number.len && i < 6; i++)
		at = at * 10 + (uint8_t)(number.at[i] - '0');
	if (s->message.len == 0)
		return;
	at %= s->message.len;
	scenario_set_message(s, span_first(s->message, at), span_first(rest, 1), span_skip(s->message, at + 1));
}

/* As a list marks a subject. */
static inline void
scenario_tag(struct scenario *s, struct span rest)
{
	const char *at = s->message.len > 0 ? memmem(s->message.at, s->message.len, "Subject: ", 9) : NULL;
	const size_t n = at != NULL ? (size_t)(at - s->message.at) + 9 : 0;

	(void)rest;
	scenario_set_message(s, span_first(s->message, n), span_of("[list] "), span_skip(s->message, n));
}

static inline void
scenario_footer(struct scenario *s, struct span rest)
{
	(void)rest;
	scenario_set_message(s, s->message, span_of("-- \r\nlist footer\r\n"), (struct span){ "", 0 });
}

/* The first words become others: `replace =E3=81=82 44GC`. A _ stands for a line end. */
static inline void
scenario_replace(struct scenario *s, struct span rest)
{
	const struct span old = scenario_take_word(&rest);
	const char *at = old.len > 0 && s->message.len > 0 ? memmem(s->message.at, s->message.len, old.at, old.len)
							   : NULL;
	const size_t n = at != NULL ? (size_t)(at - s->message.at) : 0;
	struct out words = { 0 };

	if (at == NULL)
		return;
	for (size_t i = 0; i < rest.len; i++)
		out_str(&words, rest.at[i] == '_' ? "\r\n" : (const char[]){ rest.at[i], '\0' });
	scenario_set_message(s, span_first(s->message, n), out_view(&words), span_skip(s->message, n + old.len));
	out_deinit(&words);
}

/* Its first line with these words goes. */
static inline void
scenario_drop(struct scenario *s, struct span rest)
{
	const char *at = rest.len > 0 && s->message.len > 0 ? memmem(s->message.at, s->message.len, rest.at, rest.len)
							    : NULL;
	const size_t n = at != NULL ? (size_t)(at - s->message.at) : s->message.len;
	struct span behind = span_skip(s->message, n), line;

	if (span_take_line(&behind, &line))
		scenario_set_message(s, span_first(s->message, n), behind, (struct span){ "", 0 });
}

static const struct {
	const char *name;
	void (*play)(struct scenario *s, struct span rest);
} scenario_steps[] = { { "client", scenario_client }, { "spf", scenario_spf }, { "dmarc", scenario_dmarc },
	{ "txt", scenario_txt }, { "a", scenario_address }, { "mx", scenario_mx }, { "cname", scenario_cname },
	{ "ptr", scenario_ptr }, { "fails", scenario_fails }, { "key", scenario_key }, { "field", scenario_field },
	{ "body", scenario_body }, { "sign", scenario_sign }, { "seal", scenario_seal }, { "change", scenario_change },
	{ "tag", scenario_tag }, { "replace", scenario_replace }, { "footer", scenario_footer },
	{ "drop", scenario_drop } };

static inline void
scenario_play_line(struct scenario *s, struct span line)
{
	enum { STEPS = sizeof(scenario_steps) / sizeof(scenario_steps[0]) };
	const struct span word = scenario_take_word(&line);
	size_t i = 0;

	while (i < STEPS && !span_equal(word, span_of(scenario_steps[i].name)))
		i++;
	scenario_steps[i < STEPS ? i : scenario_sum(word) % STEPS].play(s, line);
}

/* Keys live as long as the process. False: its zone is none. */
static inline bool
scenario_read(struct scenario *s, struct arena *arena, struct span bytes)
{
	static struct crypto *crypto;
	static struct crypto_private *keys[SCENARIO_KEYS];
	struct span line;
	unsigned n = 0;

	if (crypto == NULL) {
		crypto = crypto_create();
		for (int i = 0; i < SCENARIO_KEYS; i++)
			keys[i] = crypto_make_private(i == 1 ? DKIM_KEY_ED25519 : DKIM_KEY_RSA, 1024);
	}
	*s = (struct scenario){ .arena = arena,
		.crypto = crypto,
		.message = { "\r\n", 2 },
		.helo = { "mail.example.jp", 15 },
		.mail_from = { "a@example.jp", 12 },
		.ip = { { 192, 0, 2, 25 }, false } };
	memcpy(s->keys, keys, sizeof(keys));
	while (n++ < SCENARIO_STEPS_MAX && span_take_line(&bytes, &line))
		scenario_play_line(s, line);
	if (s->domain.len == 0)
		s->domain = span_of("example.jp");
	return scenario_parse_zone(s);
}

static inline struct authentication_query
scenario_query(const struct scenario *s)
{
	static struct public_suffixes *suffixes;

	if (suffixes == NULL)
		suffixes = public_suffixes_builtin();
	return (struct authentication_query){ .message = s->message,
		.ip = s->ip,
		.has_ip = true,
		.helo = s->helo,
		.mail_from = s->mail_from,
		.has_mail_from = true,
		.receiver = { "", 0 },
		.now = SCENARIO_NOW,
		.suffixes = suffixes };
}

static inline void
scenario_end(struct scenario *s)
{
	out_deinit(&s->zone_text);
	arena_deinit(s->arena);
}

#endif
