/*
 * todoku verify: is this message what it says it is?
 */
#include <stdio.h>
#include <unistd.h>

#include "auth/authentication.h"
#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "cmd/operand.h"
#include "intake/complain.h"
#include "render/authentication_results.h"
#include "render/html_verify.h"

enum { HOST_SIZE_MAX = 256 };

struct verify_options {
	struct dns_session_options judge;
	struct authentication_query query;
	const char *suffixes;
	struct span authserv_id;
	bool results_only, restored, html;
};

static const struct option_row rows[] = {
	{ 'i', 'i', false, "ip", "ADDRESS",
	    { "the sending host's, IPv4 or IPv6", "送信元の IP アドレス(IPv4 または IPv6)" } },
	{ 'e', 'e', false, "helo", "NAME", { "the name in HELO or EHLO", "HELO または EHLO の名前" } },
	{ 'm', 'm', false, "mail-from", "ADDRESS",
	    { "the envelope sender; <> for none", "エンベロープ From(<> なら「なし」)" } },
	{ 'A', 0, false, "authserv-id", "NAME",
	    { "who says so, in Authentication-Results (else this host)",
		"Authentication-Results に書く判定者の名前(省略時はこのホスト)" } },
	{ 'r', 'r', false, "results", NULL,
	    { "print the Authentication-Results field alone", "Authentication-Results フィールドだけを表示する" } },
	{ 'H', 0, false, "html", NULL, { "one page that stands alone", "単体で開ける 1 ページの HTML で出力する" } },
	{ 'p', 0, false, "psl", "FILE",
	    { "a public suffix list (else the built-in one)", "公開サフィックスリスト(省略時は内蔵)" } },
};

static const struct usage usage = {
	.command = "verify",
	.synopsis = "MESSAGE [OPTION...]",
	.about = { "Evaluates SPF, DKIM, DMARC, ARC and the reverse name for a message (a file, or - for\n"
		   "standard input). What is not given is taken from its own Received: and Return-Path:.\n",
	    "メール(ファイル。- なら標準入力)の SPF・DKIM・DMARC・ARC・逆引きを評価します。\n"
	    "指定のないものはメールの Received と Return-Path から読み取ります。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 it would be accepted, 1 it fails, 64 usage, 65 unreadable input,\n"
		   "74 I/O error, 75 it cannot be told now.",
	    "終了ステータス: 0 受け取られる、1 失敗、64 使い方の誤り、65 読めない入力、74 入出力エラー、75 判定不能。" },
};

static bool
take_option(struct arena *arena, struct verify_options *o, enum lang lang, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'i': return o->query.has_ip = operand_ip(arena, lang, "--ip", value, &o->query.ip);
	case 'e': return operand_name(arena, lang, "--helo", value, &o->query.helo);
	case 'm':
		o->query.has_mail_from = true;
		return operand_address(arena, lang, "--mail-from", value, &o->query.mail_from);
	case 'A': return operand_name(arena, lang, "--authserv-id", value, &o->authserv_id);
	case 'r': o->results_only = true; return true;
	case 'H': o->html = true; return true;
	case 'p': o->suffixes = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct arena *arena, struct verify_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
			return false;
	return true;
}

static int
judge_status(const struct authentication *a)
{
	static const int statuses[] = { [AUTHENTICATION_ACCEPTED] = 0,
		[AUTHENTICATION_REFUSED] = 1,
		[AUTHENTICATION_UNKNOWN_NOW] = EXIT_TEMPORARY };

	return statuses[authentication_acceptance(a)];
}

static int
write_out(const struct verify_options *o, const struct verify_view *v)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json) {
		verify_write_json(&out, v);
	} else if (o->html) {
		html_verify_write(&out, common->lang, v);
	} else if (o->results_only) {
		out_str(&out, "Authentication-Results: ");
		authentication_results_write(&out, v->query, v->found, v->authserv_id);
		out_char(&out, '\n');
	} else {
		verify_write_text(&out, &terminal, common->lang, v);
	}
	status = dns_session_print(&out);
	out_deinit(&out);
	return status ? status : judge_status(v->found);
}

static int
evaluate(struct arena *arena, struct verify_options *o, struct crypto *crypto)
{
	struct authentication *a = arena_take(arena, sizeof(*a));
	struct prospect *prospect = arena_take_items(arena, 1, sizeof(*prospect));
	struct verify_view v = { .query = &o->query,
		.found = a,
		.authserv_id = o->authserv_id,
		.prospect = prospect,
		.catalog = &catalog_builtin };
	struct dns_session j;
	int status = dns_session_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	sender_take_from_message(arena, &o->query, &v.sources);
	o->query.now = j.now;
	authentication_init(arena, crypto, &o->query, a);
	while (!authentication_evaluate(arena, &o->query, &j.answers, a) && dns_session_answer(&j))
		;
	while (!prospect_evaluate(arena, &catalog_builtin, &o->query, o->restored, a, &j.answers, prospect) &&
	    dns_session_answer(&j))
		;
	v.accepted = authentication_acceptance(a) == AUTHENTICATION_ACCEPTED;
	status = dns_session_close(&j);
	return status ? status : write_out(o, &v);
}

static struct span
host_name(char name[HOST_SIZE_MAX])
{
	if (gethostname(name, HOST_SIZE_MAX - 1) != 0)
		return span_of("localhost");
	name[HOST_SIZE_MAX - 1] = '\0';
	return span_of(name);
}

static int
run(struct arena *arena, struct verify_options *o, const char *path)
{
	struct public_suffixes *suffixes = dns_session_read_suffixes(arena, o->suffixes);
	struct crypto *crypto;
	int status;

	if (suffixes == NULL || !dns_session_read_message(arena, path, &o->query.message, &o->restored)) {
		public_suffixes_free(suffixes);
		return EXIT_UNREADABLE;
	}
	crypto = crypto_create();
	o->query.suffixes = suffixes;
	status = evaluate(arena, o, crypto);
	crypto_free(crypto);
	public_suffixes_free(suffixes);
	return status;
}

int
cmd_verify(int argc, char **argv)
{
	static const struct span empty = { "", 0 };
	struct verify_options o = { .query = { .helo = empty, .mail_from = empty, .receiver = empty },
		.authserv_id = empty };
	struct arena arena = { 0 };
	char host[HOST_SIZE_MAX];
	const bool sound = read_options(&arena, &o, argc, argv);
	const enum lang lang = o.judge.common.lang;
	int status = EXIT_USAGE;

	if (o.authserv_id.len == 0)
		o.authserv_id = host_name(host);
	if (sound && o.judge.common.help) {
		usage_write(stdout, &usage, lang);
		status = 0;
	} else if (sound && optind == argc) {
		status = usage_refuse(&usage, lang, "a message is wanted: a file, or - for standard input",
		    "メールのファイルを指定してください(- なら標準入力)");
	} else if (sound && optind + 1 < argc) {
		status = usage_refuse(&usage, lang, "one message at a time", "指定できるメールは 1 通です");
	} else if (sound) {
		status = run(&arena, &o, argv[optind]);
	}
	arena_deinit(&arena);
	return status;
}
