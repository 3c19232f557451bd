/*
 * todoku check: would Gmail take this domain's mail, and what is to be mended?
 */
#include <stdio.h>

#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/judge.h"
#include "cmd/sender.h"
#include "dns/idn.h"
#include "render/check.h"
#include "wire/header.h"
#include "wire/mime.h"
#include "wire/received.h"

enum { KEY_SIZE_MAX = 64 * 1024, LOG_SIZE_MAX = 256 * 1024 * 1024 };

struct check_options {
	struct judge_options judge;
	struct ip_address ips[CHECK_IPS_MAX];
	size_t n_ips;
	struct span selectors[CHECK_SELECTORS_MAX];
	size_t n_selectors;
	struct span helo, mail_from;
	bool has_mail_from, bulk, restored;
	const char *message, *key, *log, *suffixes;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku check DOMAIN [OPTION...]\n\n"
	      "Everything that Gmail asks of senders, before anything is sent: passed, to look at,\n"
	      "failed, or not known from here; how to mend it; and the reply that Gmail would give.\n\n"
	      "  --message FILE       a message of the domain, as it was sent (- for standard input)\n"
	      "  --ip ADDRESS         a sending host's address (repeatable)\n"
	      "  --helo NAME          the name it gives in HELO or EHLO\n"
	      "  --mail-from ADDRESS  the envelope sender (else the message's Return-Path:, or the domain's)\n"
	      "  --selector NAME      a DKIM selector (repeatable; those of the message are taken, too)\n"
	      "  --key FILE           the signer's private or public key (PEM): is it the one that is published?\n"
	      "  --log FILE           a log in which OpenDKIM names its selectors\n"
	      "  --bulk               also what is asked of bulk senders, as failures\n"
	      "  --psl FILE           a public suffix list (else the built-in one)\n" JUDGE_USAGE
	      "\nExit status: 0 nothing failed, 1 something failed, 64 usage, 65 unreadable input,\n"
	      "74 I/O error, 75 nothing failed, but the DNS did not answer everything.\n",
	    to);
}

static bool
add_ip(struct check_options *o, const char *value)
{
	if (o->n_ips == CHECK_IPS_MAX || !ip_address_read(span_of(value), &o->ips[o->n_ips])) {
		fprintf(stderr, "todoku: --ip takes an IPv4 or IPv6 address, at most %d times, not '%s'\n",
		    CHECK_IPS_MAX, value);
		return false;
	}
	o->n_ips++;
	return true;
}

static void
add_selector(struct check_options *o, struct span selector)
{
	for (size_t i = 0; i < o->n_selectors; i++)
		if (span_equal_folded(o->selectors[i], selector))
			return;
	if (o->n_selectors < CHECK_SELECTORS_MAX && selector.len > 0)
		o->selectors[o->n_selectors++] = selector;
}

