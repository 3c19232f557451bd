/*
 * todoku check: would Gmail take this domain's mail, and what is to be mended?
 */
#include <stdio.h>

#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "cmd/operand.h"
#include "intake/complain.h"
#include "intake/sender.h"
#include "render/html_check.h"
#include "message/header.h"
#include "message/mime.h"
#include "message/received.h"

enum { KEY_SIZE_MAX = 64 * 1024, DOMAINS_SIZE_MAX = 16 * 1024 * 1024, LOG_SIZE_MAX = 256 * 1024 * 1024 };

struct check_options {
	struct dns_session_options judge;
	struct ip_address ips[CHECK_IPS_MAX];
	size_t n_ips;
	struct span selectors[CHECK_SELECTORS_MAX];
	size_t n_selectors;
	struct span helo, mail_from;
	bool has_mail_from, bulk, restored, csv, html;
	const char *message, *key, *log, *suffixes, *domains;
};

static const struct option_row rows[] = {
	{ 'M', 0, false, "message", "FILE",
	    { "a message of the domain, as it was sent (- for standard input)",
		"そのドメインから送信したメール(- なら標準入力)" } },
	{ 'i', 'i', true, "ip", "ADDRESS",
	    { "a sending host's address (repeatable)", "送信元の IP アドレス(複数可)" } },
	{ 'e', 'e', false, "helo", "NAME", { "the name it gives in HELO or EHLO", "HELO または EHLO で名乗る名前" } },
	{ 'm', 'm', false, "mail-from", "ADDRESS",
	    { "the envelope sender (else the message's Return-Path:, or the domain's)",
		"エンベロープ From(省略時はメールの Return-Path、またはこのドメイン)" } },
	{ 's', 's', true, "selector", "NAME",
	    { "a DKIM selector (repeatable; those of the message are taken, too)",
		"DKIM のセレクター(複数可。メールのものも対象)" } },
	{ 'k', 'k', false, "key", "FILE",
	    { "the signer's private or public key (PEM): is it the one that is published?",
		"署名に使う鍵(PEM)。公開されている鍵と一致するか" } },
	{ 'L', 0, false, "log", "FILE",
	    { "a log in which OpenDKIM names its selectors", "OpenDKIM がセレクターを記録したログ" } },
	{ 'b', 'b', false, "bulk", NULL,
	    { "also what is asked of bulk senders, as failures", "一括送信者の要件も必須として判定する" } },
	{ 'f', 0, false, "domains", "FILE",
	    { "domains, one a line (- for standard input)", "ドメインの一覧、1 行に 1 つ(- なら標準入力)" } },
	{ 'C', 0, false, "csv", NULL, { "a line of CSV for each finding", "検査項目ごとに CSV の 1 行で出力する" } },
	{ 'H', 0, false, "html", NULL,
	    { "one page that stands alone (of one domain)",
		"単体で開ける 1 ページの HTML で出力する(ドメイン 1 つ)" } },
	{ 'p', 0, false, "psl", "FILE",
	    { "a public suffix list (else the built-in one)", "公開サフィックスリスト(省略時は内蔵)" } },
};

static const struct usage usage = {
	.command = "check",
	.synopsis = "DOMAIN... [OPTION...]",
	.about = { "Everything that Gmail asks of senders, before anything is sent: passed, to look at,\n"
		   "failed, or not known from here; how to mend it; and the reply that Gmail would give.\n",
	    "Gmail の送信者向け要件を、送信する前にすべて確認します。合格・注意・不合格・不明と、直し方、\n"
	    "Gmail が返すはずの応答を表示します。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 nothing failed, 1 something failed, 64 usage, 65 unreadable input,\n"
		   "74 I/O error, 75 nothing failed, but the DNS did not answer everything.",
	    "終了ステータス: 0 不合格なし、1 不合格あり、64 使い方の誤り、65 読めない入力、74 入出力エラー、\n"
	    "75 不合格はないが、DNS から得られない応答があった。" },
};

