/*
 * todoku web: the page and its API, on this machine's engine and DNS.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/crypto.h"
#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "dns/relay.h"
#include "grammar/charset.h"
#include "intake/complain.h"
#include "web/server.h"

enum { TOKEN_SIZE_MAX = 4096, WORKERS_MAX = 32, DNS_SECONDS = 5 };

struct web {
	struct dns_session_options judge; /* how the DNS is asked */
	struct web_server_options server;
	const char *token_file;
	bool open;
};

static const struct option_row rows[] = {
	{ 'L', 0, false, "listen", "ADDRESS:PORT",
	    { "where (else 127.0.0.1:8025); an address that others reach wants a token",
		"待ち受けるアドレスとポート(省略時 127.0.0.1:8025)。外部から届くアドレスには\n--token が必要" } },
	{ 'o', 0, false, "open", NULL, { "open the page in a browser", "ブラウザーでページを開く" } },
	{ 'K', 0, false, "token", "FILE",
	    { "the API wants the token in the first line of this file",
		"API の利用に、このファイルの 1 行目のトークンを要求する" } },
	{ 'H', 0, true, "host", "NAME",
	    { "a name the server is called by, besides localhost and addresses (repeatable)",
		"localhost とアドレス以外に、このサーバーを指す名前(複数可)" } },
	{ 'J', 'J', false, "jobs", "N",
	    { "inputs read at a time (else one a core)", "同時に読む入力の数(省略時はコア数)" } },
};

static const struct usage usage = {
	.command = "web",
	.synopsis = "[OPTION...]",
	.about = { "The page in a browser – drop a bounce, read the answer –, and an API over HTTP, on this\n"
		   "machine's own engine and DNS. Nothing is kept, nothing is sent elsewhere. Each input is read\n"
		   "by a process without files and network.\n",
	    "ブラウザーで使うページ(エラーメールをドロップするだけ)と HTTP の API を、このマシンだけで動かします。\n"
	    "入力は保存されず、外部に送信されません。入力はそれぞれ、ファイルとネットワークを使えないプロセスが読みます。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 ended by a signal, 64 usage, 65 a file that cannot be read, 74 it cannot listen.",
	    "終了ステータス: 0 シグナルで終了、64 使い方の誤り、65 読めないファイル、74 待ち受けできない。" },
};

/* In the process that reads. */
static int
read_input(void *context, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = { { "why", cmd_why }, { "check", cmd_check }, { "verify", cmd_verify } };

	(void)context;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(argc, argv);
	return EXIT_USAGE;
}

/* In the process that has the network. */
static void
answer_questions(void *context, int fd)
{
	const struct web *web = context;
	struct arena arena = { 0 };
	struct dns_session session;
	bool open = dns_session_open(&session, &arena, &web->judge) == 0;

	while (open && relay_take_questions(fd, &session.answers)) {
		dns_session_answer(&session);
		open = relay_send_answers(fd, &session.answers);
	}
	dns_session_close(&session);
	arena_deinit(&arena);
}

/* Libraries read their files at first use: it is now. */
static void
prepare(void *context)
{
	(void)context;
	crypto_free(crypto_create());
	public_suffixes_free(public_suffixes_builtin());
	charset_prepare();
}

static void
open_browser(const char *url)
{
	const pid_t pid = fork();

	if (pid != 0)
		return;
	execlp("xdg-open", "xdg-open", url, (char *)NULL);
	_exit(EXIT_FAILURE);
}

static void
tell_ready(void *context, const char *url)
{
	const struct web *web = context;

	puts(url);
	fflush(stdout);
	if (web->open)
		open_browser(url);
}

static bool
add_host(struct web *web, const char *name)
{
	if (web->server.access.n_names == ACCESS_NAMES_MAX) {
		complain(web->judge.common.lang == LANG_JA ? "todoku: --host は %d 個までです\n"
							   : "todoku: --host can be given %d times\n",
		    ACCESS_NAMES_MAX);
		return false;
	}
	web->server.access.names[web->server.access.n_names++] = name;
	return true;
}

static bool
take_option(struct web *web, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'L': web->server.listen = value; return true;
	case 'o': web->open = true; return true;
	case 'K': web->token_file = value; return true;
	case 'H': return add_host(web, value);
	default: return dns_session_take_option(&web->judge, letter, value);
	}
}

static bool
read_options(struct web *web, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &web->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(web, c, optarg))
			return false;
	return true;
}

/* The first line; an empty one is none. */
static bool
read_token(struct arena *arena, struct web *web)
{
	struct span text;

	if (web->token_file == NULL)
		return true;
	if (!options_read_file(arena, web->token_file, TOKEN_SIZE_MAX, &text))
		return false;
	web->server.access.token = span_trim(span_first(text, span_index(text, '\n')));
	if (web->server.access.token.len > 0)
		return true;
	complain(
	    web->judge.common.lang == LANG_JA ? "todoku: %s: トークンがありません\n" : "todoku: %s: holds no token\n",
	    web->token_file);
	return false;
}

static unsigned
workers_wanted(const struct web *web)
{
	const long n = web->judge.common.jobs ? (long)web->judge.common.jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : (unsigned)n;
}

static int
serve(struct arena *arena, struct web *web)
{
	const struct web_engine engine = { web, read_input, answer_questions, prepare };
	const bool ja = web->judge.common.lang == LANG_JA;
	const char *what;

	if (!read_token(arena, web))
		return EXIT_UNREADABLE;
	if (!web_server_is_local(web->server.listen) && web->server.access.token.len == 0)
		return usage_refuse(&usage, web->judge.common.lang,
		    "--listen takes an address and a port, as 127.0.0.1:8025; one that others reach wants --token, too",
		    "--listen には 127.0.0.1:8025 のようにアドレスとポートを指定してください。外部から届くアドレスには --token も必要です");
	if (web->judge.resolver.seconds == 0)
		web->judge.resolver.seconds = DNS_SECONDS;
	web->server.catalog = options_load_catalog(&web->judge.common, arena);
	web->server.workers = workers_wanted(web);
	if (web->server.catalog == NULL)
		return EXIT_UNREADABLE;
	if (web_server_run(&web->server, &engine, &what))
		return 0;
	complain(ja ? "todoku: %s: 待ち受けできません(%s)\n" : "todoku: %s: %s\n", web->server.listen, what);
	return EXIT_IO;
}

int
cmd_web(int argc, char **argv)
{
	struct web web = { .server = {
			       .listen = "127.0.0.1:8025", .access = { .token = { "", 0 } }, .ready = tell_ready } };
	struct arena arena = { 0 };
	const bool sound = read_options(&web, argc, argv);
	int status = EXIT_USAGE;

	web.server.context = &web;
	if (sound && web.judge.common.help) {
		usage_write(stdout, &usage, web.judge.common.lang);
		status = 0;
	} else if (sound && optind < argc) {
		status = usage_refuse(&usage, web.judge.common.lang, "it takes no operand", "引数は指定できません");
	} else if (sound) {
		status = serve(&arena, &web);
	}
	arena_deinit(&arena);
	return status;
}
