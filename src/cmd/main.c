/*
 * todoku: why was this mail refused, who must act, what exactly to change.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/usage.h"
#include "intake/complain.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what[LANG_COUNT];
} commands[] = {
	{ "why", cmd_why,
	    { "explain a refusal: a bounce, a reply, a mailbox, a log",
		"拒否された理由を説明(エラーメール、応答、メールボックス、ログ)" } },
	{ "check", cmd_check, { "would Gmail take this domain's mail? what to mend", "Gmail に届くかを送信前に確認" } },
	{ "verify", cmd_verify,
	    { "authenticate a message: SPF, DKIM, DMARC, ARC", "メールの認証(SPF・DKIM・DMARC・ARC)" } },
	{ "spf", cmd_spf, { "may this host send mail for this domain? (RFC 7208)", "SPF の判定と修正案(RFC 7208)" } },
	{ "dkim", cmd_dkim,
	    { "verify, say what broke, sign, make a key (RFC 6376)", "署名の検証・診断・署名・鍵作成(RFC 6376)" } },
	{ "dmarc", cmd_dmarc, { "does what they proved stand for the author? (RFC 9989)", "DMARC の判定(RFC 9989)" } },
	{ "doctor", cmd_doctor, { "does Postfix get through to its filters?", "Postfix とフィルターの接続を点検" } },
	{ "gate", cmd_gate,
	    { "a receiver that answers as Gmail does, for tests", "Gmail と同じ応答をする受信サーバー" } },
	{ "web", cmd_web, { "the page in a browser, and an API over HTTP", "ブラウザーで使うページと HTTP の API" } },
	{ "catalog", cmd_catalog, { "list, show or check what is known about replies", "応答カタログの表示と検査" } },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]), ARGUMENTS_AHEAD_MAX = 8 };

static void
tell_usage(FILE *to, enum lang lang)
{
	fputs(
	    lang == LANG_JA ? "使い方: todoku コマンド [引数...]\n\n" : "usage: todoku COMMAND [ARGUMENT...]\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  todoku %-8s  %s\n", commands[i].name, commands[i].what[lang]);
	fputs(lang == LANG_JA
		? "\n詳しくは `todoku コマンド --help`、`man todoku`、`man todoku-コマンド` を参照してください。\n"
		: "\n`todoku COMMAND --help` says more; so do `man todoku` and `man todoku-COMMAND`.\n",
	    to);
}

static int
refuse_command(const char *given, enum lang lang)
{
	const char *names[COMMANDS], *nearest;

	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	nearest = usage_nearest(given, names, COMMANDS);
	if (nearest != NULL)
		complain(lang == LANG_JA ? "todoku: '%s' というコマンドはありません(%s のことですか?)\n"
					 : "todoku: there is no command '%s'; did you mean %s?\n",
		    given, nearest);
	else
		complain(lang == LANG_JA ? "todoku: '%s' というコマンドはありません(`todoku --help` で一覧を表示)\n"
					 : "todoku: there is no command '%s' (`todoku --help` lists them)\n",
		    given);
	return EXIT_USAGE;
}

/* How many arguments stand before the command: options that all commands take. */
static int
count_ahead(int argc, char **argv)
{
	int n = 1;

	while (n < argc && n < ARGUMENTS_AHEAD_MAX) {
		if (strncmp(argv[n], "--lang=", 7) == 0 || strncmp(argv[n], "--color=", 8) == 0)
			n++;
		else if (strcmp(argv[n], "--lang") == 0 || strcmp(argv[n], "-l") == 0 ||
		    strcmp(argv[n], "--color") == 0)
			n += 2;
		else
			break;
	}
	return n < argc ? n : argc;
}

static bool
is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int
run(int argc, char **argv)
{
	struct options o;
	const int at = count_ahead(argc, argv);

	options_init(&o, argc, argv);
	if (at == argc) {
		tell_usage(stderr, o.lang);
		return EXIT_USAGE;
	}
	if (is_one_of(argv[at], "--version", "version", "-V")) {
		puts("todoku " TODOKU_VERSION);
		return 0;
	}
	if (is_one_of(argv[at], "--help", "-h", "help")) {
		tell_usage(stdout, o.lang);
		return 0;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[at], commands[i].name) == 0) {
			/* "--lang ja why x" is "why --lang ja x" */
			memmove(&argv[2], &argv[1], (size_t)(at - 1) * sizeof(*argv));
			argv[1] = (char *)commands[i].name;
			return commands[i].run(argc - 1, argv + 1);
		}
	return refuse_command(argv[at], o.lang);
}

int
main(int argc, char **argv)
{
	int status;

	signal(SIGPIPE, SIG_IGN);
	status = run(argc, argv);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		complain("todoku: standard output: %s\n", strerror(errno));
	return EXIT_IO;
}