static bool
add_ip(struct arena *arena, struct check_options *o, enum lang lang, const char *value)
{
	if (o->n_ips == CHECK_IPS_MAX) {
		complain(lang == LANG_JA ? "todoku: --ip は %d 個までです\n" : "todoku: --ip can be given %d times\n",
		    CHECK_IPS_MAX);
		return false;
	}
	if (!operand_ip(arena, lang, "--ip", value, &o->ips[o->n_ips]))
		return false;
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
take_option(struct arena *arena, struct check_options *o, enum lang lang, int letter, const char *value)
{
	struct span selector;

	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'i': return add_ip(arena, o, lang, value);
	case 'M': o->message = value; return true;
	case 'e': return operand_name(arena, lang, "--helo", value, &o->helo);
	case 'm': o->has_mail_from = true; return operand_address(arena, lang, "--mail-from", value, &o->mail_from);
	case 's':
		if (!operand_domain(arena, lang, "--selector", value, &selector))
			return false;
		add_selector(o, selector);
		return true;
	case 'k': o->key = value; return true;
	case 'L': o->log = value; return true;
	case 'b': o->bulk = true; return true;
	case 'f': o->domains = value; return true;
	case 'C': o->csv = true; return true;
	case 'H': o->html = true; return true;
	case 'p': o->suffixes = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct arena *arena, struct check_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
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
		complain("todoku: %s: not a key in PEM, RSA or Ed25519\n", path);
	return bytes->len > 0;
}

/* What is evaluated of a message. */
struct mail {
	struct authentication_query query;
	struct authentication *found;
	struct rfc5322_form form;
	struct received received;
	bool has_received;
};

static void
take_selectors(struct check_options *o, const struct mail *mail, struct span domain)
{
	struct header_field f;
	struct span header, body;

	header_split(header_start(mail->query.message), &header, &body);
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
	if (!dns_session_read_message(arena, o->message, &mail->query.message, &o->restored))
		return false;
	mail->query.helo = o->helo;
	mail->query.mail_from = o->mail_from;
	mail->query.has_mail_from = o->has_mail_from;
	mail->query.has_ip = o->n_ips > 0;
	mail->query.ip = o->ips[0];
	sender_take_from_message(arena, &mail->query, &sources);
	header_split(header_start(mail->query.message), &header, &body);
	mail->has_received = received_find_border(header, &mail->received);
	if (o->n_ips == 0 && mail->query.has_ip)
		o->ips[o->n_ips++] = mail->query.ip;
	take_selectors(o, mail, domain);
	rfc5322_form_check(arena, mail->query.message, o->restored, &mail->form);
	return true;
}

static int
write_out(const struct check_options *o, const struct check_view *v, bool known)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (o->csv)
		sender_check_write_csv(&out, common->lang, v);
	else if (o->html)
		html_check_write(&out, common->lang, v);
	else if (common->json)
		sender_check_write_json(&out, v);
	else
		sender_check_write_text(&out, &terminal, common->lang, v);
	status = dns_session_print(&out);
	out_deinit(&out);
	if (status != 0)
		return status;
	if (v->check->n_failed > 0 || forecast_is_refused(v->forecast))
		return 1;
	return known && sender_check_unanswered(v->check) == 0 ? 0 : EXIT_TEMPORARY;
}

/* Of the domain, sound in form and not signed. */
static struct span
plain_message(struct arena *arena, struct span domain)
{
	struct out out = { 0 };
	struct span message;

	out_str(&out, "From: postmaster@");
	out_span(&out, domain);
	out_str(&out, "\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@");
	out_span(&out, domain);
	out_str(&out, ">\r\n\r\n\r\n");
	message = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return message;
}

/* What stands for a message where there is none: the domain's own SPF and the address's name. */
static void
stand_in(struct arena *arena, const struct check_options *o, struct span domain, struct mail *mail)
{
	static const char who[] = "postmaster@";
	char *to = arena_take(arena, sizeof(who) + domain.len);

	memcpy(to, who, sizeof(who) - 1);
	memcpy(to + sizeof(who) - 1, domain.at, domain.len);
	mail->query = (struct authentication_query){ .message = plain_message(arena, domain),
		.ip = o->ips[0],
		.has_ip = o->n_ips > 0,
		.helo = o->helo.len ? o->helo : domain,
		.mail_from = { to, sizeof(who) - 1 + domain.len },
		.has_mail_from = true,
		.receiver = { "", 0 } };
}

/* There is no SPF record that could let a host pass. */
static bool
passes_for_nobody(const struct sender_check *check)
{
	for (size_t i = 0; i < check->n; i++)
		if (check->items[i].what == CHECK_SPF_NONE || check->items[i].what == CHECK_SPF_SEVERAL)
			return true;
	return false;
}

static int
evaluate(
    struct arena *arena, struct check_options *o, struct span domain, struct sender_check_query *q, struct mail *mail)
{
	struct sender_check *check = arena_take_items(arena, 1, sizeof(*check));
	struct forecast forecast = { .n = 0 };
	struct check_view v = {
		.domain = domain, .check = check, .forecast = &forecast, .catalog = &catalog_builtin, .bulk = o->bulk
	};
	struct dns_session j;
	bool known;
	int status = dns_session_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	mail->query.now = q->now = j.now;
	authentication_init(arena, q->crypto, &mail->query, mail->found);
	do {
		known = authentication_evaluate(arena, &mail->query, &j.answers, mail->found);
		known = sender_check_evaluate(arena, q, &j.answers, check) && known;
	} while (!known && dns_session_answer(&j));
	if (check->n == 0 || check->items[0].what != CHECK_NO_DOMAIN)
		forecast_make(arena,
		    &(struct receiver_facts){ .policy = policy_built_in(o->bulk ? "google-bulk" : "google"),
			.query = &mail->query,
			.found = mail->found,
			.form = &mail->form },
		    &(struct forecast_unknown){ o->message == NULL, passes_for_nobody(check) }, &forecast);
	v.ip = mail->query.has_ip ? &mail->query.ip : NULL;
	status = dns_session_close(&j);
	return status ? status : write_out(o, &v, known);
}

