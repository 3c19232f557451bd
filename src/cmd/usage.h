/*
 * What a command takes, as data: its options are read by it, its help is
 * written from it, and one mistake is answered by one line and the help of the
 * option that it was made with.
 */
#ifndef CMD_USAGE_H
#define CMD_USAGE_H

#include <getopt.h>
#include <stdio.h>

#include "cmd/options.h"

struct option_row {
	int letter; /* what usage_next() returns; unique within a command */
	char brief; /* the short option, "-j"; 0: none */
	bool many; /* may be given again: a list */
	const char *name, *value; /* "ip", "ADDRESS"; value NULL: takes none */
	const char *says[LANG_COUNT]; /* a LF where a line of the help ends */
};

struct usage {
	const char *command; /* "spf" */
	const char *synopsis; /* what follows the command's name; a line for each way to call it */
	const char *about[LANG_COUNT]; /* paragraphs, line ends in place */
	const struct option_row *rows;
	size_t n_rows;
	bool judges; /* it asks the DNS: those options too */
	const char *exits[LANG_COUNT];
};

enum { USAGE_END = -1, USAGE_UNSOUND = -2, USAGE_OPTIONS_MAX = 64 };

struct usage_reader {
	const struct usage *usage;
	enum lang lang;
	int argc;
	char **argv;
	const struct option_row *rows[USAGE_OPTIONS_MAX];
	bool seen[USAGE_OPTIONS_MAX];
	size_t n_rows;
	struct option known[USAGE_OPTIONS_MAX + 1]; /* as getopt_long() wants them */
	char letters[2 * USAGE_OPTIONS_MAX + 2];
};

/* `o` is initialised from the environment and from what argv says of the language. */
void usage_open(struct usage_reader *r, const struct usage *u, struct options *o, int argc, char **argv);

/* The letter of the next option, its value in optarg; USAGE_END: operands begin at optind; USAGE_UNSOUND: told. */
int usage_next(struct usage_reader *r);

void usage_write(FILE *to, const struct usage *u, enum lang lang);

/* Says what is wrong, in the language given, and how the command is called. Returns EXIT_USAGE. */
int usage_refuse(const struct usage *u, enum lang lang, const char *english, const char *japanese);

/* The row of an option that the command takes, by its long name; NULL: there is none. */
const struct option_row *usage_find_option(const struct usage *u, const char *name);

/* The one of `names` that was likely meant; NULL: none is near. */
const char *usage_nearest(const char *wanted, const char *const *names, size_t n);

#endif
