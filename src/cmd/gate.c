/*
 * todoku gate: a receiver that answers as Gmail does
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/config.h"
#include "cmd/dns_session.h"
#include "cmd/gate_enable.h"
#include "cmd/gate_milter.h"
#include "cmd/gate_policy.h"
#include "cmd/operand.h"
#include "gate/server.h"
#include "intake/complain.h"

struct gate_options {
	struct dns_session_options judge;
	struct server_options server;
	const char *policy, *policies, *mailboxes, *maildir, *log, *suffixes, *certificate, *key;
	struct span host;
	uint64_t size;
	struct ip_address client;
	bool has_client, check, once, quiet, proxy, requires_tls;
};

static const struct option_row rows[] = {
	{ 's', 's', true, "smtp", "ADDRESS",
	    { "listen here (else 127.0.0.1:2525; port 0: any that is free)",
		"待ち受けるアドレス(省略時は 127.0.0.1:2525。ポート 0 なら空きポート)" } },
	{ 'p', 'p', false, "policy", "NAME",
	    { "what is minded: google (the default), google-bulk, standard, or one of --policies",
		"判定の方針: google(既定)、google-bulk、standard、または --policies のもの" } },
	{ 'F', 0, false, "policies", "FILE", { "policies of your own", "独自の方針を書いたファイル" } },
	{ 'M', 'm', false, "mailboxes", "FILE",
	    { "rules for recipients: an address, @domain or *, then accept,\n"
	      "no-such-user, disabled, full, full-for-now, toofast, greylist,\n"
	      "rate-5-per-minute, slow-30, drop-at-data or reply-RULE; quota=10M [hard]",
		"受信者ごとのルール。アドレス、@ドメイン、* のあとに accept、\n"
		"no-such-user、disabled、full、full-for-now、toofast、greylist、\n"
		"rate-5-per-minute、slow-30、drop-at-data、reply-RULE。quota=10M [hard] も可" } },
	{ 'D', 0, false, "maildir", "FOLDER",
	    { "accepted mail goes there, a Maildir an address", "受け取ったメールの保存先(アドレスごとの Maildir)" } },
	{ 'a', 'a', false, "api", "ADDRESS",
	    { "an HTTP API for tests: /api/v1/messages, search, message/latest, transactions,\n"
	      "rules; the common calls are Mailpit's",
		"テスト用の HTTP API(/api/v1/messages、search、message/latest、transactions、\n"
		"rules)。主な呼び出しは Mailpit 互換" } },
	{ 'L', 0, false, "log", "FILE",
	    { "each transaction as JSON, a line each; - for standard output",
		"処理ごとの JSON を 1 行ずつ書くファイル。- なら標準出力" } },
	{ 'f', 0, false, "config", "FILE",
	    { "options from a file, a line each without the dashes; what is said here counts",
		"オプションを書いたファイル(1 行に 1 つ、-- なし)。ここでの指定が優先" } },
	{ 'q', 'q', false, "quiet", NULL, { "no line for each transaction", "処理ごとの行を表示しない" } },
	{ 'O', 0, false, "once", NULL,
	    { "run COMMAND with TODOKU_GATE, TODOKU_GATE_HOST and TODOKU_GATE_PORT set, and\n"
	      "end with it: 0 if all mail was taken",
		"TODOKU_GATE、TODOKU_GATE_HOST、TODOKU_GATE_PORT を設定して COMMAND を実行し、\n"
		"終わったら終了する。すべて受け取れたら 0" } },
	{ 'n', 0, false, "name", "HOST", { "its own name (else this host's)", "名乗るホスト名(省略時はこのホスト)" } },
	{ 'S', 0, false, "size", "BYTES",
	    { "the largest message (else 157286400)", "メールの上限サイズ(省略時は 157286400)" } },
	{ 'c', 0, false, "certificate", "FILE",
	    { "for STARTTLS, in PEM (else one made on the spot)", "STARTTLS の証明書(PEM。省略時は自動作成)" } },
	{ 'k', 0, false, "key", "FILE", { "its private key, in PEM", "その秘密鍵(PEM)" } },
	{ 'R', 0, false, "require-tls", NULL,
	    { "mind what comes in plain text, as the policy says", "平文の接続を方針どおりに拒否する" } },
	{ 'C', 0, false, "client", "ADDRESS",
	    { "whom connections from this machine stand for (else which host sends is not\n"
	      "known, and neither SPF nor its name is judged)",
		"このマシンからの接続をこの IP アドレスからとみなす(省略時は送信元が不明と\n"
		"なり、SPF と逆引きは判定しない)" } },
	{ 'X', 0, false, "proxy", NULL,
	    { "connections from this machine begin with a PROXY header (version 1 or 2)",
		"このマシンからの接続は PROXY ヘッダー(バージョン 1 または 2)で始まる" } },
	{ 'K', 0, false, "check", NULL,
	    { "read all that is given, say whether it is sound, and end", "設定を確認して終了する" } },
	{ 'J', 'j', false, "jobs", "N", { "event loops (else one a core)", "イベントループの数(省略時はコア数)" } },
	{ 'u', 0, false, "psl", "FILE",
	    { "a public suffix list (else the built-in one)", "公開サフィックスリスト(省略時は内蔵)" } },
};

static const struct usage usage = {
	.command = "gate",
	.synopsis =
	    "[OPTION...]\n[OPTION...] --once -- COMMAND [ARGUMENT...]\n--milter ADDRESS [OPTION...]\nenable [OPTION...]\ndisable [OPTION...]",
	.about = { "An SMTP server that answers as Gmail does: it judges by SPF, DKIM, DMARC and form, and\n"
		   "refuses with Gmail's own codes and words. Nothing is relayed. Any recipient exists; a local\n"
		   "part that names a case gives it: nosuchuser@, disabled@, full@, full-for-now@, toofast@,\n"
		   "greylist@ (451 once), rate-5-per-minute@ (421 after five), slow@ (10 s; slow-30@),\n"
		   "drop-at-data@, reply-RULE@ (any rule of `todoku catalog list` with a reply). A message\n"
		   "with the header X-Todoku-Reply: RULE gets that reply. XCLIENT from this machine makes a\n"
		   "test any client. With --milter it is a mail server's filter: `todoku gate --milter - --help`.\n",
	    "Gmail と同じように応答する SMTP サーバーです。SPF・DKIM・DMARC・書式を判定し、Gmail と\n"
	    "同じコードと文面で拒否します。中継はしません。宛先はすべて存在するものとして扱い、\n"
	    "ローカル部で次の場合を指定できます: nosuchuser@、disabled@、full@、full-for-now@、\n"
	    "toofast@、greylist@(初回だけ 451)、rate-5-per-minute@(5 通を超えたら 421)、\n"
	    "slow@(10 秒。slow-30@ も可)、drop-at-data@、reply-RULE@(`todoku catalog list` の\n"
	    "応答文のあるルール)。ヘッダー X-Todoku-Reply: RULE でも指定できます。このマシンからの\n"
	    "XCLIENT で、任意の送信元になれます。--milter を付けるとメールサーバー用のフィルターになります\n"
	    "(`todoku gate --milter - --help`)。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 it was stopped, or with --once all mail was taken; 1 with --once some was not,\n"
		   "or none came; COMMAND's own where it is not 0; 64 usage, 65 unreadable input, 74 it cannot listen.",
	    "終了ステータス: 0 正常終了(--once ではすべて受け取った)、1 --once で受け取れないメールがあった、\n"
	    "または 1 通も来なかった、COMMAND の終了ステータス(0 以外)、64 使い方の誤り、65 読めない入力、\n"
	    "74 待ち受けできない。" },
};

static bool
take_address(struct gate_options *o, enum lang lang, const char *value)
{
	if (o->server.n_addresses == SERVER_ADDRESSES_MAX)
		return gate_refuse_value(lang, "--smtp", value);
	o->server.addresses[o->server.n_addresses++] = value;
	return true;
}

static bool
take_jobs(struct gate_options *o, enum lang lang, const char *value)
{
	uint64_t n;

	if (!operand_number(lang, "--jobs", value, 1, SERVER_LOOPS_MAX, &n))
		return false;
	o->server.loops = (unsigned)n;
	return true;
}

static bool
take_option(struct arena *arena, struct gate_options *o, enum lang lang, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 's': return take_address(o, lang, value);
	case 'p': o->policy = value; return true;
	case 'F': o->policies = value; return true;
	case 'M': o->mailboxes = value; return true;
	case 'D': o->maildir = value; return true;
	case 'a': o->server.api = value; return true;
	case 'L': o->log = value; return true;
	case 'q': o->quiet = true; return true;
	case 'O': o->once = true; return true;
	case 'n': return operand_name(arena, lang, "--name", value, &o->host);
	case 'S': return operand_number(lang, "--size", value, 1, 1024ULL * 1024 * 1024, &o->size);
	case 'c': o->certificate = value; return true;
	case 'k': o->key = value; return true;
	case 'R': o->requires_tls = true; return true;
	case 'C': return o->has_client = operand_ip(arena, lang, "--client", value, &o->client);
	case 'X': o->proxy = true; return true;
	case 'f': return true; /* read before */
	case 'K': o->check = true; return true;
	case 'J': return take_jobs(o, lang, value);
	case 'u': o->suffixes = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct arena *arena, struct gate_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
			return false;
	if (o->server.n_addresses == 0)
		o->server.addresses[o->server.n_addresses++] = o->once ? "127.0.0.1:0" : "127.0.0.1:2525";
	return true;
}

