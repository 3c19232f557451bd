/*
 * A file of options, for a service: a line each, as on the command line
 * without the dashes. What the command line says itself counts.
 *
 *	# /etc/todoku/gate.conf
 *	milter  unix:/var/spool/postfix/todoku/milter.sock
 *	mode    enforce
 *	quiet
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include "base/arena.h"
#include "cmd/usage.h"

enum { CONFIG_SIZE_MAX = 1024 * 1024, CONFIG_LINES_MAX = 1000 };

struct config_line {
	unsigned number; /* from 1 */
	const char *name, *value; /* value NULL: none */
};

struct config {
	const char *path; /* NULL: no file was named */
	struct config_line *lines;
	size_t n;
};

/* Reads the file that --config names among the arguments, if one is. False: told. */
bool config_read(struct arena *arena, enum lang lang, int argc, char **argv, struct config *config);

/* Whether an option of this name stands in it. */
bool config_has(const struct config *config, const char *name);

/* The arguments with the file's before them, without those that are said again behind and may stand once; ended by NULL.
   NULL: the file has an option that there is not, or one with a value too many or too few (told, with file and line). */
char **config_expand(struct arena *arena, enum lang lang, const struct config *config, const struct usage *usage,
    int argc, char **argv, int *expanded);

#endif