/* One domain; what is found out of it stays out of the next one's. */
static int
check_domain(struct arena *arena, struct check_options o, const char *name)
{
	struct mail mail = { .found = arena_take(arena, sizeof(*mail.found)) };
	struct sender_check_query q = { .bulk = o.bulk, .public_key = { "", 0 } };
	struct public_suffixes *suffixes;
	int status = EXIT_UNREADABLE;
	struct span domain;

	if (!operand_domain(arena, o.judge.common.lang, "DOMAIN", name, &domain))
		return EXIT_USAGE;
	suffixes = dns_session_read_suffixes(arena, o.suffixes);
	q.crypto = crypto_create();
	if (suffixes != NULL && open_mail(arena, &o, &mail, domain) && (o.log == NULL || read_log(arena, &o, domain)) &&
	    (o.key == NULL || read_key(arena, o.key, &q.public_key))) {
		if (o.message == NULL)
			stand_in(arena, &o, domain, &mail);
		mail.query.suffixes = suffixes;
		q.domain = domain;
		q.catalog = &catalog_builtin;
		q.ips = o.ips;
		q.n_ips = o.n_ips;
		q.helo = o.helo.len ? o.helo : o.message ? mail.query.helo : (struct span){ "", 0 };
		q.selectors = o.selectors;
		q.n_selectors = o.n_selectors;
		q.mail = o.message ? mail.found : NULL;
		q.mail_query = &mail.query;
		q.form = &mail.form;
		q.mail_has_tls = mail.has_received;
		q.mail_tls = mail.received.tls;
		status = evaluate(arena, &o, domain, &q, &mail);
	}
	crypto_free(q.crypto);
	public_suffixes_free(suffixes);
	return status;
}

/* Failed before not known before nothing failed; what could not be done at all before either. */
static int
worse(int a, int b)
{
	static const int order[] = { 0, EXIT_TEMPORARY, 1, EXIT_USAGE, EXIT_UNREADABLE, EXIT_IO };
	size_t i = 0, k = 0;

	while (order[i] != a)
		i++;
	while (order[k] != b)
		k++;
	return order[i > k ? i : k];
}

static void
part(const struct check_options *o, size_t number)
{
	if (o->csv && number == 0)
		puts(SENDER_CHECK_CSV_HEAD);
	else if (!o->csv && !o->html && !o->judge.common.json && number > 0)
		putchar('\n');
}

static int
check_listed(struct arena *arena, const struct check_options *o, size_t *number)
{
	const char *const file = strcmp(o->domains, "-") == 0 ? "/dev/stdin" : o->domains;
	struct span text, line;
	int status = 0;

	if (!options_read_file(arena, file, DOMAINS_SIZE_MAX, &text))
		return EXIT_UNREADABLE;
	while (span_take_line(&text, &line)) {
		struct arena own = { 0 };

		line = span_trim(span_first(line, span_index(line, '#')));
		if (line.len > 0) {
			char *name = arena_take(&own, line.len + 1);

			memcpy(name, line.at, line.len);
			name[line.len] = '\0';
			part(o, (*number)++);
			status = worse(status, check_domain(&own, *o, name));
		}
		arena_deinit(&own);
	}
	return status;
}

static int
run(struct arena *arena, struct check_options *o, char **names, int n)
{
	size_t number = 0;
	int status = 0;

	for (int i = 0; i < n; i++) {
		struct arena own = { 0 };

		part(o, number++);
		status = worse(status, check_domain(&own, *o, names[i]));
		arena_deinit(&own);
	}
	return o->domains ? worse(status, check_listed(arena, o, &number)) : status;
}

int
cmd_check(int argc, char **argv)
{
	static const struct span empty = { "", 0 };
	struct check_options o = { .helo = empty, .mail_from = empty };
	struct arena arena = { 0 };
	const bool sound = read_options(&arena, &o, argc, argv);
	const enum lang lang = o.judge.common.lang;
	int status = EXIT_USAGE;

	if (sound && o.judge.common.help) {
		usage_write(stdout, &usage, lang);
		status = 0;
	} else if (sound && optind == argc && o.domains == NULL) {
		status = usage_refuse(&usage, lang, "a domain is wanted", "ドメインを指定してください");
	} else if (sound && o.message != NULL && (optind + 1 != argc || o.domains != NULL)) {
		status = usage_refuse(
		    &usage, lang, "--message goes with one domain", "--message を使うときのドメインは 1 つです");
	} else if (sound) {
		status = run(&arena, &o, argv + optind, argc - optind);
	}
	arena_deinit(&arena);
	return status;
}