static bool
take_option(struct check_options *o, int letter, const char *value)
{
	switch (letter) {
	case 'i': return add_ip(o, value);
	case 'M': o->message = value; return true;
	case 'e': o->helo = span_of(value); return true;
	case 'm':
		o->mail_from = span_of(strcmp(value, "<>") == 0 ? "" : value);
		o->has_mail_from = true;
		return true;
	case 's': add_selector(o, span_of(value)); return true;
	case 'k': o->key = value; return true;
	case 'L': o->log = value; return true;
	case 'b': o->bulk = true; return true;
	case 'p': o->suffixes = value; return true;
	default: return judge_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct check_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "message", required_argument, NULL, 'M' },
		{ "ip", required_argument, NULL, 'i' }, { "helo", required_argument, NULL, 'e' },
		{ "mail-from", required_argument, NULL, 'm' }, { "selector", required_argument, NULL, 's' },
		{ "key", required_argument, NULL, 'k' }, { "log", required_argument, NULL, 'L' },
		{ "bulk", no_argument, NULL, 'b' }, { "psl", required_argument, NULL, 'p' }, JUDGE_OPTIONS };
	int c;

	judge_options_init(&o->judge, argv);
	while ((c = getopt_long(argc, argv, "i:e:m:s:k:b" JUDGE_LETTERS, known, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	return true;
}

/* "DKIM-Signature field added (s=mail, d=example.jp)": the selectors of this domain. */
static bool
read_log(struct arena *arena, struct check_options *o, struct span domain)
{
	static const char mark[] = "DKIM-Signature field added (s=";
	struct span text;

	if (!options_read_file(arena, o->log, LOG_SIZE_MAX, &text))
		return false;
	for (const char *at; (at = memmem(text.at, text.len, mark, sizeof(mark) - 1)) != NULL;) {
		struct span selector, of;

		text = span_skip(text, (size_t)(at - text.at) + sizeof(mark) - 1);
		selector = span_first(text, span_index(text, ','));
		of = span_skip(text, selector.len);
		of = span_first(of, span_index(of, ')'));
		if (of.len > 4 && span_equal_folded(span_skip(of, 4), domain)) /* ", d=" */
			add_selector(o, selector);
	}
	return true;
}

/* The key file's public half, as a record's p= decodes. */
static bool
read_key(struct arena *arena, const char *path, struct span *bytes)
{
	struct crypto_private *key;
	struct span pem;

	if (!options_read_file(arena, path, KEY_SIZE_MAX, &pem))
		return false;
	key = crypto_read_private(pem);
	*bytes = key ? crypto_public_bytes(arena, key) : crypto_read_public(arena, pem);
	crypto_free_private(key);
	if (bytes->len == 0)
		fprintf(stderr, "todoku: %s: not a key in PEM, RSA or Ed25519\n", path);
	return bytes->len > 0;
}

/* What is evaluated of a message. */
struct mail {
	struct authentication_query query;
	struct authentication *found;
	struct message_form form;
	struct received received;
	bool has_received;
};

static void
take_selectors(struct check_options *o, const struct mail *mail, struct span domain)
{
	struct header_field f;
	struct span header, body;

	header_split(mail->query.message, &header, &body);
	while (header_take_field(&header, &f)) {
		struct dkim_signature s;

		if (span_equal_folded(f.name, span_of("dkim-signature")) &&
		    dkim_signature_parse(DKIM_SIGNATURE, f.value, &s) && span_equal_folded(s.domain, domain))
			add_selector(o, s.selector);
	}
}

static bool
open_mail(struct arena *arena, struct check_options *o, struct mail *mail, struct span domain)
{
	struct sender_sources sources;
	struct span header, body;

	if (o->message == NULL)
		return true;
	if (!judge_read_message(arena, o->message, &mail->query.message, &o->restored))
		return false;
	mail->query.helo = o->helo;
	mail->query.mail_from = o->mail_from;
	mail->query.has_mail_from = o->has_mail_from;
	mail->query.has_ip = o->n_ips > 0;
	mail->query.ip = o->ips[0];
	sender_take_from_message(arena, &mail->query, &sources);
	header_split(mail->query.message, &header, &body);
	mail->has_received = received_find_border(header, &mail->received);
	if (o->n_ips == 0 && mail->query.has_ip)
		o->ips[o->n_ips++] = mail->query.ip;
	take_selectors(o, mail, domain);
	message_form_check(arena, mail->query.message, o->restored, &mail->form);
	return true;
}

static int
write_out(const struct check_options *o, const struct check_view *v, bool known)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json)
		check_write_json(&out, common->lang, v);
	else
		check_write_text(&out, &terminal, common->lang, v);
	status = judge_print(&out);
	out_deinit(&out);
	if (status != 0)
		return status;
	if (v->check->n_failed > 0 || (v->answer != NULL && v->answer->n > 0))
		return 1;
	for (size_t i = 0; i < v->check->n; i++) {
		const enum check_what what = v->check->items[i].what;

		known = known && what != CHECK_SPF_UNKNOWN && what != CHECK_IP_UNKNOWN && what != CHECK_PTR_UNKNOWN &&
		    what != CHECK_DKIM_UNKNOWN && what != CHECK_DMARC_UNKNOWN;
	}
	return known ? 0 : EXIT_TEMPORARY;
}