/* Every rule that the policies name must be there, with words. */
struct serving {
	struct gate *gate;
	const struct gate_options *options;
};

/* The rules as they stand in the file now; where they are unsound, the old ones stay. */
static bool
read_mailboxes(void *context)
{
	const struct serving *s = context;
	const char *path = s->options->mailboxes;
	struct arena arena = { 0 };
	struct mailbox_fault fault;
	struct span text;
	bool read = true;

	if (path != NULL) {
		read = options_read_file(&arena, path, MAILBOX_FILE_SIZE_MAX, &text);
		if (read && !gate_set_rules(s->gate, text, &fault)) {
			gate_tell_fault(path, fault.line, fault.what, fault.at);
			read = false;
		}
	}
	arena_deinit(&arena);
	return read;
}

static void
tell_ready(void *context, const char *what, const char *address)
{
	const struct serving *s = context;
	const bool http = strcmp(what, "HTTP") == 0;

	if (!s->options->quiet)
		fprintf(stderr,
		    s->options->judge.common.lang == LANG_JA ? "todoku: %s%s で待ち受けています\n"
							     : "todoku: listening on %s%s\n",
		    http ? "http://" : "", address);
}

static FILE *
open_log(const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdout : fopen(path, "ae");

	if (f == NULL)
		complain("todoku: %s: %s\n", path, strerror(errno));
	return f;
}

