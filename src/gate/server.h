/*
 * The gate at work: listening sockets, an event loop a core, signals.
 */
#ifndef GATE_SERVER_H
#define GATE_SERVER_H

#include "gate/gate.h"

enum {
	SERVER_ADDRESSES_MAX = 8,
	SERVER_LOOPS_MAX = 64,
	SERVER_GRACE = 30 /* seconds for what was begun, at SIGTERM */
};

struct server_options {
	const char *addresses[SERVER_ADDRESSES_MAX]; /* as listen_on() takes them */
	size_t n_addresses;
	const char *api; /* the address of the HTTP API; NULL: none */
	unsigned loops; /* 0: one a core */
	char **command; /* run with the address in its environment; the server ends with it; NULL: none */
	void (*ready)(void *context, const char *what, const char *address); /* "SMTP", "127.0.0.1:2525" */
	bool (*reload)(void *context); /* at SIGHUP */
	void *context;
};

/* Serves until SIGTERM, SIGINT or the command's end. 0, the command's exit status, or -1: `what` says why it cannot. */
int server_run(struct gate *gate, const struct server_options *options, const char **what);

#endif
