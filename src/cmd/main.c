/*
 * todoku: why was this mail refused, who must act, what exactly to change.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "why", cmd_why, "explain a refusal: a bounce, a reply, a mailbox, a log" },
	{ "check", cmd_check, "would Gmail take this domain's mail? what to mend" },
	{ "verify", cmd_verify, "authenticate a message: SPF, DKIM, DMARC, ARC" },
	{ "spf", cmd_spf, "may this host send mail for this domain? (RFC 7208)" },
	{ "dkim", cmd_dkim, "verify, say what broke, sign, make a key (RFC 6376)" },
	{ "dmarc", cmd_dmarc, "does what they proved stand for the author? (RFC 9989)" },
	{ "catalog", cmd_catalog, "list, show or check what is known about replies" },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku COMMAND [ARGUMENT...]\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  todoku %-8s  %s\n", commands[i].name, commands[i].what);
	fputs("\n`todoku COMMAND --help` says more; so do `man todoku` and `man todoku-COMMAND`.\n", to);
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
		puts("todoku " TODOKU_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		tell_usage(stdout);
		return 0;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "todoku: there is no command '%s'\n", argv[1]);
	tell_usage(stderr);
	return EXIT_USAGE;
}