static bool
prepare(struct arena *arena, struct gate *g, const struct gate_options *o, char host[GATE_HOST_SIZE_MAX])
{
	const char *what;

	g->catalog = options_load_catalog(&o->judge.common, arena);
	g->suffixes = dns_session_read_suffixes(arena, o->suffixes);
	if (g->catalog == NULL || g->suffixes == NULL ||
	    (g->policies = gate_policy_read(arena, g->catalog, o->policies)) == NULL ||
	    (g->policy = gate_policy_find(
		 g->policies, o->judge.common.lang, o->policy != NULL ? o->policy : "google")) == NULL)
		return false;
	if (gethostname(host, GATE_HOST_SIZE_MAX - 1) != 0)
		strcpy(host, "localhost");
	g->host = o->host.len > 0 ? o->host : span_of(host);
	g->tls = gate_make_tls(g->host, o->certificate, o->key, &what);
	if (g->tls == NULL) {
		complain("todoku: %s\n", what);
		return false;
	}
	if (o->log != NULL && (g->json = open_log(o->log)) == NULL)
		return false;
	if (o->maildir != NULL && mkdir(o->maildir, 0700) != 0 && errno != EEXIST) {
		complain("todoku: %s: %s\n", o->maildir, strerror(errno));
		return false;
	}
	return true;
}

