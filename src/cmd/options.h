/*
 * The options that subcommands share.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "catalog/load.h"

struct options {
	enum lang lang;
	bool json, summary, quiet, help;
	bool colour;
	unsigned width; /* of the terminal, in columns */
	unsigned jobs; /* threads; 0: one a core */
	const char *catalog_folder; /* an operator's own rules */
};

enum { OPTION_COLOUR = 1000, OPTION_ANSWERS_FROM };

/* From the environment, and the language that argv asks for anywhere: messages about the rest are in it. */
void options_init(struct options *o, int argc, char **argv);

/* Takes one option that getopt_long() gave; false: it is none of these, or unsound (told). */
bool options_take(struct options *o, int letter, const char *value);

/* A whole file of less than `max` bytes; false: told on standard error. */
bool options_read_file(struct arena *arena, const char *path, size_t max, struct span *text);

/* The built-in catalogue with the operator's rules, or NULL (told on standard error). */
const struct catalog *options_load_catalog(const struct options *o, struct arena *arena);

/* Every fault as "file:line: what: detail" on standard error. */
void options_tell_faults(const struct catalog_faults *faults);

#endif