/* What stands for a message where there is none: the domain's own SPF and the address's name. */
static void
stand_in(struct arena *arena, const struct check_options *o, struct span domain, struct mail *mail)
{
	static const char who[] = "postmaster@";
	char *to = arena_take(arena, sizeof(who) + domain.len);

	memcpy(to, who, sizeof(who) - 1);
	memcpy(to + sizeof(who) - 1, domain.at, domain.len);
	mail->query = (struct authentication_query){ .message = { "", 0 },
		.ip = o->ips[0],
		.has_ip = true,
		.helo = o->helo.len ? o->helo : domain,
		.mail_from = { to, sizeof(who) - 1 + domain.len },
		.has_mail_from = true,
		.receiver = { "", 0 } };
}

static int
evaluate(struct arena *arena, struct check_options *o, struct span domain, struct check_query *q, struct mail *mail)
{
	struct check *check = arena_take_items(arena, 1, sizeof(*check));
	const bool judged = o->message != NULL || o->n_ips > 0;
	struct gmail_answer answer;
	struct check_view v = { .domain = domain, .check = check, .catalog = &catalog_builtin, .bulk = o->bulk };
	struct judge j;
	bool known;
	int status = judge_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	mail->query.now = q->now = j.now;
	if (judged)
		authentication_init(arena, q->crypto, &mail->query, mail->found);
	do {
		known = !judged || authentication_evaluate(arena, &mail->query, &j.answers, mail->found);
		known = check_evaluate(arena, q, &j.answers, check) && known;
	} while (!known && judge_answer(&j));
	if (judged) {
		gmail_judge(&(struct gmail_query){ .query = &mail->query,
				.found = mail->found,
				.form = o->message ? &mail->form : NULL,
				.bulk = o->bulk },
		    &answer);
		v.answer = &answer;
		v.ip = mail->query.has_ip ? &mail->query.ip : NULL;
	}
	status = judge_close(&j);
	return status ? status : write_out(o, &v, known);
}

static int
run(struct arena *arena, struct check_options *o, const char *name)
{
	struct mail mail = { .found = arena_take(arena, sizeof(*mail.found)) };
	struct check_query q = { .bulk = o->bulk, .public_key = { "", 0 } };
	struct public_suffixes *suffixes = judge_read_suffixes(arena, o->suffixes);
	int status = EXIT_UNREADABLE;
	struct span domain;

	if (!idn_to_ascii(arena, span_of(name), &domain)) {
		fprintf(stderr, "todoku: not a domain name: '%s'\n", name);
		public_suffixes_free(suffixes);
		return EXIT_USAGE;
	}
	q.crypto = crypto_create();
	if (suffixes != NULL && open_mail(arena, o, &mail, domain) && (o->log == NULL || read_log(arena, o, domain)) &&
	    (o->key == NULL || read_key(arena, o->key, &q.public_key))) {
		if (o->message == NULL && o->n_ips > 0)
			stand_in(arena, o, domain, &mail);
		mail.query.suffixes = suffixes;
		q.domain = domain;
		q.ips = o->ips;
		q.n_ips = o->n_ips;
		q.helo = o->helo.len ? o->helo : o->message ? mail.query.helo : (struct span){ "", 0 };
		q.selectors = o->selectors;
		q.n_selectors = o->n_selectors;
		q.mail = o->message ? mail.found : NULL;
		q.mail_query = &mail.query;
		q.form = &mail.form;
		q.mail_has_tls = mail.has_received;
		q.mail_tls = mail.received.tls;
		status = evaluate(arena, o, domain, &q, &mail);
	}
	crypto_free(q.crypto);
	public_suffixes_free(suffixes);
	return status;
}

int
cmd_check(int argc, char **argv)
{
	static const struct span empty = { "", 0 };
	struct check_options o = { .helo = empty, .mail_from = empty };
	struct arena arena = { 0 };
	bool sound = read_options(&o, argc, argv);
	int status;

	if (sound && o.judge.common.help) {
		tell_usage(stdout);
		return 0;
	}
	if (!sound || optind + 1 != argc) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	status = run(&arena, &o, argv[optind]);
	arena_deinit(&arena);
	return status;
}