static void
set_up(struct gate *g, const struct gate_options *o)
{
	g->lang = o->judge.common.lang;
	g->resolver = o->judge.resolver;
	g->now = o->judge.now;
	g->maildir = o->maildir;
	g->stores = o->server.api != NULL;
	g->client = o->client;
	g->has_client = o->has_client;
	g->proxy = o->proxy;
	g->requires_tls = o->requires_tls;
	g->text = o->quiet || (o->log != NULL && strcmp(o->log, "-") == 0) ? NULL : stdout;
	if (o->size > 0)
		g->size_limit = o->size;
}

static int
status_of(const struct gate *g, const struct gate_options *o, int status, const char *what)
{
	if (status < 0) {
		complain("todoku: %s: %s\n", o->server.addresses[0], what);
		return EXIT_IO;
	}
	if (!o->once || status != 0)
		return status;
	return g->n[TRANSACTION_TAKEN] > 0 && g->n[TRANSACTION_REFUSED] == 0 && g->n[TRANSACTION_DEFERRED] == 0 ? 0 : 1;
}

static int
tell_sound(enum lang lang)
{
	fputs(lang == LANG_JA ? "todoku: 設定に誤りはありません\n" : "todoku: all is sound\n", stderr);
	return 0;
}

static int
serve(struct arena *arena, struct gate_options *o)
{
	struct gate gate;
	struct serving serving = { &gate, o };
	char host[GATE_HOST_SIZE_MAX] = "";
	struct server_options server = o->server;
	struct dns_session zone;
	const char *what = "";
	int status = EXIT_UNREADABLE;

	gate_init(&gate);
	set_up(&gate, o);
	if (o->judge.zone != NULL) {
		if (dns_session_open(&zone, arena, &o->judge) != 0) {
			gate_deinit(&gate);
			return EXIT_UNREADABLE;
		}
		gate.zone = &zone.zone;
	}
	server.ready = tell_ready;
	server.reload = read_mailboxes;
	server.context = &serving;
	if (!prepare(arena, &gate, o, host) || !read_mailboxes(&serving)) {
		status = EXIT_UNREADABLE;
	} else if (o->check) {
		status = tell_sound(gate.lang);
	} else {
		status = server_run(&gate, &server, &what);
		status = status_of(&gate, o, status, what);
	}
	public_suffixes_free((struct public_suffixes *)gate.suffixes);
	if (gate.json != NULL && gate.json != stdout)
		fclose(gate.json);
	gate_deinit(&gate);
	return status;
}

static int
run(struct arena *arena, const struct config *config, enum lang spoken, int argc, char **argv)
{
	struct gate_options o = { .host = { "", 0 } };
	char **all = config_expand(arena, spoken, config, &usage, argc, argv, &argc);
	const bool sound = all != NULL && read_options(arena, &o, argc, all);
	const enum lang lang = o.judge.common.lang;

	if (!sound)
		return EXIT_USAGE;
	if (o.judge.common.help) {
		usage_write(stdout, &usage, lang);
		return 0;
	}
	if (o.once && optind == argc)
		return usage_refuse(&usage, lang, "a command is wanted behind --once --",
		    "--once -- のあとにコマンドを指定してください");
	if (!o.once && optind < argc)
		return usage_refuse(&usage, lang, "a command is run with --once alone",
		    "コマンドを実行するには --once を指定してください");
	if ((o.certificate == NULL) != (o.key == NULL))
		return usage_refuse(&usage, lang, "--certificate and --key go together",
		    "--certificate と --key は両方指定してください");
	o.server.command = o.once ? all + optind : NULL;
	return serve(arena, &o);
}

/* Whether --milter stands among the arguments or in the file. */
static bool
is_milter(const struct config *config, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--milter") == 0 || strncmp(argv[i], "--milter=", 9) == 0)
			return true;
	return config_has(config, "milter");
}

int
cmd_gate(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct options spoken;
	struct config config;
	int status = EXIT_UNREADABLE;

	if (argc > 1 && (strcmp(argv[1], "enable") == 0 || strcmp(argv[1], "disable") == 0))
		return cmd_gate_enable(argc, argv);
	options_init(&spoken, argc, argv);
	if (config_read(&arena, spoken.lang, argc, argv, &config))
		status = is_milter(&config, argc, argv) ? cmd_gate_milter(&config, spoken.lang, argc, argv)
							: run(&arena, &config, spoken.lang, argc, argv);
	arena_deinit(&arena);
	return status;
}
