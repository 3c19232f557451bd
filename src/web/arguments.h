/*
 * A request's parameters as the arguments of a command, each only where it is
 * one that the command takes: `?ip=192.0.2.25&bulk=1` → --ip=192.0.2.25 --bulk
 */
#ifndef WEB_ARGUMENTS_H
#define WEB_ARGUMENTS_H

#include "base/arena.h"
#include "web/job.h"

struct evkeyvalq;

struct arguments {
	struct arena arena;
	char *at[JOB_ARGUMENTS_MAX];
	int n;
};

enum arguments_of { ARGUMENTS_OF_WHY, ARGUMENTS_OF_CHECK, ARGUMENTS_OF_VERIFY };

struct arguments_wanted {
	enum arguments_of command;
	bool html, japanese;
	const struct evkeyvalq *query;
};

/* `asks`: the DNS is to be asked. False: `what` is wrong; arguments_deinit() either way. */
bool arguments_make(struct arguments *a, const struct arguments_wanted *wanted, bool *asks, const char **what);

void arguments_deinit(struct arguments *a);

#endif
